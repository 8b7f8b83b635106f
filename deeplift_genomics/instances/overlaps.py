"""Overlapping calls: which of them are instances.

Two calls exclude each other if they share a base and are of one motif, or if they share more than
`instances.max_overlap` of the shorter one. The call wins that explains more: whose similarity times
\\|contribution\\| is larger. So a composite wins over its halves where both halves are there, and a
half where the other one is not; a motif that reads alike on both strands is one instance; and two
patterns of one motif are one instance. Of equals, the one with the better match wins, then the one
further left, then the longer, the pattern that comes first in the motif file, and the plus strand.

Calls are taken from the best to the worst; a call that a better one excludes excludes no other.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.shuffle import compiled


def without_overlaps(
    contig: NDArray[np.int64],
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    *,
    motif: NDArray[np.int64],
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
        Number of the motif of each call (n,).
    explained
        Similarity times \\|contribution\\| of each call (n,).
    ties
        Further values (n,), of which the smaller wins between equals, the most important first.
    max_overlap
        Share of the shorter of two calls of different motifs that they may share.
    """
    order = np.lexsort((start, contig))
    place = np.empty((len(order), 4), dtype=np.int64)
    for column, values in enumerate((contig, start, end, motif)):
        place[:, column] = values[order]
    better = np.empty(len(order), dtype=np.int64)  # 0 for the best
    better[np.lexsort((*reversed(ties), -explained))] = np.arange(len(order))
    kept = np.zeros(len(order), dtype=np.bool_)
    kept[order] = _kept(place, better[order], max_overlap)
    return kept


@compiled
def _excludes(one: Any, other: Any, max_overlap: Any) -> Any:
    """Return whether two calls exclude each other; each is contig, start, end, motif."""
    shared = min(one[2], other[2]) - max(one[1], other[1])
    if one[0] != other[0] or shared <= 0:
        return False
    shorter = min(one[2] - one[1], other[2] - other[1])
    return one[3] == other[3] or shared > max_overlap * shorter


@compiled
def _kept(place: Any, better: Any, max_overlap: Any) -> Any:
    """Return which calls are kept of those at `place` (n, 4), which are in order."""
    kept = np.zeros(len(place), dtype=np.bool_)
    first = 0
    while first < len(place):
        end, last = place[first, 2], first + 1
        while last < len(place) and place[last, 0] == place[first, 0] and place[last, 1] < end:
            end = max(end, place[last, 2])
            last += 1
        # the calls from first to last overlap in a chain, and no other call overlaps them
        for index in np.argsort(better[first:last]) + first:
            free = True
            for other in range(first, last):
                if kept[other] and _excludes(place[index], place[other], max_overlap):
                    free = False
                    break
            kept[index] = free
        first = last
    return kept
