"""The average over folds, which are models of one kind trained on different chromosomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError

AVERAGED = (
    "hyp_scores", "position_scores", "target", "reference_target", "residual", "standard_error",
)  # fmt: skip

Rows = Mapping[str, NDArray[Any]]  # dataset of the score file -> its rows


def average_folds(folds: Sequence[Rows]) -> dict[str, NDArray[Any]]:
    """Return rows of the score file from the same rows of every fold.

    Scores, targets, residuals and standard errors are means over folds. The mean of the standard
    errors is an upper bound of the standard error of the mean, as the folds share their references.
    Three datasets are added:

    worst_residual : (N, R)
        The residual with the largest magnitude of all folds; only if there are residuals.
    fold_target : (N, F)
        The target of each fold.
    fold_agreement : (N,)
        See `agreement`.

    Raises
    ------
    InputError
        If the folds do not have the same windows.
    """
    first = folds[0]
    for name in sorted(first.keys() - set(AVERAGED)):
        for fold, rows in enumerate(folds):
            if not np.array_equal(first[name], rows[name]):
                raise InputError(
                    f"Folds 1 and {fold + 1} were run on different windows: {name} differs. "
                    "Delete their shards and run again."
                )
    stacked = {name: np.stack([rows[name] for rows in folds]) for name in AVERAGED if name in first}
    means = {
        name: values.mean(axis=0, dtype=np.float64).astype(np.float32)
        for name, values in stacked.items()
    }
    if "residual" in stacked:
        worst = np.abs(stacked["residual"]).argmax(axis=0)[None]
        means["worst_residual"] = np.take_along_axis(stacked["residual"], worst, axis=0)[0]
    return {
        **first,
        **means,
        "fold_target": stacked["target"].T,
        "fold_agreement": agreement(np.stack([contributions_at(rows) for rows in folds])),
    }


def contributions_at(rows: Rows) -> NDArray[Any]:
    """Return the contribution of the observed base at each position, (N, L)."""
    if "position_scores" in rows:
        return rows["position_scores"]
    return (rows["hyp_scores"] * rows["input_seqs"]).sum(axis=-1)


def agreement(contributions: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the agreement of the folds on each window.

    Parameters
    ----------
    contributions
        Contributions of the observed bases (F, N, L) by at least two folds. A base that is NaN
        everywhere was not computed, and does not count.

    Returns
    -------
    (N,) float32
        Mean, over pairs of folds, of the Pearson correlation along the window, -1 to 1; NaN where
        a fold gives all bases of the window the same contribution.
    """
    computed = ~np.isnan(contributions).all(axis=(0, 1))
    contributions = contributions[:, :, computed]
    centred = contributions - contributions.mean(axis=2, keepdims=True, dtype=np.float64)
    length = np.sqrt((centred**2).sum(axis=2, keepdims=True))
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = centred / length
    pairs = [(unit[a] * unit[b]).sum(axis=1) for a, b in combinations(range(len(unit)), 2)]
    return np.mean(pairs, axis=0).astype(np.float32)
