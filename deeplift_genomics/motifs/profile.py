"""Base frequencies as a motif shows them: of one pattern, or averaged over several, laid together.

Every base of a pattern has a weight from 0 to 1: the sum of \\|CWM\\| at the base as a share of 30%
of the largest such sum, at most 1. Bases in the core of `patterns.trimmed` have the weight 1; the
flanks, which the model does not use, fade out instead of ending where noise puts the edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.motifs.patterns import Pattern

FULL_WEIGHT = 0.3  # of the largest contribution; the threshold of `patterns.trimmed`
FLAT = 0.25  # frequency of a base about which nothing is known


class Profile(NamedTuple):
    """Base frequencies with weights.

    Attributes
    ----------
    ppm
        Base frequencies (W, 4).
    weight
        How much of each base's frequencies counts (W,), from 0 to 1.
    n_seqlets
        Number of seqlets that it was made from.
    """

    ppm: NDArray[np.float64]
    weight: NDArray[np.float64]
    n_seqlets: int

    def core(self, threshold: float) -> tuple[int, int]:
        """Return the first base whose weight reaches a threshold, and the one after the last."""
        inside = np.flatnonzero(self.weight >= min(threshold, self.weight.max()))
        return int(inside[0]), int(inside[-1]) + 1

    def turned(self) -> Profile:
        """Return the reverse complement."""
        return self._replace(ppm=self.ppm[::-1, ::-1], weight=self.weight[::-1])


class Placed(NamedTuple):
    """A profile in the frame of another: whether it is turned, and where it begins."""

    profile: Profile
    turned: bool
    shift: int


def profile_of(pattern: Pattern) -> Profile:
    """Return the profile of a pattern."""
    size = np.abs(pattern.cwm).sum(axis=1)
    largest = size.max()
    weight = np.minimum(1, size / (FULL_WEIGHT * largest)) if largest else np.ones(len(size))
    return Profile(pattern.ppm, weight, pattern.n_seqlets)


def average(placed: Iterable[Placed]) -> tuple[Profile, int]:
    """Average profiles laid together, each counted by its seqlets.

    Returns
    -------
    Profile
        The mean frequencies at each base, over the profiles that have it and by their weights, and
        the mean weight over all of them.
    int
        Where it begins in the frame of the others.
    """
    parts = [
        (item.profile.turned() if item.turned else item.profile, item.shift) for item in placed
    ]
    first = min(shift for _, shift in parts)
    width = max(shift + len(part.ppm) for part, shift in parts) - first
    total = np.zeros(width)
    deviation = np.zeros((width, 4))
    for part, shift in parts:
        place = slice(shift - first, shift - first + len(part.ppm))
        counted = part.n_seqlets * part.weight
        total[place] += counted
        deviation[place] += counted[:, None] * (part.ppm - FLAT)
    n_seqlets = sum(part.n_seqlets for part, _ in parts)
    ppm = FLAT + np.divide(
        deviation, total[:, None], out=np.zeros_like(deviation), where=total[:, None] > 0
    )
    return Profile(ppm, total / n_seqlets, n_seqlets), first
