"""At which distances two motifs are found in a window, against independent placement.

**Expected.** The M pairs of instances that share a window are compared with the pairs that do not::

    expected(d) = M (C(d) + u) / (n - M + 1)

where n is the number of all pairs, C(d) that of pairs in different windows whose positions,
relative to the centres of their windows, differ by d, and u is the share of one further pair that
is equally likely at every distance and orientation, so that nothing is expected never. C is
smoothed: positions count as equally likely within bins of `BIN` bases.

Instances that are nearer than `instances.max_overlap` allows exclude each other; pairs at such
distances are left out of all numbers.

**Test.** The number of pairs at each distance of up to `FURTHEST` bases and in each orientation is
compared with a Poisson distribution of the expected mean. Where C without smoothing is larger, it
is taken instead (windows of up to `EXACT` bases), so that motifs at fixed positions of all windows
are not taken for a pair. The smallest p-value is multiplied by the number of distances and
orientations (Bonferroni), and corrected over the pairs of motifs (Benjamini and Hochberg).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.instances.independent import Background
from deeplift_genomics.instances.near_pairs import DISTANCES, OPPOSITE, SAME, Pairs

LEVEL = 0.05  # largest q-value of a distance that is said


class Favoured(NamedTuple):
    """The most over-represented distance: where, and how many pairs are there."""

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
    pairs = Pairs.of(columns)
    background = Background(columns, length)
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
        shares = background.shares(a, b, near, allowed=allowed, sharing=int(sharing[a, b]))
        observed = np.where(allowed, near.counts(), 0)
        expected, most = (n_pairs * share for share in shares)
        found.append((Spacing(a, b, n_pairs, observed, expected), most))
    return _tested(found)


def _sharing(columns: Columns) -> NDArray[np.int64]:
    """Return how many pairs of instances of two motifs share a window, (motifs, motifs)."""
    from scipy import sparse

    shape = (int(columns.window.max(initial=-1)) + 1, len(columns.motifs))
    ones = np.ones(len(columns), dtype=np.int64)
    counts = sparse.csr_array((ones, (columns.window, columns.motif)), shape=shape)
    return (counts.T @ counts).toarray()


def _tested(found: list[tuple[Spacing, NDArray[np.float64]]]) -> list[Spacing]:
    """Return spacings, given with the means to test against, with what is over-represented."""
    from scipy import stats

    if not found:
        return []
    best, p_values = [], []
    for item, mean in found:
        tested = mean > 0
        p = np.where(tested, stats.poisson.sf(item.observed - 1, np.where(tested, mean, 1)), 1)
        place = np.unravel_index(int(p.argmin()), p.shape)
        best.append(
            Favoured(
                distance=int(DISTANCES[place[1]]),
                opposite=bool(place[0] == OPPOSITE),
                observed=int(item.observed[place]),
                expected=float(mean[place]),
                q_value=1.0,
            )
        )
        p_values.append(min(1.0, float(p.min()) * max(1, int(tested.sum()))))
    q_values = stats.false_discovery_control(p_values).tolist()
    return [
        item._replace(favoured=place._replace(q_value=q)) if q <= LEVEL else item
        for (item, _), place, q in zip(found, best, q_values, strict=True)
    ]
