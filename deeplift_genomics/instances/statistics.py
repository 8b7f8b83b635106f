"""All statistics of a target's instances, from its table and its score file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.instances.columns import Columns, read_columns
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
class TargetInstances:
    """The instances of a target.

    Attributes
    ----------
    path
        Their table.
    columns
        Their numbers.
    bins
        Of the histograms of positions.
    summaries, stability
        By label of the motif.
    together, spacings
        Of all pairs of motifs, the most surprising pair first, and of the near ones.
    """

    path: Path
    columns: Columns
    bins: Bins
    summaries: Mapping[str, Summary]
    stability: Mapping[str, Stability]
    together: Sequence[Together]
    spacings: Sequence[Spacing]

    def spacing_of(self, one: int, other: int) -> Spacing | None:
        """Return the distances of two motifs as seen from the first, None if they are never near."""
        for item in self.spacings:
            if (item.left, item.right) == (one, other):
                return item
            if (item.right, item.left) == (one, other):
                return item.turned()
        return None


def read_instances(
    table: Path, scores: Path, motifs: Sequence[str], *, searched: Searched
) -> TargetInstances:
    """Read the instances of a target, and count and compare them.

    Parameters
    ----------
    table, scores
        TARGET.instances.tsv and TARGET.scores.h5.
    motifs
        Labels of the sample's motifs.

    Raises
    ------
    InputError
        If a file is missing or damaged, or the instances are of other motifs.
    """
    columns = read_columns(table, motifs)
    bins = bins_of(searched.length)
    stability = measure_stability(scores, columns)
    return TargetInstances(
        table,
        columns,
        bins,
        {name: summarise_motif(columns, index, bins) for index, name in enumerate(motifs)},
        dict(zip(motifs, stability, strict=True)),
        find_together(columns, searched.n_windows),
        find_spacings(columns, searched.length, searched.max_overlap),
    )
