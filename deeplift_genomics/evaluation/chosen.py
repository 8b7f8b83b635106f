"""The windows that are evaluated: spread evenly over the file, and drawn by the seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def choose_rows(n_windows: int, number: int, seed: int) -> NDArray[np.intp]:
    """Return the rows of the windows to evaluate; all if there are no more than that.

    The rows are split into as many runs of nearly equal length, and one is drawn from each, so that
    the windows are spread over the file, whose regions may be in the order of their signal. They
    come in random order: the first of them, which are scored again and again, are spread as well.

    >>> sorted(choose_rows(5, 9, seed=1).tolist())
    [0, 1, 2, 3, 4]
    """
    number = min(number, n_windows)
    rng = np.random.default_rng([seed, n_windows, number])
    ends = np.arange(number + 1) * n_windows // max(number, 1)
    return rng.permutation(rng.integers(ends[:-1], ends[1:])).astype(np.intp)
