"""The motifs that a variant makes, breaks, weakens or strengthens.

Instances are called in both alleles as in the regions of a run, with the cutoffs of its patterns.
An instance of one allele is that of the other if it is of the same motif and they share at least
half of the shorter one, along the alignment. Only what the variant changes is told: where the
contribution of a place differs between the alleles by `CHANGED` of the larger one at least.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.calls import instances_of
from deeplift_genomics.instances.cores import read_cores
from deeplift_genomics.instances.cutoffs import find_cutoffs
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.scan import find_calls
from deeplift_genomics.instances.shards import CallSet
from deeplift_genomics.motifs.patterns import read_motif_attributes
from deeplift_genomics.motifs.places import Starts
from deeplift_genomics.scores.allele_tables import (
    ALLELES,
    BROKEN,
    MADE,
    STRENGTHENED,
    WEAKENED,
    MotifChange,
)
from deeplift_genomics.settings.motif_sections import Instances
from deeplift_genomics.windows.edits import Edit

CHANGED = 0.1
REFERENCE, ALTERNATIVE = 0, 1
_MOST_TOLD = 20  # motifs in a cell of the table
_NEAR = 2  # bp; how far the best match may be from the place of the other allele's instance


class _Placed(NamedTuple):
    """An instance in an allele's window, and its columns in the alignment."""

    instance: Instance
    allele: int
    first: int
    last: int

    def is_one_with(self, other: _Placed) -> bool:
        """Return whether an instance of the other allele is of the same motif and place."""
        shared = min(self.last, other.last) - max(self.first, other.first)
        shorter = min(self.last - self.first, other.last - other.first)
        return self.instance.motif == other.instance.motif and 2 * shared >= shorter


class MotifFinder:
    """The patterns of a target.

    Parameters
    ----------
    motifs
        The motif file of the target.
    table
        SAMPLE/motifs.tsv; without it, a motif has the name of its pattern.
    settings
        Those by which instances are called.

    Attributes
    ----------
    target
        The target.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run.
    """

    def __init__(self, motifs: Path, table: Path | None, settings: Instances) -> None:
        attributes = read_motif_attributes(motifs)
        self.target = str(attributes.get("target", ""))
        self._cores, seqlets = read_cores(motifs)
        self._cutoffs = find_cutoffs(self._cores, seqlets, settings)
        self._table, self._max_overlap = table, settings.max_overlap
        self._number = {name: i for i, name in enumerate(self._cores.names)}

    def __call__(
        self,
        codes: NDArray[np.int8],
        contributions: NDArray[np.float32],
        edits: Sequence[Edit],
        first_row: int = 0,
    ) -> list[MotifChange]:
        """Return what n variants change, in their order and that of the places.

        Parameters
        ----------
        codes, contributions
            Of both alleles (n, 2, L).
        edits
            What differs.
        first_row
            Number of the first variant.
        """
        if not len(self._cores) or not len(codes):
            return []
        n, _, length = codes.shape
        values = np.nan_to_num(contributions).astype(np.float32)  # NaN: not computed
        found: list[list[Instance]] = [[] for _ in range(2 * n)]
        for one in self._instances(codes.reshape(2 * n, length), values.reshape(2 * n, length)):
            found[one.row].append(one)
        changes = []
        for i, edit in enumerate(edits):
            both = _Both(codes[i], values[i], edit)
            placed = [both.place(one, allele) for allele in (0, 1) for one in found[2 * i + allele]]
            changes += list(self._changes(first_row + i, both, placed))
        return changes

    def _instances(
        self, codes: NDArray[np.int8], values: NDArray[np.float32]
    ) -> Iterator[Instance]:
        """Yield the instances in windows, each of which is a contig of its own."""
        number, length = codes.shape
        cells = np.tile(np.array([0, 2 * length], np.int64), (number, 1))
        cores = self._cores
        calls = CallSet(
            calls=find_calls(codes, values, cells, cores=cores, cutoffs=self._cutoffs),
            patterns=list(cores.names),
            width=cores.width,
            before=cores.before,
            after=cores.after,
            cutoffs=self._cutoffs,
            attributes={"target": self.target},
        )
        contigs = np.array([str(row) for row in range(number)], object)
        starts = Starts(contigs, np.zeros(number, np.int64))
        return instances_of(calls, starts, self._table, max_overlap=self._max_overlap)

    def _changes(self, row: int, both: _Both, placed: Sequence[_Placed]) -> Iterator[MotifChange]:
        """Yield what a variant changes."""
        reference = [one for one in placed if one.allele == REFERENCE]
        alternative = [one for one in placed if one.allele == ALTERNATIVE]
        pairs: list[tuple[_Placed | None, _Placed | None]] = []
        for one in reference:
            same = next((other for other in alternative if one.is_one_with(other)), None)
            if same is not None:
                alternative.remove(same)
            pairs.append((one, same))
        pairs += [(None, other) for other in alternative]
        pairs.sort(key=lambda pair: min(one.first for one in pair if one is not None))
        for before, after in pairs:
            shown = before or after
            assert shown is not None
            old = both.contribution(before or shown, REFERENCE)
            new = both.contribution(after or shown, ALTERNATIVE)
            if abs(new - old) < CHANGED * max(abs(old), abs(new)):
                continue
            status = BROKEN if after is None else MADE if before is None else STRENGTHENED
            if status == STRENGTHENED and abs(new) < abs(old):
                status = WEAKENED
            instance = shown.instance
            yield MotifChange(
                variant=row,
                target=self.target,
                motif=instance.motif,
                pattern=instance.pattern,
                status=status,
                strand=instance.strand,
                start=instance.start,
                end=instance.end,
                allele=ALLELES[shown.allele],
                reference_contribution=old,
                alternative_contribution=new,
                reference_match=self._match(both, before or shown, REFERENCE),
                alternative_match=self._match(both, after or shown, ALTERNATIVE),
            )

    def _match(self, both: _Both, placed: _Placed, allele: int) -> float:
        """Return how well the sequence of an allele matches at a place, on either strand.

        Of the other allele than the place's it is the best match near to it.
        """
        if placed.allele == allele:
            return placed.instance.match
        number = self._number[placed.instance.pattern]
        width, best = int(self._cores.width[number]), float(self._cores.best[number])
        codes = both.codes[allele]
        middle, steps = both.start(placed, allele), range(-_NEAR, _NEAR + 1)
        starts = [middle + step for step in steps if 0 <= middle + step <= len(codes) - width]
        cwm, at = self._cores.cwm[number], np.arange(width)
        return max(
            (
                float(cwm[strand, at, codes[start : start + width]].sum() / best)
                for start in starts
                for strand in (0, 1)
            ),
            default=0.0,
        )


class _Both:
    """Both windows of a variant, and their alignment."""

    def __init__(
        self, codes: NDArray[np.int8], contributions: NDArray[np.float32], edit: Edit
    ) -> None:
        self.codes, self._values = codes, contributions
        self._columns = edit.columns(codes.shape[1])
        self._column_of = [
            np.flatnonzero(self._columns[:, allele] >= 0) for allele in (REFERENCE, ALTERNATIVE)
        ]

    def place(self, one: Instance, allele: int) -> _Placed:
        """Return an instance with its columns."""
        of_base = self._column_of[allele]
        return _Placed(one, allele, int(of_base[one.start]), int(of_base[one.end - 1]) + 1)

    def contribution(self, placed: _Placed, allele: int) -> float:
        """Return the sum of an allele's contributions in the columns of a place."""
        bases = self._columns[placed.first : placed.last, allele]
        return float(self._values[allele, bases[bases >= 0]].sum(dtype=np.float64))

    def start(self, placed: _Placed, allele: int) -> int:
        """Return the first base of an allele's window in the columns of a place, or after it."""
        return int((self._columns[: placed.first, allele] >= 0).sum())


def _away(change: MotifChange, edit: Edit) -> int:
    """Return the number of bases between a motif and the variant; 0 if it lies in the motif."""
    length = edit.removed if change.allele == ALLELES[0] else edit.added
    return max(0, change.start - (edit.at + length), edit.at - change.end)


def in_words(changes: Sequence[MotifChange], targets: Sequence[str], edit: Edit) -> str:
    """Return the motifs of a variant as a cell of the table tells them.

    `targets` are those for which motifs were called; what holds for all of them names none. Motifs
    that the variant, the `edit` of the window, lies in come first; of others the distance is told.

    >>> change = MotifChange(0, "counts", "ETS", "pos_0", "broken", "+", 1, 9, "reference",
    ...                      1.0, 0.1, 0.9, 0.4)
    >>> in_words([change], ["counts"], Edit(5, 1, 1))
    'ETS broken'
    >>> in_words([change], ["counts", "profile"], Edit(20, 1, 1))
    'ETS broken 11 bp away (counts)'
    """
    told: dict[str, set[str]] = {}
    for one in sorted(changes, key=lambda one: _away(one, edit)):
        away = _away(one, edit)
        place = f" {away} bp away" if away else ""
        told.setdefault(f"{one.motif} {one.status}{place}", set()).add(one.target)
    words = []
    for text, of in told.items():
        named = ", ".join(target for target in targets if target in of)
        words.append(text if len(of) == len(targets) else f"{text} ({named})")
    more = len(words) - _MOST_TOLD
    return "; ".join(words[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
