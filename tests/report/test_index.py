"""The page above all samples: its numbers, its order, and texts that would break it."""

import json
from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.cohort.matrix import write_matrix
from deeplift_genomics.cohort.unique import find_unique, write_unique
from deeplift_genomics.errors import InputError
from deeplift_genomics.report.clustering import clustered
from deeplift_genomics.report.index_page import write_index
from deeplift_genomics.settings.results import RESULTS
from tests.cohort.test_unique import make_sample
from tests.make_scores import make_score_file
from tests.report.example import Page
from tests.report.made_index import HOSTILE, make_run, write_windows_of


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict]]:
    """Write a run of two samples with two targets each; return its folder and rows."""
    folder = tmp_path_factory.mktemp("index")
    return folder, make_run(folder)


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
    assert {"a/report.html", "b/report.html", "summary.txt", "repeat/README.md"} <= links
    of_run = {result.path for result in RESULTS.values() if "{" not in result.path}
    assert of_run - {"hub", "index.html", "repeat"} <= links
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
