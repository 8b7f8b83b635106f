"""The page above all samples: its numbers, its order, and texts that would break it."""

import json
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.cohort.matrix import write_matrix
from deeplift_genomics.cohort.unique import find_unique, write_unique
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.info import write_model_info
from deeplift_genomics.report.clustering import clustered
from deeplift_genomics.report.index_page import write_index
from deeplift_genomics.windows.dropped import Dropped, DroppedRegion, write_dropped
from deeplift_genomics.windows.file import Windows, write_windows
from tests.cohort.test_matrix import write_numbers
from tests.cohort.test_unique import make_sample
from tests.make_scores import make_score_file
from tests.motifs.made_motifs import CTCF, GATA, Made
from tests.report.example import Page

HOSTILE = "</script><b>bold</b> & 'co'\u202e"
HEAD = {"name": "counts", "shape": [2], "kind": "counts", "explained_before": ""}
HEADS = [HEAD, {**HEAD, "name": "profile", "shape": [1000, 2], "kind": "profile"}]


def write_windows_of(folder: Path, n: int, dropped: int) -> None:
    """Write the windows and dropped regions of a sample, and what its model is."""
    ones = np.arange(n, dtype=np.int64)
    text = np.full(n, "chr1", dtype=object)
    codes = np.zeros((n, 8), np.int8)
    windows = Windows(text, ones, ones + 8, ones + 4, text, text, codes, {"window_length": 8})
    write_windows(folder / "windows.h5", windows)
    lost = [DroppedRegion("chr1", 1, 2, "x", "leaves the contig", "", i) for i in range(dropped)]
    write_dropped(folder / "dropped.tsv", Dropped(lost))
    content = {"window_length": 8, "sequence": "s", "controls": [], "heads": HEADS}
    write_model_info(folder / "model.json", {**content, "models": [], "targets": []})


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict]]:
    """Write a run of two samples with two targets each; return its folder and rows."""
    folder = tmp_path_factory.mktemp("index")
    samples = [
        make_sample(folder, "a", [[Made(CTCF, n_seqlets=90)], [Made(GATA)]]),
        make_sample(folder, "b", [[Made(CTCF, n_seqlets=30)], []]),
    ]
    unique = find_unique(samples, threshold=0.2)
    write_unique(unique, folder / "motifs.tsv", folder / "motifs.meme")
    numbers = {
        ("a", "counts"): ([("CTCF", 0.5)] * 3, [("CTCF", "insertion", "counts", 0.911, "target")]),
        ("a", "profile"): ([("GATA1", -0.25)], [("GATA1", "insertion", "profile", 2.0, "target")]),
        ("b", "counts"): ([("CTCF", 1.0)], []),
        ("b", "profile"): ([], []),
    }
    targets = [
        write_numbers(folder / sample, sample, target, instances=found, effects=effects)
        for (sample, target), (found, effects) in numbers.items()
    ]
    write_matrix(unique, targets, folder / "motif_matrix.tsv")
    for number, sample in enumerate(("a", "b")):
        write_windows_of(folder / sample, 4 + number, number)
        for target in ("counts", "profile"):
            make_score_file(folder / sample / f"{target}.scores.h5", n=4 + number)
    rows = [{"sample": name, "heads": "counts,profile", "fasta": "g.fa"} for name in ("a", "b")]
    return folder, [rows[0] | {"title": HOSTILE, "assay": "ChIP"}, rows[1]]


def test_numbers_are_those_of_the_files(run: tuple, tmp_path: Path) -> None:
    folder, rows = run
    write_index(tmp_path / "index.html", folder, rows)
    text = (tmp_path / "index.html").read_text(encoding="utf-8")
    page = Page(tmp_path / "index.html")
    assert page.by_tag["h1"] == ["2 samples, 2 motifs"]
    assert page.values["n-used"] == ["4", "4", "5", "6"]  # used and given, of each sample
    assert page.values["n-motifs"] == ["2", "1"]
    assert page.values["n-samples"] == ["2", "2", "1", "2"]
    assert page.values["n-instances"] == ["4", "1"]
    links = {found["href"] for tag, found in page.tags if tag == "a"}
    assert {"a/report.html", "b/report.html", "motifs.tsv", "provenance.json"} <= links
    held = json.loads(text.partition('id="data">')[2].partition("</script>")[0])["matrix"]
    order = [0, 1] if held["instances"][0][0] == 3 else [1, 0]
    assert [held["instances"][i] for i in order] == [[3, 0, 1, 0], [0, 1, 0, 0]]
    assert [held["contribution"][i] for i in order] == [
        [0.5, None, 1, None],
        [None, -0.25, None, None],
    ]
    # 0.911 is the sum of two strands' logarithms: 1.58 times as much; a profile is no logarithm
    assert [held["effect"][i] for i in order] == [
        [0.657, None, None, None],
        [None, 2.0, None, None],
    ]
    assert "counts<" in text and "profile*<" in text
    assert "<b>bold" not in text and HOSTILE in page.texts["text"] + "".join(page.by_tag["a"])


def test_a_run_without_a_motif_says_so(run: tuple, tmp_path: Path) -> None:
    _, rows = run
    samples = [make_sample(tmp_path, "b", [[], []])]
    write_unique(find_unique(samples, threshold=0.2), tmp_path / "motifs.tsv", tmp_path / "m")
    (tmp_path / "m").rename(tmp_path / "motifs.meme")
    write_matrix([], [], tmp_path / "motif_matrix.tsv")
    write_windows_of(tmp_path / "b", 3, 0)
    for target in ("counts", "profile"):
        make_score_file(tmp_path / "b" / f"{target}.scores.h5", n=3)
    write_index(tmp_path / "index.html", tmp_path, rows[1:])
    page = Page(tmp_path / "index.html")
    assert page.by_tag["h1"] == ["1 sample, 0 motifs"]
    assert "No sample of this run has a motif." in page.texts["notice"]


def test_a_matrix_of_other_samples_is_refused(run: tuple, tmp_path: Path) -> None:
    folder, rows = run
    with pytest.raises(InputError, match=r"has CTCF of b, counts, .* Run the cluster step again"):
        write_index(tmp_path / "index.html", folder, rows[:1])
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("rows", "order"),
    [
        ([], []),
        ([[1.0]], [0]),
        ([[1.0], [2.0]], [0, 1]),
        ([[0.0], [9.0], [1.0], [8.0]], [0, 2, 3, 1]),
        ([[0.0, np.nan], [5.0, 5.0], [0.0, 0.0]], [0, 2, 1]),
    ],
)
def test_like_stands_beside_like(rows: list, order: list) -> None:
    assert clustered(np.array(rows).reshape(len(rows), -1 if rows else 1)) == order
