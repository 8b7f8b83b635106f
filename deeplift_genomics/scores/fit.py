"""The agreement of a model with the experiment: observed against predicted, over the windows.

Reads: the correlation of log(1 + reads), summed over bases and strands, with the predicted number.
Shape: the Jensen-Shannon distance, base 2, between the observed and the predicted shares of a
strand's reads, 0 for the same shape and 1 for shapes with no position in common; the mean over the
strands that have reads. Two other distances from the observed shape say what to compare it with:
that of the same reads shuffled along the positions, and that of the mean shape of all other
windows.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SEED = 20261126  # of the shuffles
DISTANCES = ("distance", "shuffled", "average")
CORRELATIONS = ("pearson", "spearman")


def total(logs: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return log(1 + reads) of all strands together (N,), from that of each strand (N, U).

    A single number is left as it is, whatever it means.
    """
    if logs.shape[1] == 1:
        return logs[:, 0].astype(np.float32)
    reads = np.maximum(np.expm1(logs.astype(np.float64)), 0).sum(axis=1)
    return np.log1p(reads).astype(np.float32)


def correlations(predicted: NDArray, observed: NDArray) -> dict[str, float]:
    """Return Pearson's and Spearman's correlation, by name; NaN where a side has one value only."""
    from scipy.stats import pearsonr, spearmanr

    x, y = predicted.astype(np.float64), observed.astype(np.float64)
    if len(x) < 2 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return dict.fromkeys(CORRELATIONS, float("nan"))
    pair = pearsonr(x, y).statistic, spearmanr(x, y).statistic
    return dict(zip(CORRELATIONS, map(float, pair), strict=True))


def distances(
    observed: NDArray[np.floating],
    predicted: NDArray[np.floating],
    *,
    first_row: int,
    sums: NDArray[np.float64],
    numbers: NDArray[np.integer],
) -> dict[str, NDArray[np.float32]]:
    """Return the Jensen-Shannon distances (n,) of some windows, by the names of `DISTANCES`.

    Parameters
    ----------
    observed, predicted
        Reads (n, F, P).
    first_row
        Number of the first window: the shuffle of a window follows from its number.
    sums, numbers
        The sum of the `shapes` of all windows (F, P), and of how many windows with reads (F,).

    Returns
    -------
    dict
        NaN where a window has no reads; `average` is NaN where no other window has any.
    """
    real = observed.astype(np.float64)
    own = shapes(real)
    others = np.maximum(sums - own, 0)
    others[:, numbers < 2] = np.nan
    shuffled = np.stack(
        [
            np.random.default_rng((SEED, first_row + row)).permuted(reads, axis=-1)
            for row, reads in enumerate(real)
        ]
    )
    blank = predicted.sum(axis=-1, keepdims=True) <= 0  # no shape: as good as a flat one
    compared = (np.where(blank, 1.0, np.maximum(predicted, 0)), shuffled, others)
    has_reads = real.sum(axis=-1) > 0
    return {
        name: _mean(_distance(real, other), has_reads)
        for name, other in zip(DISTANCES, compared, strict=True)
    }


def shapes(reads: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return the shares of each strand's reads (n, F, P); zeros where it has none."""
    real = reads.astype(np.float64)
    number = real.sum(axis=-1, keepdims=True)
    return np.divide(real, number, out=np.zeros_like(real), where=number > 0)


def _distance(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jensen-Shannon distance along the last axis; NaN where a side is empty."""
    from scipy.spatial.distance import jensenshannon

    with np.errstate(invalid="ignore", divide="ignore"):
        found = jensenshannon(a, b, axis=-1, base=2)
        # rounding may make the divergence of equal shapes negative
        equal = np.isnan(found) & (a.sum(axis=-1) > 0) & (b.sum(axis=-1) > 0)
    return np.where(equal, 0.0, found)


def _mean(of_strands: NDArray[np.float64], taken: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the mean over the strands that are taken; NaN where none is."""
    number = taken.sum(axis=1)
    summed = np.where(taken, of_strands, 0).sum(axis=1)
    mean = np.divide(summed, number, out=np.full(len(taken), np.nan), where=number > 0)
    return mean.astype(np.float32)
