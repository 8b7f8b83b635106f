"""What the instances of each motif are like: how many, where in their windows, how strong."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.columns import Columns

MOST_BINS = 60  # of the histogram of positions, over a window
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)  # widths of a bin (bp)
EXAMPLES = 3  # instances that are named as strongest, median and weakest
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9  # quantiles


class Bins(NamedTuple):
    """Equal bins around the centre of a region: the left end of the first, their width, number."""

    start: int
    step: int
    number: int


class Spread(NamedTuple):
    """The mean of some numbers, and their quantiles 0.1, 0.5 and 0.9."""

    mean: float
    low: float
    median: float
    high: float


class Summary(NamedTuple):
    """The instances of one motif and target.

    Attributes
    ----------
    n, n_windows, n_several
        Number of instances, of windows with one or more, and of windows with two or more.
    n_minus
        Number of instances on the minus strand.
    positions
        Number of instances in each of the `Bins`.
    contribution, similarity
        How strong they are, and how like the motif; None without an instance.
    strongest, median, weakest
        Rows of a few instances by \\|contribution\\|: the largest first, those around the median,
        the smallest first. Of equals, the one that comes first in the table.
    """

    n: int
    n_windows: int
    n_several: int
    n_minus: int
    positions: NDArray[np.int64]
    contribution: Spread | None
    similarity: Spread | None
    strongest: list[int]
    median: list[int]
    weakest: list[int]


def bins_of(length: int) -> Bins:
    """Return the bins over a window of `length` bases: the finest of `STEPS` with few bins.

    The centre is where a bin begins, and the outer bins may extend beyond the window.

    >>> bins_of(500)
    Bins(start=-250, step=10, number=50)
    """
    step = next((step for step in STEPS if length <= step * (MOST_BINS - 2)), STEPS[-1])
    half = -(-length // (2 * step))
    return Bins(-half * step, step, 2 * half)


def summarise_motif(columns: Columns, motif: int, bins: Bins) -> Summary:
    """Summarise the instances of one motif."""
    rows = columns.of_motif(motif)
    in_window = np.unique(columns.window[rows], return_counts=True)[1]
    place = (columns.distance[rows] - bins.start) // bins.step
    positions = np.bincount(np.clip(place, 0, bins.number - 1), minlength=bins.number)
    size = np.abs(columns.contribution[rows])
    best_first = rows[np.argsort(-size, kind="stable")]
    weak_first = rows[np.argsort(size, kind="stable")]
    middle = max(0, (len(rows) - EXAMPLES) // 2)
    return Summary(
        n=len(rows),
        n_windows=len(in_window),
        n_several=int((in_window > 1).sum()),
        n_minus=int(columns.minus[rows].sum()),
        positions=positions,
        contribution=_spread(columns.contribution[rows]),
        similarity=_spread(columns.similarity[rows]),
        strongest=best_first[:EXAMPLES].tolist(),
        median=best_first[middle : middle + EXAMPLES].tolist(),
        weakest=weak_first[:EXAMPLES].tolist(),
    )


def _spread(values: NDArray[np.float32]) -> Spread | None:
    """Return mean and quantiles of numbers; None of no number."""
    if not len(values):
        return None
    exact = values.astype(np.float64)
    return Spread(float(exact.mean()), *np.quantile(exact, (LOW, MIDDLE, HIGH)).tolist())
