"""Two runs side by side: a run with itself, with another one, and folders that are none."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.cli import main
from deeplift_genomics.cohort.matrix import MATRIX
from deeplift_genomics.comparison.page import compare
from deeplift_genomics.comparison.regions import REGIONS
from deeplift_genomics.comparison.runs import match_samples, missing_samples, read_runs
from deeplift_genomics.comparison.settings import differences
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import read_table
from deeplift_genomics.scores.file import read_scores
from tests.comparison.conftest import N, write_record
from tests.report.example import Page

Runs = tuple[Path, Path]


def test_a_run_is_like_itself(results: Runs, tmp_path: Path) -> None:
    compare([results[0], results[0]], tmp_path / "compare.html")
    page = Page(tmp_path / "compare.html")
    assert "Settings, inputs and versions are the same in all runs." in page.texts["told"]
    assert "k562: 2 of 2 motifs in all runs." in page.texts["told"]
    assert [float(value) for value in page.values["median"]] == [1.0, 1.0]
    assert page.values["n-compared"] == [str(N)] * 2 and page.values["n-low"] == ["0", "0"]
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["compare.html", "compare.motifs.tsv", "compare.regions.tsv"]


def test_what_differs_is_named(results: Runs, tmp_path: Path) -> None:
    compare(results, tmp_path / "c.html")
    page = Page(tmp_path / "c.html")
    told = page.texts["told"]
    assert "k562: 1 of 3 motifs in all runs; only in A: GATA1; not in A: NRF1." in told
    assert page.values["n-differences"] == ["2"]
    assert page.values["n-compared"] == [str(N - 2), str(N)]  # one is elsewhere, one has no scores
    assert page.values["n-alone"] == ["1", "1", "0", "0"]
    frame = read_table(tmp_path / "c.motifs.tsv", MATRIX)
    held = frame[frame.n_seqlets > 0].set_index(["motif", "sample"]).n_seqlets.to_dict()
    assert held == {
        ("CTCF", "A/k562"): 40,
        ("CTCF", "B/k562"): 40,
        ("GATA1", "A/k562"): 40,
        ("NRF1", "B/k562"): 40,
    }


def test_correlations_are_numpys(results: Runs, tmp_path: Path) -> None:
    compare(results, tmp_path / "c.html")
    frame = read_table(tmp_path / "c.regions.tsv", REGIONS)
    frame = frame[frame.target == "counts"].reset_index()
    one, two = (read_scores(run / "k562" / "counts.scores.h5") for run in results)
    a, b = (scores.contributions.sum(axis=2) for scores in (one, two))
    assert list(frame.start) == list(one.start[:-1]) and set(frame.run) == {"B"}
    assert np.isnan(frame.correlation[3])
    for row in set(range(N - 1)) - {3}:
        assert frame.correlation[row] == pytest.approx(np.corrcoef(a[row], b[row])[0, 1], abs=1e-5)
    assert list(frame.target_first) == pytest.approx(list(one.target[:-1]), rel=1e-5)


def test_differences_are_by_kind(results: Runs) -> None:
    found = [(one.kind, one.name, one.values) for one in differences(read_runs(results))]
    assert found == [
        ("setting", "references.number", ["20", "5"]),
        ("input", "m.keras", ["b" * 12, "c" * 12]),
    ]


def rows(*names: str) -> list[dict[str, str]]:
    return [{"sample": name, "heads": "counts"} for name in names]


@pytest.mark.parametrize(
    ("first", "second", "matched", "missing"),
    [
        (("a",), ("b",), ["a / b"], []),  # the only sample of each
        (
            ("a", "b"),
            ("b", "c"),
            ["a", "b", "c"],
            ["Run A has no sample c.", "Run B has no sample a."],
        ),
        (("a", "b"), ("a",), ["a", "b"], ["Run B has no sample b."]),
    ],
)
def test_samples_are_matched(
    tmp_path: Path, first: tuple, second: tuple, matched: list, missing: list
) -> None:
    for name, samples in (("one", first), ("two", second)):
        (tmp_path / name).mkdir()
        write_record(tmp_path / name, samples=rows(*samples))
    runs = read_runs([tmp_path / "one", tmp_path / "two"])
    found = match_samples(runs)
    assert [one.name for one in found] == matched
    assert list(missing_samples(found, runs)) == missing


def test_folders_that_are_no_results(results: Runs, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"1 results folder given; name from two to"):
        compare(results[:1], tmp_path / "c.html")
    with pytest.raises(InputError, match=r"none is no folder. Name the results folders of"):
        compare([results[0], tmp_path / "none"], tmp_path / "c.html")
    with pytest.raises(InputError, match=r"provenance\.json"):
        compare([results[0], tmp_path], tmp_path / "c.html")
    with pytest.raises(InputError, match=r"would lie in a results folder.* Name another folder"):
        compare(results, results[1] / "c.html")
    assert not list(tmp_path.iterdir())


def test_the_command(results: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    main(["compare", *map(str, results)])
    assert (tmp_path / "compare.html").exists()
    (results[1] / "k562" / "counts.scores.h5").rename(tmp_path / "kept.h5")
    try:
        with pytest.raises(SystemExit):
            main(["compare", *map(str, results), "--output", "other.html"])
        assert not [path for path in tmp_path.iterdir() if path.name.startswith("other.html")]
    finally:
        (tmp_path / "kept.h5").rename(results[1] / "k562" / "counts.scores.h5")
