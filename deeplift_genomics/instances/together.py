"""Which motifs occur in the same windows more or less often than by chance.

Of N windows, n_a have an instance of motif a, n_b one of motif b, and k of both. If the motifs were
placed independently, n_a n_b / N windows would be expected to have both, and k would have a
hypergeometric distribution. The p-value is two-sided, twice the smaller tail (Fisher's exact test);
the q-value is that of Benjamini and Hochberg over all pairs of motifs of the target.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from deeplift_genomics.instances.columns import Columns


class Together(NamedTuple):
    """Two motifs, by their numbers, and the windows that have them.

    Attributes
    ----------
    left, right
        Numbers of the motifs; `left` is the smaller one.
    n_left, n_right, n_both
        Windows with an instance of the first, of the second, and of both.
    expected
        Windows that would have both if the motifs were placed independently.
    p_value, q_value
        Of the test, and corrected for the number of pairs.
    """

    left: int
    right: int
    n_left: int
    n_right: int
    n_both: int
    expected: float
    p_value: float
    q_value: float

    @property
    def ratio(self) -> float:
        """Observed over expected windows."""
        return self.n_both / self.expected


def find_together(columns: Columns, n_windows: int) -> list[Together]:
    """Return all pairs of motifs that have an instance, the most surprising first.

    Parameters
    ----------
    n_windows
        Number N of windows that were searched, with or without an instance.
    """
    from scipy import sparse, stats

    motifs = len(columns.motifs)
    shape = (int(columns.window.max(initial=-1)) + 1, motifs)
    ones = np.ones(len(columns), dtype=np.int64)
    counts = sparse.csr_array((ones, (columns.window, columns.motif)), shape=shape)
    counts.sum_duplicates()
    counts.data[:] = 1
    both = (counts.T @ counts).toarray()
    left, right = np.triu_indices(motifs, 1)
    present = (both[left, left] > 0) & (both[right, right] > 0)
    left, right = left[present], right[present]
    if not len(left):
        return []
    n_left, n_right, n_both = both[left, left], both[right, right], both[left, right]
    chance = stats.hypergeom(n_windows, n_left, n_right)
    tail = np.minimum(chance.cdf(n_both), chance.sf(n_both - 1))
    p_value = np.minimum(1, 2 * tail)
    q_value = stats.false_discovery_control(p_value)
    expected = n_left * n_right / n_windows
    values = (left, right, n_left, n_right, n_both, expected, p_value, q_value)
    found = [Together(*row) for row in zip(*(item.tolist() for item in values), strict=True)]
    return sorted(found, key=lambda pair: (pair.p_value, pair.left, pair.right))
