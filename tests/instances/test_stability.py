"""How far instances can be relied on, against the numbers of the score file."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.instances.stability import MOST, measure_stability
from deeplift_genomics.scores.file import read_scores
from tests.instances.small_tables import Site, read_sites
from tests.make_scores import make_score_file


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Write a score file whose standard errors differ from base to base, with folds."""
    path = tmp_path / "scores.h5"
    make_score_file(path, 12, 200, within=100)
    with h5py.File(path, "a") as file:
        n, length = file["standard_error"].shape
        file["standard_error"][:] = np.arange(n * length).reshape(n, length) / 1e5
        file["fold_agreement"] = np.linspace(0, 1, n, dtype=np.float32)
        file["fold_target"] = np.zeros((n, 2), np.float32)
        file["fold_agreement"][3] = np.nan
    return path


def columns_of(scores: Path, folder: Path, rows: list[tuple[int, int, float]]) -> Columns:
    """Return instances of the motif A: row of the score file, first base from its centre, sum."""
    found = read_scores(scores)
    sites = [
        Site("A", str(found.chrom[row]), int(found.summit[row]), at, 6, contribution=c)
        for row, at, c in rows
    ]
    return read_sites(folder, sites, ["A", "B"])


def test_error_and_agreement(scores: Path, tmp_path: Path) -> None:
    rows = [(0, 10, 2.0), (3, -20, -0.5), (7, 0, 1.0), (7, 30, 4.0)]
    a, b = measure_stability(scores, columns_of(scores, tmp_path, rows))
    error = h5py.File(scores)["standard_error"][:]
    slow = [error[row, 100 + at : 106 + at].sum() / abs(c) for row, at, c in rows]
    assert a.error == pytest.approx(np.median(slow), rel=1e-5) and a.n_errors == 4
    # row 3 is undefined; row 7 counts once
    assert a.agreement == pytest.approx(np.median([0, 7 / 11]))
    assert (b.error, b.n_errors, b.agreement) == (None, 0, None)


def test_scores_without_errors_or_folds(scores: Path, tmp_path: Path) -> None:
    with h5py.File(scores, "a") as file:
        file["standard_error"][:] = np.nan  # of a single reference
        del file["fold_agreement"], file["fold_target"]
    a, _ = measure_stability(scores, columns_of(scores, tmp_path, [(0, 10, 2.0)]))
    assert (a.error, a.n_errors, a.agreement) == (None, 0, None)


def test_many_instances_are_sampled_evenly(scores: Path, tmp_path: Path) -> None:
    rows = [(row, at, 1.0) for row in range(12) for at in range(-90, 90, 8)]
    found = columns_of(scores, tmp_path, rows)
    a, _ = measure_stability(scores, found)
    error = h5py.File(scores)["standard_error"][:]
    whole = np.median([error[row, 100 + at : 106 + at].sum() for row, at, _ in rows])
    assert len(found) > 2 * MOST and a.n_errors == MOST
    assert a.error == pytest.approx(whole, rel=0.1)


def test_instances_of_other_windows_have_no_error(scores: Path, tmp_path: Path) -> None:
    sites = [Site("A", "chr1", 77, 0), Site("A", "chrUn", 5, 0)]
    a, _ = measure_stability(scores, read_sites(tmp_path, sites, ["A", "B"]))
    assert (a.error, a.n_errors, a.agreement) == (None, 0, None)
