"""Averages of scores over folds, and the agreement of folds."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.scores.file import DATASETS, FOLD_DATASETS, read_scores
from deeplift_genomics.scores.folds import agreement
from deeplift_genomics.scores.merge import merge_shards
from tests.scores.test_file import REFERENCES, rows, write

NAN = float("nan")


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        ([[1, 2, 3], [1, 2, 3]], 1),
        ([[1, 2, 3], [30, 50, 70]], 1),  # another scale and another level
        ([[1, 2, 3], [3, 2, 1]], -1),
        ([[1, 0, 0, 0], [0, 1, 0, 0]], -1 / 3),
        ([[1, -1, 1, -1], [1, 1, -1, -1]], 0),
        ([[1, 2, 3], [1, 2, 3], [3, 2, 1]], (1 - 1 - 1) / 3),  # mean over three pairs
        ([[1, 2, 3], [0, 0, 0]], NAN),
        ([[1e-20, 2e-20, 3e-20], [1e20, 2e20, 3e20]], 1),
    ],
)
def test_agreement(contributions: list[list[float]], expected: float) -> None:
    found = agreement(np.array(contributions)[:, None])
    np.testing.assert_allclose(found, [expected], atol=1e-6)


def folds_of(n: int, n_folds: int) -> list[dict[str, np.ndarray]]:
    """Return rows that differ between folds in all datasets that depend on the model."""
    own = ("hyp_scores", "target", "reference_target", "residual", "standard_error")
    first = rows(n)
    others = [rows(n, seed=fold) for fold in range(1, n_folds)]
    return [first, *({**first, **{name: other[name] for name in own}} for other in others)]


@pytest.mark.parametrize(("n_folds", "n_shards"), [(2, 1), (3, 5)])
def test_means_over_folds(tmp_path: Path, n_folds: int, n_shards: int) -> None:
    folds = folds_of(40, n_folds)
    paths = []
    for fold, whole in enumerate(folds):
        named = {"model": f"{fold}.h5", "model_digest": f"digest {fold}"}
        paths += write(tmp_path, 40, n_shards, whole=whole, fold=(fold, n_folds), **named)
    output = tmp_path / "scores.h5"
    assert merge_shards(paths[::-1], "counts", output) == 40
    scores = read_scores(output)

    def mean(name: str) -> np.ndarray:
        return sum(fold[name].astype(np.float64) for fold in folds) / n_folds

    np.testing.assert_allclose(scores.hypothetical, mean("hyp_scores"), atol=1e-7)
    np.testing.assert_allclose(scores.target, mean("target"), atol=1e-7)
    np.testing.assert_allclose(scores.reference_target, mean("reference_target"), atol=1e-7)
    np.testing.assert_allclose(scores.residual, mean("residual"), atol=1e-7)
    np.testing.assert_allclose(scores.standard_error, mean("standard_error"), atol=1e-7)
    for fold, whole in enumerate(folds):
        np.testing.assert_array_equal(scores.fold_target[:, fold], whole["target"])
    worst = [
        [max((fold["residual"][i, k] for fold in folds), key=abs) for k in range(REFERENCES)]
        for i in range(40)
    ]
    np.testing.assert_array_equal(scores.worst_residual, worst)
    for row in (0, 17, 39):
        observed = [(fold["hyp_scores"] * fold["input_seqs"])[row].sum(axis=-1) for fold in folds]
        pairs = np.corrcoef(observed)[np.triu_indices(n_folds, 1)]
        assert scores.fold_agreement[row] == pytest.approx(pairs.mean(), abs=1e-6)
    assert scores.attributes["n_folds"] == n_folds
    assert scores.attributes["model"] == ", ".join(f"{fold}.h5" for fold in range(n_folds))
    assert scores.attributes["model_digest"].startswith("digest 0, digest 1")
    with h5py.File(output) as file:
        assert set(file) == set(DATASETS) - {"position_scores"} | set(FOLD_DATASETS)
    # however the windows were split
    (tmp_path / "once").mkdir()
    once = [
        write(tmp_path / "once", 40, 1, whole=whole, fold=(fold, n_folds),
              model=f"{fold}.h5", model_digest=f"digest {fold}")[0]
        for fold, whole in enumerate(folds)
    ]  # fmt: skip
    merge_shards(once, "counts", tmp_path / "once.h5")
    assert digest(tmp_path / "once.h5") == digest(output)


def test_a_single_fold_has_no_agreement(tmp_path: Path) -> None:
    merge_shards(write(tmp_path, 8, 1), "counts", tmp_path / "scores.h5")
    scores = read_scores(tmp_path / "scores.h5")
    assert scores.fold_agreement is None and scores.fold_target is None
    assert scores.attributes["n_folds"] == 1


def test_folds_that_do_not_belong_together(tmp_path: Path) -> None:
    a, b = folds_of(20, 2)
    output = tmp_path / "scores.h5"
    for name in "abcdef":
        (tmp_path / name).mkdir()
    first = write(tmp_path / "a", 20, 2, whole=a, fold=(0, 2), model="a.h5")
    second = write(tmp_path / "b", 20, 2, whole=b, fold=(1, 2), model="b.h5")
    with pytest.raises(InputError, match="folds are not complete: given 1 of 2"):
        merge_shards(first, "counts", output)
    with pytest.raises(InputError, match="shards of fold 2 are not complete: given 1 of 2"):
        merge_shards([*first, second[0]], "counts", output)
    other = write(tmp_path / "c", 20, 2, whole=b, fold=(1, 2), model="b.h5", seed=3)
    with pytest.raises(InputError, match=r"c/1.0.h5 was made with seed = 3, but .*a/0.0.h5 with 1"):
        merge_shards(first + other, "counts", output)
    other = [second[0], write(tmp_path / "d", 20, 2, whole=b, fold=(1, 2), model="c.h5")[1]]
    with pytest.raises(InputError, match=r"d/1.1.h5 was made with model = 'c.h5', but"):
        merge_shards(first + other, "counts", output)
    other = write(tmp_path / "e", 20, 1, whole=b, fold=(1, 2), model="b.h5")
    with pytest.raises(InputError, match="Folds 1 and 2 do not have the same windows"):
        merge_shards(first + other, "counts", output)
    moved = {**b, "coords_start": b["coords_start"] + 1}
    other = write(tmp_path / "f", 20, 2, whole=moved, fold=(1, 2), model="b.h5")
    with pytest.raises(InputError, match="different windows: coords_start differs"):
        merge_shards(first + other, "counts", output)
    assert not output.exists()
