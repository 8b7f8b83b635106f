"""Footprints: the mean profile that an insert makes, beside that of its backgrounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.predict import FoldValues
from deeplift_genomics.attribution.profiles import profile_of
from deeplift_genomics.effects.heads import MOST_UNITS
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.models.model import Head


def profile_heads(meter: Meter, backgrounds: Backgrounds) -> list[Head]:
    """Return the heads that have a profile, of no more strands or tracks than are measured."""
    return [
        head
        for head in meter.predictor.heads
        if (profile := _mean_profile(head, backgrounds.values)) is not None
        and len(profile) <= MOST_UNITS
    ]


def background_profile(head: Head, backgrounds: Backgrounds) -> NDArray[np.float64]:
    """Return the mean profile (C, P) of the backgrounds."""
    profile = _mean_profile(head, backgrounds.values)
    assert profile is not None
    return profile


class Footprints:
    """The mean profiles with an insert, summed while its windows are predicted.

    The windows are those of M backgrounds as the motif reads, and then those with its reverse
    complement.

    Attributes
    ----------
    means
        Of each head: (2, C, P).
    """

    def __init__(self, heads: Sequence[Head], backgrounds: Backgrounds) -> None:
        self._heads, self._number = heads, len(backgrounds)
        shapes = [background_profile(head, backgrounds).shape for head in heads]
        self.means = [np.zeros((2, *shape)) for shape in shapes]

    def watch(self, rows: slice, folds: FoldValues) -> None:
        """Add the profiles of a batch of windows."""
        for head, mean in zip(self._heads, self.means, strict=True):
            for values in folds:
                profiles = profile_of(head, values[head.name])
                assert profiles is not None
                for row, profile in enumerate(profiles, start=rows.start):
                    mean[row // self._number] += profile / (self._number * len(folds))


def _mean_profile(head: Head, folds: FoldValues) -> NDArray[np.float64] | None:
    """Return the mean profile (C, P) over windows and folds, or None if the head has none."""
    found = [profile_of(head, values[head.name]) for values in folds]
    means = [profiles.mean(axis=0) for profiles in found if profiles is not None]
    return np.mean(means, axis=0) if means else None
