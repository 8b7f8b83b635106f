"""Windows that overlap: each base that two of them share is explained and counted twice."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WARNED = 0.1  # share of windows that overlap another, above which a run warns


def count_overlapping(chrom: NDArray[np.object_], centre: NDArray[np.int64], width: int) -> int:
    """Count the windows that share more than half of their central bases with another window.

    Parameters
    ----------
    chrom, centre
        Contig and centre of each window (N,).
    width
        Number of central bases (bp): centres are nearer to each other than half of it.
    """
    if len(centre) < 2:
        return 0
    _, contig = np.unique(chrom.astype(str), return_inverse=True)
    order = np.lexsort((centre, contig))
    near = (np.diff(contig[order]) == 0) & (2 * np.diff(centre[order]) < width)
    return int((np.append(near, False) | np.insert(near, 0, False)).sum())


def warning_of_overlap(n_overlapping: int, n_windows: int, width: int) -> str | None:
    """Return a warning if more than a tenth of the windows overlap another, else None.

    Parameters
    ----------
    n_overlapping, width
        From and of `count_overlapping`.
    """
    if n_overlapping <= WARNED * n_windows:
        return None
    return (
        f"{n_overlapping} of {n_windows} windows share more than half of their central {width} "
        "bases with another window, as with peaks of several summits: their sites are counted once "
        "per window, in the patterns, too. regions.merge_within (bp) takes one window of those "
        "whose centres are nearer than that."
    )
