"""All statistics of a target's instances, from its table and its score file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.instances.spacing import Spacing, find_spacings
from deeplift_genomics.instances.stability import Stability, measure_stability
from deeplift_genomics.instances.summary import Bins, Summary, bins_of, summarise_motif
from deeplift_genomics.instances.together import Together, find_together


class Searched(NamedTuple):
    """What was searched for instances: N windows of `length` bases, and how they may overlap."""

    n_windows: int
    length: int
    max_overlap: float


@dataclass(frozen=True)
class Statistics:
    """The instances of a target in numbers.

    Attributes
    ----------
    bins
        Of the histograms of positions.
    summaries, stability
        Of each motif, by its number.
    together, spacings
        Of all pairs of motifs, the most surprising pair first, and of the near ones.
    """

    bins: Bins
    summaries: Sequence[Summary]
    stability: Sequence[Stability]
    together: Sequence[Together]
    spacings: Sequence[Spacing]

    def spacing_of(self, one: int, other: int) -> Spacing | None:
        """Return the distances of two motifs, seen from the first; None if they are never near."""
        for item in self.spacings:
            if (item.left, item.right) == (one, other):
                return item
            if (item.right, item.left) == (one, other):
                return item.turned()
        return None


def count_and_compare(columns: Columns, scores: Path, searched: Searched) -> Statistics:
    """Count the instances of a target and compare those of its motifs.

    Parameters
    ----------
    columns
        The instances.
    scores
        TARGET.scores.h5.

    Raises
    ------
    InputError
        If the score file is missing or damaged.
    """
    bins = bins_of(searched.length)
    return Statistics(
        bins,
        [summarise_motif(columns, motif, bins) for motif in range(len(columns.motifs))],
        measure_stability(scores, columns),
        find_together(columns, searched.n_windows),
        find_spacings(columns, searched.length, searched.max_overlap),
    )
