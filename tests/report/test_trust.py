"""Figures of trust: their numbers are those of the files, and their verdicts have two sides."""

import h5py
import numpy as np
import pytest

from deeplift_genomics.report.agreement import correlate, expected_repeat
from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN, verdict_of
from deeplift_genomics.report.trust import figures_of
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.scores.second_path import second_path_of, write_second_path
from tests.report.sample import make_sample


def figures(sample):
    return {figure.id.removeprefix("trust-"): figure for figure in figures_of(sample.read())}


def test_numbers_are_those_of_the_files(sample):
    found = figures(sample)
    assert list(found) == ["completeness", "stability", "heads", "shuffles"]
    scores = {target: read_scores(sample.path("scores", target)) for target in sample.targets}
    worst = max(
        np.abs(s.residual.astype(float)).max()
        / np.median(np.abs(s.target.astype(float)[:, None] - s.reference_target))
        for s in scores.values()
    )
    assert found["completeness"].value == pytest.approx(worst, rel=1e-9)
    paths = [sample.path("scores", target) for target in sample.targets]
    stable = min(expected_repeat(path).median for path in paths)
    assert found["stability"].value == stable
    assert found["heads"].value == correlate(*paths).median
    counts = scores["counts"]
    above = np.mean(counts.target > counts.reference_target.mean(axis=1))
    assert found["shuffles"].value == pytest.approx(above)
    assert f"{round(above * 40)} of 40 regions" in found["shuffles"].shown


@pytest.mark.parametrize(
    ("residual", "verdict"), [(1e-6, PASS), (0.05, LOOK), (1.0, FAIL)]
)  # fmt: skip
def test_completeness_by_the_largest_residual(sample, tmp_path, residual, verdict):
    copy = sample.copy(tmp_path / "residual")

    def change(file):
        typical = np.median(np.abs(file["target"][:][:, None] - file["reference_target"][:]))
        file["residual"][3, 1] = residual * typical

    copy.edit(change, "scores")
    found = figures(copy)["completeness"]
    assert found.verdict == verdict
    assert "full account" not in found.meaning


@pytest.mark.parametrize(("error", "verdict"), [(0.002, PASS), (0.007, LOOK), (0.2, FAIL)])
def test_stability_by_the_standard_errors(sample, tmp_path, error, verdict):
    copy = sample.copy(tmp_path / "errors")
    copy.edit(
        lambda file: file["standard_error"].write_direct(np.full((40, 500), error, "f4")), "scores"
    )
    assert figures(copy)["stability"].verdict == verdict


def test_one_reference_is_not_judged(sample, tmp_path):
    copy = sample.copy(tmp_path / "one")
    copy.edit(
        lambda f: f["standard_error"].write_direct(np.full((40, 500), np.nan, "f4")), "scores"
    )
    found = figures(copy)["stability"]
    assert (found.verdict, found.value) == (UNKNOWN, None)
    assert "references.number" in found.meaning
    copy.edit(lambda file: file.attrs.update(reference_kind="flat"))
    assert "fixed" in figures(copy)["stability"].meaning


def test_heads_that_differ_are_no_failure(sample, tmp_path):
    copy = sample.copy(tmp_path / "differ")
    with h5py.File(copy.path("scores", "profile"), "a") as file:
        file["hyp_scores"][:] = np.random.default_rng(0).normal(size=(40, 500, 4))
    found = figures(copy)["heads"]
    assert found.verdict == LOOK and abs(found.value) < 0.2


@pytest.mark.parametrize(
    ("agreement", "verdict"),
    [([0.9, 0.8], PASS), ([0.6, 0.6], LOOK), ([0.1, 0.3], FAIL), ([np.nan, np.nan], UNKNOWN)],
)
def test_folds_by_their_median(folds, agreement, verdict):
    folds.edit(
        lambda f: f["fold_agreement"].write_direct(np.resize(np.float32(agreement), 40)), "scores"
    )
    found = figures(folds)["folds"]
    assert found.verdict == verdict
    if verdict != UNKNOWN:
        assert found.value == pytest.approx(np.median(agreement), rel=1e-6)
        assert "3 models" in found.meaning


@pytest.mark.parametrize("targets", ["counts", "logit[0],logit[1]", "counts[0]-counts[1],profile"])
def test_a_sample_without_two_plain_targets_compares_no_heads(tmp_path, targets):
    sample = make_sample(tmp_path / "r", targets=targets, with_motifs=False)
    assert "heads" not in figures(sample)


def test_a_sample_without_windows_has_no_figure(tmp_path):
    assert figures(make_sample(tmp_path / "r", n=0, with_motifs=False)) == {}


def test_verdicts_at_their_limits():
    assert [verdict_of(x, 0.9, 0.7) for x in (0.9, 0.7, 0.69)] == [PASS, LOOK, FAIL]
    assert [verdict_of(x, 0.01, 0.1) for x in (0.01, 0.1, 0.11)] == [PASS, LOOK, FAIL]
    assert verdict_of(float("nan"), 0.9, 0.7) == UNKNOWN


def with_second_path(sample, folder, difference, bits=64, rows=(3, 7)):
    """Return a copy of a sample whose files hold a second path with these differences."""
    copy = sample.copy(folder)
    columns = {"row": rows, "fold": 0, "bits": bits, "contributions": difference}
    columns |= {"hypothetical": 3e-7, "target": 2e-5, "residual": np.nan}
    copy.edit(lambda file: write_second_path(file, second_path_of(columns)), "scores")
    return copy


@pytest.mark.parametrize(("difference", "verdict"), [(3e-7, PASS), (0.004, LOOK), (0.02, FAIL)])
def test_windows_that_were_computed_twice(sample, tmp_path, difference, verdict):
    found = figures(with_second_path(sample, tmp_path / "twice", difference))["second-path"]
    assert found.verdict == verdict
    assert "2 of 40 windows were computed a second time, in double precision" in found.shown
    assert found.value == pytest.approx(difference)


def test_a_second_path_in_single_precision_and_none(sample, tmp_path):
    single = with_second_path(sample, tmp_path / "single", 1e-6, bits=32)
    assert "in single precision" in figures(single)["second-path"].shown
    none = with_second_path(sample, tmp_path / "none", (), rows=())
    found = figures(none)["second-path"]
    assert (found.verdict, found.value) == (UNKNOWN, None)
    assert "attribution.second_path was 0" in found.meaning
    none.edit(lambda file: file.attrs.update(precision="float64"))
    assert "double precision" in figures(none)["second-path"].meaning


def test_the_table_of_the_second_path(sample, tmp_path):
    page = with_second_path(sample, tmp_path / "page", 4e-7).page()[1]
    assert page.value("twice-0") == 2
    assert page.value("second-contributions-0") == pytest.approx(4e-7)
    assert page.value("second-hypothetical-1") == pytest.approx(3e-7)
    assert page.value("second-target-difference-0") == pytest.approx(2e-5)
    assert "second-residual-0" not in page.values
