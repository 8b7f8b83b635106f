"""The numbers on the page are those of the files."""

import re

import h5py
import numpy as np
import pytest

from deeplift_genomics.scores.file import read_scores
from tests.report.example import make_page


def test_numbers_are_those_of_the_files(run, tmp_path):
    _, page = make_page(run, tmp_path)
    scores = read_scores(run["scores_path"])
    size = np.abs(scores.residual.astype(float))
    differences = np.abs(scores.target.astype(float)[:, None] - scores.reference_target)
    for name, expected in {
        "n-used": 40,
        "n-dropped": 7,
        "n-positive": 2,
        "n-negative": 1,
        "largest-residual": size.max(),
        "median-residual": np.median(size),
        "median-difference": np.median(differences),
        "largest-residual-relative": size.max() / np.median(differences),
        "median-residual-relative": np.median(size) / np.median(differences),
        "tolerance": 1e-3,
    }.items():
        assert page.value(name) == pytest.approx(expected, rel=1e-12), name
    assert float(page.values["completeness"][0]) == scores.residual.size

    with h5py.File(run["motifs_path"]) as file:
        for name, place, motif in (
            ("pos_0", "pos_patterns/pattern_0", "AGATAAGA"),
            ("pos_1", "pos_patterns/pattern_1", "CCACCAGGGGGCGC"),
            ("neg_0", "neg_patterns/pattern_0", "TTCAGCACCATGG"),
        ):
            seqlets = file[place]["seqlets"]
            contribution = seqlets["contrib_scores"][:].sum(axis=(1, 2)).mean()
            n, mean = map(float, page.values[name])
            assert n == len(seqlets["start"])
            assert mean == pytest.approx(contribution, rel=1e-6)
            assert f"Consensus{motif}" in re.sub(r"\s", "", page.texts[name])
        n_seqlets = sum(
            len(g["seqlets/start"]) for h in ("pos", "neg") for g in file[f"{h}_patterns"].values()
        )
    assert page.value("all-seqlets") == n_seqlets == page.value("all-places")


@pytest.mark.parametrize(
    ("agreement", "median", "low", "undefined"),
    [
        ([0.9, 0.8, 0.4, 0.7], 0.75, 25, None),
        ([np.nan, 0.2, 0.1, 0.3], 0.2, 100, 1),
        ([0.5, 1, 1, 1], 1, 0, None),
        ([np.nan] * 4, np.nan, np.nan, 4),
    ],
)
def test_agreement_of_folds(folds, tmp_path, agreement, median, low, undefined):
    with h5py.File(folds["scores_path"], "a") as file:
        n = len(file["fold_agreement"])
        file["fold_agreement"][:] = np.resize(np.float32(agreement), n)
    _, page = make_page(folds, tmp_path)
    assert float(page.value("median-agreement")) == pytest.approx(median, rel=1e-6, nan_ok=True)
    assert float(page.value("low-agreement")) == pytest.approx(low, nan_ok=True)
    found = page.values.get("undefined-agreement")
    assert found is None if undefined is None else float(found[0]) == undefined * n / 4
    assert page.value("largest-residual") == 0.5
