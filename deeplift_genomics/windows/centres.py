"""Centres of windows: where in their regions the summits are."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_FEWEST = 20  # summits, below which their mean says nothing
_EXPECTED, _TOLERANCE = 0.5, 0.15


def mean_position(
    start: NDArray[np.int64], end: NDArray[np.int64], summit: NDArray[np.int64]
) -> float:
    """Return the mean place of summits in their regions (N,), from 0 (start) to 1 (end).

    Regions of one base do not count. 0.5 if there are no others.
    """
    wide = end - start > 1
    if not wide.any():
        return _EXPECTED
    return round(float(((summit - start)[wide] / (end - start - 1)[wide]).mean()), 4)


def warning_of_summits(n_on_summits: int, position: float) -> str | None:
    """Return a warning if summits are on one side of their regions, else None.

    Peaks are about as steep on either side, so that their summits are in the middle on average.

    Parameters
    ----------
    n_on_summits, position
        The attributes `n_on_summits` and `summit_position` of the windows or score file.
    """
    if n_on_summits < _FEWEST or abs(position - _EXPECTED) <= _TOLERANCE:
        return None
    return (
        f"The summits of {n_on_summits} regions are at {100 * position:.0f}% of their length on "
        "average, and not near the middle. Were the regions made longer or shorter, as by bedtools "
        "slop, and column 10 not? Is it a count? To centre windows on the regions' middles, set "
        "'regions_format' to 'bed'."
    )
