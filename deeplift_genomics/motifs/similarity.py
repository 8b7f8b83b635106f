"""Which motifs are one: TOMTOM lays two of them together, a distance tells how far they differ.

The distance is the squared Euclidean distance of the columns, by which TOMTOM compares them too,
over all bases that either motif has:

::

    d = sum |u - v|^2 / sum (|u|^2 + |v|^2)

u and v are the columns' weighted differences from equal base frequencies, w (p - 1/4), and zero
where a motif has no base. d is 0 for equal motifs, about 1 for unrelated ones, and 1/3 for a motif
and twice as much, such as a composite and one of two equal halves.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.profile import FLAT, Placed, Profile
from deeplift_genomics.motifs.tomtom import compare

_EDGE = 1 / 3  # weight from which a base is given to TOMTOM: 10% of the largest contribution
_AT_ONCE = 100  # queries, which bounds the memory
_COLUMNS = (100, 10)  # made-up matrices and their width, so that few motifs have a background
_SPREAD = 0.3  # of the made-up columns: most of them prefer one or two bases


class Distances(NamedTuple):
    """Distances of N motifs, and how each pair is laid together; all arrays are (N, N).

    Attributes
    ----------
    distance
        Symmetric; from 0, for equal motifs, to about 1.
    turned
        Whether the second motif of a pair is turned to its reverse complement.
    shift
        Base of the first motif at which the second begins, turned if need be (bp).
    """

    distance: NDArray[np.float64]
    turned: NDArray[np.bool_]
    shift: NDArray[np.int64]


def measure_distances(
    profiles: Sequence[Profile], kinds: Sequence[str], threads: int = 1
) -> Distances:
    """Measure the distance of every pair of motifs.

    The distance of two motifs of different kinds counts twice, but at most 1, so that a motif is
    not taken for the composite or the repeat of which it is a part.

    Parameters
    ----------
    profiles
        The motifs.
    kinds
        ``single``, ``composite`` or ``repeat`` for each.
    threads
        Threads of TOMTOM.
    """
    cores = [profile.core(_EDGE) for profile in profiles]
    matrices = [
        FLAT + profile.weight[a:b, None] * (profile.ppm[a:b] - FLAT)
        for profile, (a, b) in zip(profiles, cores, strict=True)
    ]
    background = list(np.random.default_rng(1).dirichlet([_SPREAD] * 4, size=_COLUMNS))
    targets = _Targets(matrices)
    n = len(profiles)
    found = Distances(np.ones((n, n)), np.zeros((n, n), dtype=np.bool_), np.zeros((n, n), int))
    for start in Progress(range(0, n, _AT_ONCE), what="comparison", unit="part"):
        rows = slice(start, start + _AT_ONCE)
        laid = compare(matrices[rows], matrices, threads, background=background)
        found.shift[rows], found.turned[rows] = laid.offset, laid.reverse
        for row in range(start, min(start + _AT_ONCE, n)):
            found.distance[row] = targets.distances(
                matrices[row], found.shift[row], found.turned[row]
            )
    _make_symmetric(found, np.array([len(matrix) for matrix in matrices]))
    _count_from_first_bases(found, profiles, cores)
    different = np.array(kinds)[:, None] != np.array(kinds)
    found.distance[different] = np.minimum(1, 2 * found.distance[different])
    return found


def group(distances: NDArray[np.float64], threshold: float) -> list[list[int]]:
    """Group motifs by average linkage.

    Two groups become one while the mean distance of their members is at most the threshold.

    Returns
    -------
    list of list of int
        The members of each group, in order; groups in the order of their first member.
    """
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    n = len(distances)
    if n < 2:
        return [[index] for index in range(n)]
    tree = linkage(squareform(distances, checks=False), method="average")
    numbers = fcluster(tree, threshold, criterion="distance")
    members: dict[int, list[int]] = {}
    for index, number in enumerate(numbers.tolist()):
        members.setdefault(number, []).append(index)
    return list(members.values())


def lay(
    profiles: Sequence[Profile], found: Distances, *, lead: int, members: Sequence[int], turn: bool
) -> list[Placed]:
    """Return the members of a group in the frame of its lead, which is itself turned if asked."""
    width = len(profiles[lead].ppm)
    placed = []
    for member in members:
        turned, shift = bool(found.turned[lead, member]), int(found.shift[lead, member])
        if member == lead:
            turned, shift = False, 0
        if turn:
            turned, shift = not turned, width - shift - len(profiles[member].ppm)
        placed.append(Placed(profiles[member], turned, shift))
    return placed


class _Targets:
    """The columns of all motifs, as they read and turned, padded to one length."""

    def __init__(self, matrices: Sequence[NDArray[np.float64]]) -> None:
        self._widths = np.array([len(matrix) for matrix in matrices], dtype=np.int64)
        widest = int(self._widths.max(initial=0))
        # a last column of zeros is that of every base that a motif does not have
        self._columns = np.zeros((2, len(matrices), widest + 1, 4))
        for index, matrix in enumerate(matrices):
            self._columns[0, index, : len(matrix)] = matrix - FLAT
            self._columns[1, index, : len(matrix)] = matrix[::-1, ::-1] - FLAT
        self._squares = (self._columns[0] ** 2).sum(axis=(1, 2))

    def distances(
        self, query: NDArray[np.float64], shift: NDArray[np.int64], turned: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return the distance of a matrix to each target, laid as said."""
        at = np.arange(len(query)) - shift[:, None]
        outside = (at < 0) | (at >= self._widths[:, None])
        at = np.where(outside, self._columns.shape[2] - 1, at)
        columns = self._columns[turned.astype(int)[:, None], np.arange(len(shift))[:, None], at]
        both = np.einsum("twb,wb->t", columns, query - FLAT)
        total = self._squares + ((query - FLAT) ** 2).sum()
        return 1 - np.divide(2 * both, total, out=np.zeros_like(total), where=total > 0)


def _make_symmetric(found: Distances, widths: NDArray[np.int64]) -> None:
    """Give both directions of a pair the alignment with the smaller distance, in place."""
    found.distance[:] = np.maximum(found.distance, 0)
    better = found.distance > found.distance.T
    back = np.where(found.turned, widths[None, :] - widths[:, None] + found.shift, -found.shift).T
    found.shift[better] = back[better]
    found.turned[better] = found.turned.T[better]
    found.distance[better] = found.distance.T[better]
    np.fill_diagonal(found.distance, 0)


def _count_from_first_bases(
    found: Distances, profiles: Sequence[Profile], cores: Sequence[tuple[int, int]]
) -> None:
    """Make shifts between cores into shifts between whole profiles, in place."""
    before = np.array([first for first, _ in cores], dtype=np.int64)
    widths = np.array([len(profile.ppm) for profile in profiles], dtype=np.int64)
    after = widths - np.array([end for _, end in cores], dtype=np.int64)
    found.shift[:] += before[:, None] - np.where(found.turned, after[None, :], before[None, :])
