"""Overlapping calls: which of them are instances.

Two calls exclude each other if they share more than `instances.max_overlap` of the shorter one. So
do calls of two patterns of one motif that share a base and have the motif at the same place.

The call wins that explains more: whose similarity times \\|contribution\\| is larger. So a
composite wins over its halves where both are there, and a half where the other one is not; a motif
that reads alike on both strands is one instance, and so are two patterns of one motif. Of equals,
the one with the better match wins, then the one further left, the longer one, the pattern that
comes first in the motif file, and the plus strand.

Calls are taken from the best to the worst; a call that is excluded excludes no other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.shuffle import compiled

SAME_PLACE = 2  # bp between the first bases of a motif, as two patterns of it have it


def without_overlaps(
    contig: NDArray[np.integer],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    *,
    motif: NDArray[np.int64],
    first_base: NDArray[np.int64],
    explained: NDArray[np.float64],
    ties: tuple[NDArray, ...],
    max_overlap: float,
) -> NDArray[np.bool_]:
    """Return which calls are instances, (n,).

    Parameters
    ----------
    contig, start, end
        Places of the calls (n,).
    motif
        Number of the motif and strand of each call (n,).
    first_base
        Where the call has the first base of its motif (n,).
    explained
        Similarity times \\|contribution\\| of each call (n,).
    ties
        Further values (n,), of which the smaller wins between equals, the most important first.
    max_overlap
        Share of the shorter of two calls that they may share.
    """
    order = np.lexsort((start, contig))
    place = np.empty((len(order), 5), dtype=np.int64)
    for column, values in enumerate((contig, start, end, motif, first_base)):
        place[:, column] = values[order]
    number = np.empty(len(order), dtype=np.int64)  # of each call in `place`
    number[order] = np.arange(len(order))
    best_first = number[np.lexsort((*reversed(ties), -explained))]
    longest = (end - start).max(initial=0)
    kept = np.zeros(len(order), dtype=np.bool_)
    kept[order] = _kept(place, best_first, longest, max_overlap)
    return kept


@compiled
def _excludes(one: Any, other: Any, max_overlap: Any) -> Any:
    """Return whether two calls on a contig exclude each other; each is a row of `place`."""
    shared = min(one[2], other[2]) - max(one[1], other[1])
    if shared <= 0:
        return False
    if shared > max_overlap * min(one[2] - one[1], other[2] - other[1]):
        return True
    return one[3] == other[3] and abs(one[4] - other[4]) <= SAME_PLACE


# Positional: Numba takes no others.
@compiled
def _is_free(place: Any, kept: Any, index: Any, longest: Any, max_overlap: Any) -> Any:
    """Return whether no call that is kept excludes the call at `index`; none is over `longest`."""
    contig, start, end = place[index, 0], place[index, 1], place[index, 2]
    other = index - 1
    while other >= 0 and place[other, 0] == contig and place[other, 1] + longest > start:
        if kept[other] and _excludes(place[index], place[other], max_overlap):
            return False
        other -= 1
    other = index + 1
    while other < len(place) and place[other, 0] == contig and place[other, 1] < end:
        if kept[other] and _excludes(place[index], place[other], max_overlap):
            return False
        other += 1
    return True


@compiled
def _kept(place: Any, best_first: Any, longest: Any, max_overlap: Any) -> Any:
    """Return which calls are kept of those at `place` (n, 5), sorted by contig and start."""
    kept = np.zeros(len(place), dtype=np.bool_)
    for index in best_first:
        kept[index] = _is_free(place, kept, index, longest, max_overlap)
    return kept
