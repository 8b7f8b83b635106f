"""Cells: the places of the genome that each of several overlapping windows answers for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cells_of(
    chrom: NDArray[np.object_], start: NDArray[np.int64], length: int
) -> NDArray[np.int64]:
    """Return the smallest and the largest start + end of the places of each window, (N, 2).

    A place belongs to the window whose centre is nearest to its own; if two are equally near, to
    the right one. So each place of the genome that a window holds belongs to exactly one window,
    which holds it as well.

    Parameters
    ----------
    chrom, start
        Contig and first base of each window (N,).
    length
        Bases of a window.

    Returns
    -------
    ndarray
        The sums count from the first base of the window.

    Examples
    --------
    Two windows of 10 bases begin 4 bases apart. A place of 2 bases in the middle between the
    centres begins at 6, and belongs to the right window:

    >>> cells_of(np.array(["a", "a"], dtype=object), np.array([0, 4]), 10).tolist()
    [[0, 13], [6, 20]]
    """
    _, contig = np.unique(chrom.astype(str), return_inverse=True)
    order = np.lexsort((start, contig))
    gap = np.diff(start[order])  # to the next window
    neighbours = np.diff(contig[order]) == 0
    cells = np.empty((len(start), 2), dtype=np.int64)
    cells[:, 0], cells[:, 1] = 0, 2 * length
    right, left = order[1:][neighbours], order[:-1][neighbours]
    cells[right, 0] = np.maximum(0, length - gap[neighbours])
    cells[left, 1] = np.minimum(2 * length, length + gap[neighbours] - 1)
    return cells
