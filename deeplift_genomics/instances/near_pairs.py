"""Pairs of instances of two motifs that are near each other in a window, and their distances.

The distance of an instance of motif b from one of motif a is that of their middles, counted in the
direction in which a reads: positive if b is downstream of a. A half base is rounded down. Two
instances have the same orientation if they are on the same strand.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.columns import Columns

FURTHEST = 150  # bp between two middles
SAME, OPPOSITE = 0, 1  # orientations
DISTANCES = np.arange(-FURTHEST, FURTHEST + 1)
_BEYOND = 25  # bp; distances between bins of positions can be so much smaller than those of bases


class Pairs(NamedTuple):
    """Near pairs of instances of two motifs, a with the smaller number, that share a window.

    `a` and `b` are rows of the instances, `motifs` (n, 2) their motifs; `distance` and `opposite`
    are as in `Spacing`.
    """

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    motifs: NDArray[np.int32]
    distance: NDArray[np.int64]
    opposite: NDArray[np.bool_]

    @classmethod
    def of(cls, columns: Columns) -> Pairs:
        """Return all pairs of a target that are not much further apart than `FURTHEST`."""
        middle = middles(columns)
        order = np.lexsort((middle, columns.window))
        window, place = columns.window[order], middle[order]
        parts = [np.empty((2, 0), np.int64)]
        for lag in range(1, len(order)):
            near = place[lag:] - place[:-lag] <= 2 * (FURTHEST + _BEYOND)
            first = np.flatnonzero(near & (window[lag:] == window[:-lag]))
            if not len(first):
                break
            parts.append(np.stack([order[first], order[first + lag]]))
        a, b = np.concatenate(parts, axis=1)
        swap = columns.motif[a] > columns.motif[b]
        a, b = np.where(swap, b, a), np.where(swap, a, b)
        different = columns.motif[a] != columns.motif[b]
        a, b = a[different], b[different]
        ahead = np.where(columns.minus[a], -1, 1) * (middle[b] - middle[a])
        motifs = np.stack([columns.motif[a], columns.motif[b]], axis=1)
        return cls(a, b, motifs, ahead // 2, columns.minus[a] != columns.minus[b])

    def select(self, rows: NDArray[np.int64]) -> Pairs:
        """Return some of the pairs."""
        return Pairs(
            self.a[rows], self.b[rows], self.motifs[rows], self.distance[rows], self.opposite[rows]
        )

    def by_motifs(self) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
        """Yield each pair of motifs with the numbers of its pairs of instances."""
        if not len(self.a):
            return
        order = np.lexsort((self.motifs[:, 1], self.motifs[:, 0]))
        kinds, first = np.unique(self.motifs[order], axis=0, return_index=True)
        for (a, b), rows in zip(kinds.tolist(), np.split(order, first[1:]), strict=True):
            yield a, b, rows

    def counts(self) -> NDArray[np.int64]:
        """Return the number of pairs by orientation and distance (2, 301)."""
        return tabulate(self.opposite, self.distance, FURTHEST)


def middles(columns: Columns) -> NDArray[np.int64]:
    """Return the middle of each instance from the centre of its window, in half bases."""
    return 2 * (columns.start - columns.summit) + columns.width


def tabulate(
    opposite: NDArray[np.bool_], distance: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    """Return how often each orientation and distance of up to `most` occurs, (2, 2 most + 1)."""
    near = np.abs(distance) <= most
    code = opposite[near] * (2 * most + 1) + distance[near] + most
    return np.bincount(code, minlength=2 * (2 * most + 1)).reshape(2, -1)
