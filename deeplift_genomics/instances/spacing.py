"""At which distances two motifs are found in a window, against independent placement.

The distance of an instance of motif b from one of motif a is that of their middles, counted in the
direction in which a reads: positive if b is downstream of a. A half base is rounded down. Two
instances have the same orientation if they are on the same strand.

**Expected.** If a and b were placed independently, each where in a window it is found, an instance
of a would be as far from one of b in its own window as from those in all other windows. So the M
pairs that share a window are compared with all pairs that do not:

::

    expected(d) = M (C(d) + u) / (n - M + 1)

where n is the number of all pairs, C(d) that of pairs in different windows whose positions,
relative to the centres of their windows, differ by d, and u is the share of one further pair that
is equally likely at every distance and orientation, so that nothing is expected never. C is
smoothed: positions count as equally likely within bins of `BIN` bases. Where C without smoothing is
larger, it is taken instead (windows of up to `EXACT` bases), so that motifs at fixed positions of
all windows are not taken for a pair.

Instances that are nearer than `instances.max_overlap` allows exclude each other; pairs at such
distances are left out of all numbers.

**Test.** The number of pairs at each distance of up to `FURTHEST` bases and in each orientation is
compared with a Poisson distribution of the expected mean. The smallest p-value is multiplied by the
number of distances and orientations (Bonferroni), and corrected over the pairs of motifs (Benjamini
and Hochberg).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.columns import Columns

FURTHEST = 150  # bp between two middles
BIN = 10  # bp within which positions count as equally likely
EXACT = 3000  # bp of the longest windows whose positions are compared base by base, too
LEVEL = 0.05  # largest q-value of a distance that is said
SAME, OPPOSITE = 0, 1  # orientations
DISTANCES = np.arange(-FURTHEST, FURTHEST + 1)


class Favoured(NamedTuple):
    """The most over-represented distance: where, how many pairs were found and expected."""

    distance: int
    opposite: bool
    observed: int
    expected: float
    q_value: float


class Spacing(NamedTuple):
    """The distances of two motifs, by their numbers.

    Attributes
    ----------
    left, right
        Numbers of the motifs a and b; `left` is the smaller one.
    n_pairs
        Number M of pairs that share a window, at any distance.
    observed, expected : (2, 301)
        Pairs at each distance of `DISTANCES`; first of the same orientation, then of opposite ones.
    favoured
        The distance that is over-represented, None if there is none at the level `LEVEL`.
    """

    left: int
    right: int
    n_pairs: int
    observed: NDArray[np.int64]
    expected: NDArray[np.float64]
    favoured: Favoured | None = None

    def turned(self) -> Spacing:
        """Return the same as seen from motif b: distances of one orientation change their sign."""

        def turn(values: NDArray) -> NDArray:
            return np.stack([values[SAME][::-1], values[OPPOSITE]])

        best = self.favoured
        if best and not best.opposite:
            best = best._replace(distance=-best.distance)
        return Spacing(
            self.right, self.left, self.n_pairs, turn(self.observed), turn(self.expected), best
        )


def find_spacings(columns: Columns, length: int, max_overlap: float) -> list[Spacing]:
    """Return the distances of all pairs of motifs that are near each other in a window.

    Parameters
    ----------
    length
        Bases of a window.
    max_overlap
        The setting `instances.max_overlap`.
    """
    pairs = _Pairs.of(columns)
    background = _Background(columns, length)
    sharing = _sharing(columns)
    width = [
        int(columns.width[columns.of_motif(index)].min(initial=columns.width.max(initial=0)))
        for index in range(len(columns.motifs))
    ]
    found = []
    for a, b, rows in pairs.by_motifs():
        near = pairs.select(rows)
        apart = (width[a] + width[b]) / 2 - max_overlap * min(width[a], width[b])
        allowed = np.abs(DISTANCES) >= math.floor(apart)
        n_pairs = int(sharing[a, b]) - int((np.abs(near.distance) < math.floor(apart)).sum())
        share = background.share(a, b, near, allowed, elsewhere=background.n_pairs(a, b) - sharing[a, b])
        observed = np.where(allowed, near.counts(), 0)
        found.append(Spacing(a, b, n_pairs, observed, n_pairs * share))
    return _tested(found)


def _sharing(columns: Columns) -> NDArray[np.int64]:
    """Return how many pairs of instances of two motifs share a window, (motifs, motifs)."""
    from scipy import sparse

    shape = (int(columns.window.max(initial=-1)) + 1, len(columns.motifs))
    ones = np.ones(len(columns), dtype=np.int64)
    counts = sparse.csr_array((ones, (columns.window, columns.motif)), shape=shape)
    return (counts.T @ counts).toarray()


# --- pairs that share a window --------------------------------------------------------------------


class _Pairs(NamedTuple):
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
    def of(cls, columns: Columns) -> _Pairs:
        """Return all pairs of a target that are not much further apart than `FURTHEST`."""
        middle = _middle(columns)
        order = np.lexsort((middle, columns.window))
        window, place = columns.window[order], middle[order]
        parts = [np.empty((2, 0), np.int64)]
        for lag in range(1, len(order)):
            near = place[lag:] - place[:-lag] <= 2 * (FURTHEST + 2 * BIN)
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

    def select(self, rows: NDArray[np.int64]) -> _Pairs:
        """Return some of the pairs."""
        return _Pairs(*(values[rows] for values in self))

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
        return _tabulate(self.opposite, self.distance, FURTHEST)


def _middle(columns: Columns) -> NDArray[np.int64]:
    """Return the middle of each instance from the centre of its window, in half bases."""
    return 2 * (columns.start - columns.summit) + columns.width


def _tabulate(
    opposite: NDArray[np.bool_], distance: NDArray[np.int64], most: int
) -> NDArray[np.int64]:
    """Return how often each orientation and distance of up to `most` occurs, (2, 2 most + 1)."""
    near = np.abs(distance) <= most
    code = opposite[near] * (2 * most + 1) + distance[near] + most
    return np.bincount(code, minlength=2 * (2 * most + 1)).reshape(2, -1)


# --- pairs of different windows -------------------------------------------------------------------


class _Background:
    """How far instances in different windows are from each other."""

    def __init__(self, columns: Columns, length: int) -> None:
        self._number = np.bincount(columns.motif, minlength=len(columns.motifs))
        self._ahead = np.where(columns.minus, -1, 1)
        self._bin = _middle(columns) // (2 * BIN)
        self._smooth = _differences(columns, 2 * BIN, FURTHEST // BIN + 1)
        exact = length <= EXACT
        self._exact = _differences(columns, 1, 2 * FURTHEST + 1) if exact else None
        self._anywhere = 1 / (2 * (2 * length - 1))

    def n_pairs(self, a: int, b: int) -> int:
        """Return the number of pairs of two motifs, in any windows."""
        return int(self._number[a]) * int(self._number[b])

    def share(
        self, a: int, b: int, near: _Pairs, allowed: NDArray[np.bool_], *, elsewhere: int
    ) -> NDArray[np.float64]:
        """Return the share of pairs that is expected by orientation and distance, (2, 301).

        Parameters
        ----------
        near
            The near pairs that share a window.
        allowed
            Which distances can be.
        elsewhere
            Number of pairs in different windows.
        """
        smooth = found = self._of_bins(a, b, near)
        if self._exact is not None:
            # the distances of half bases, rounded down
            of_bases = self._exact[a, b, :, 1:].reshape(2, len(DISTANCES), 2).sum(axis=2)
            found = np.maximum(smooth, of_bases - near.counts())
        excluded = np.where(allowed, 0, smooth).sum()
        share = (found + self._anywhere) / (elsewhere - excluded + 1)
        return np.where(allowed, share, 0)

    def _of_bins(self, a: int, b: int, near: _Pairs) -> NDArray[np.float64]:
        """Return the smoothed number of pairs of different windows, (2, 301).

        The difference of two positions that are equally likely in their bins has a triangular
        distribution: its density is interpolated between whole differences of bins.
        """
        most = FURTHEST // BIN + 1
        ahead = self._ahead[near.a] * (self._bin[near.b] - self._bin[near.a])
        apart = self._smooth[a, b] - _tabulate(near.opposite, ahead, most)
        at = BIN * np.arange(-most, most + 1)
        return np.stack([np.interp(DISTANCES, at, values) / BIN for values in apart])


def _differences(columns: Columns, unit: int, most: int) -> NDArray[np.float64]:
    """Return how many pairs of any windows differ by each number of units of up to `most`.

    Parameters
    ----------
    unit
        Half bases.

    Returns
    -------
    ndarray
        (motifs, motifs, 2, 2 most + 1): by orientation and difference in the direction in which the
        first motif reads.
    """
    motifs = len(columns.motifs)
    place = _middle(columns) // unit
    half = int(np.abs(place).max(initial=0)) + most + 1
    shape = (2, motifs, 2 * half)
    code = np.ravel_multi_index((columns.minus * 1, columns.motif, place + half), shape)
    plus, minus = np.bincount(code, minlength=math.prod(shape)).reshape(shape).astype(np.float64)
    found = np.zeros((motifs, motifs, 2, 2 * most + 1))
    for lag in range(-most, most + 1):
        one = slice(max(0, -lag), 2 * half - max(0, lag))
        other = slice(max(0, lag), 2 * half + min(0, lag))
        for strand, same, opposite in ((plus, plus, minus), (minus, minus, plus)):
            ahead = most + (lag if strand is plus else -lag)
            found[:, :, SAME, ahead] += strand[:, one] @ same[:, other].T
            found[:, :, OPPOSITE, ahead] += strand[:, one] @ opposite[:, other].T
    return found


# --- test -----------------------------------------------------------------------------------------


def _tested(found: list[Spacing]) -> list[Spacing]:
    """Return the spacings with the distances that are over-represented."""
    from scipy import stats

    if not found:
        return []
    best, p_values = [], []
    for item in found:
        tested = item.expected > 0
        p = np.where(tested, stats.poisson.sf(item.observed - 1, item.expected), 1)
        best.append(np.unravel_index(int(p.argmin()), p.shape))
        p_values.append(min(1.0, float(p.min()) * int(tested.sum())))
    q_values = stats.false_discovery_control(p_values).tolist()
    return [
        item._replace(favoured=_favoured(item, *place, q)) if q <= LEVEL else item
        for item, place, q in zip(found, best, q_values, strict=True)
    ]


def _favoured(item: Spacing, orientation: int, index: int, q_value: float) -> Favoured:
    """Return the distance at an index of the counts."""
    return Favoured(
        distance=int(DISTANCES[index]),
        opposite=bool(orientation == OPPOSITE),
        observed=int(item.observed[orientation, index]),
        expected=float(item.expected[orientation, index]),
        q_value=q_value,
    )
