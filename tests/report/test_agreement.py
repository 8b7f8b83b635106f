"""Numbers of windows: stability over references, and agreement of two score files."""

import h5py
import numpy as np
import pytest

from deeplift_genomics.report.agreement import MOST, blocks, correlate, expected_repeat
from deeplift_genomics.scores.file import read_scores
from tests.make_scores import make_score_file


@pytest.fixture
def scores(tmp_path):
    make_score_file(tmp_path / "scores.h5", n=40)
    return tmp_path / "scores.h5"


def edit(path, change):
    with h5py.File(path, "a") as file:
        change(file)
    return path


def test_stability_is_the_share_of_variance_that_is_no_error(scores):
    """A slow twin, window by window."""
    rng = np.random.default_rng(1)
    errors = rng.uniform(0, 0.01, (40, 500)).astype(np.float32)
    edit(scores, lambda file: file["standard_error"].write_direct(errors))
    found, read = expected_repeat(scores), read_scores(scores)
    expected = []
    for row in range(40):
        values = read.contributions[row].sum(axis=1).astype(float)
        expected.append(max(0, 1 - np.mean(errors[row].astype(float) ** 2) / np.var(values)))
    assert found.median == pytest.approx(np.median(expected), rel=1e-6)
    assert found.low == pytest.approx(np.quantile(expected, 0.1), rel=1e-6)
    assert (found.n, found.n_windows) == (40, 40)


def test_stability_predicts_how_repeated_scores_correlate(tmp_path):
    """Two noisy copies of the same scores correlate as the standard errors of one foretell."""
    paths, rng = [tmp_path / f"{i}.h5" for i in range(2)], np.random.default_rng(2)
    for path in paths:
        make_score_file(path, n=40)

        def change(file):
            noise = rng.normal(0, 0.02, file["hyp_scores"].shape[:2]).astype(np.float32)
            file["hyp_scores"][:] += noise[:, :, None]
            file["standard_error"][:] = 0.02

        edit(path, change)
    assert expected_repeat(paths[0]).median == pytest.approx(correlate(*paths).median, abs=0.03)


def test_errors_of_one_reference_tell_nothing(scores, tmp_path):
    edit(scores, lambda file: file["standard_error"].write_direct(np.full((40, 500), np.nan, "f4")))
    assert expected_repeat(scores) is None
    edit(scores, lambda file: file.__delitem__("standard_error"))
    edit(scores, lambda file: file.attrs.update(format_version=2))
    assert expected_repeat(scores) is None


def test_scores_agree_with_themselves_and_not_with_their_reverse(scores, tmp_path):
    assert correlate(scores, scores).median == pytest.approx(1)
    make_score_file(tmp_path / "negative.h5", n=40)
    edit(tmp_path / "negative.h5", lambda f: f["hyp_scores"].write_direct(-f["hyp_scores"][:]))
    assert correlate(scores, tmp_path / "negative.h5").median == pytest.approx(-1)


def test_windows_without_contributions_are_not_defined(scores):
    edit(scores, lambda f: f["hyp_scores"].write_direct(np.zeros((40, 500, 4), np.float32)))
    found = correlate(scores, scores)
    assert (found.n, found.n_windows) == (0, 40) and np.isnan(found.median)


@pytest.mark.parametrize("n", [0, 1, 16, 17, 1999, 2000, 2001, 300_000])
def test_blocks_are_whole_chunks_and_not_too_many(n):
    found = list(blocks(n))
    rows = [row for block in found for row in range(block.start, block.stop)]
    assert len(rows) == len(set(rows)) <= MOST and all(0 <= row < n for row in rows)
    assert all(block.start % 16 == 0 for block in found)
    assert len(rows) >= min(n, MOST - 16)
    if n:
        assert found[0].start == 0 and found[-1].stop == n
