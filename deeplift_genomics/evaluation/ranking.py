"""Contributions as ranks: the order of bases, and how far two orders agree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata


def order_of(contributions: NDArray, rng: np.random.Generator) -> NDArray[np.intp]:
    """Return the positions of (L,) contributions, the highest contribution first.

    What was not computed (NaN) counts as 0. Equal contributions come in random order, so that no
    position is favoured.
    """
    values = np.nan_to_num(np.asarray(contributions, np.float64), nan=0.0)
    return np.lexsort((rng.permutation(len(values)), -values))


def spearman(one: NDArray, other: NDArray) -> float:
    """Return Spearman's rank correlation over the positions that both (L,) have.

    NaN if they share fewer than two, or all values of one are equal.
    """
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < 2:
        return float("nan")
    ranks = [rankdata(values[both]) for values in (one, other)]
    centred = [rank - rank.mean() for rank in ranks]
    spread = np.sqrt(np.prod([np.square(rank).sum() for rank in centred]))
    return float((centred[0] * centred[1]).sum() / spread) if spread > 0 else float("nan")


def central(length: int, span: int) -> slice:
    """Return the central `span` bases of a window; all of a window that is shorter."""
    span = min(span, length)
    first = (length - span) // 2
    return slice(first, first + span)
