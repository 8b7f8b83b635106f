"""What was found: a line for each family of motifs, with its places, regions and effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.one_place import is_one_place
from deeplift_genomics.motifs.matches import MATCHES, NO_MATCH
from deeplift_genomics.motifs.names import SINGLE
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.measured import ABLATION, INSERTION, Measured, measure
from deeplift_genomics.report.sample_run import ReportMotif, SampleRun

_BITS = 40  # of a place on a contig; the number of the contig is above them


class Line(NamedTuple):
    """A family of motifs.

    Attributes
    ----------
    name
        The family, such as "ETS"; the factor for a database without families; or what kind of
        motif it is.
    factors
        Names of known motifs of this family that its patterns match, the best one first.
    motifs
        Its motifs, in the order of the sample's.
    n_places, n_regions
        Number of places, each once whatever the number of targets, and of windows that hold one.
    n_shared
        Number of places that were called in two targets or more.
    ablation, insertion
        What the prediction does without it and with it; None if that was not measured.
    """

    name: str
    factors: list[str]
    motifs: list[ReportMotif]
    n_places: int
    n_regions: int
    n_shared: int
    ablation: Measured | None
    insertion: Measured | None

    @property
    def title(self) -> str:
        """The family and its factors, such as "ETS (SPI1 and 12 others)"."""
        if not self.factors or self.factors == [self.name]:
            return self.name
        first, *others = self.factors
        more = f" and {len(others)} others" if others else ""
        if len(others) == 1:
            more = f" and {others[0]}"
        if not self.name or self.name == first:
            return f"{first}{more}"
        return f"{self.name} ({first}{more})"

    @property
    def sign(self) -> int:
        """1 if most of its seqlets raise the prediction, -1 if most lower it."""
        total = sum(
            member.pattern.sign * member.pattern.n_seqlets
            for motif in self.motifs
            for member in motif.members
        )
        return 1 if total >= 0 else -1


@lru_cache(maxsize=1)
def lines_of(run: SampleRun) -> list[Line]:
    """Return a line for each family: those with the most seqlets first, the unmatched ones last.

    Motifs are of one family if the families of their best matches have one name; C2H2 zinc
    fingers, which have unlike motifs, if they have one factor. A composite or repeat without a
    match of its own is a line of its own.
    """
    groups: dict[tuple[str, str], list[ReportMotif]] = {}
    for motif in run.motifs:
        groups.setdefault(_key(motif), []).append(motif)
    places = _Places(run, [[motif.name for motif in motifs] for motifs in groups.values()])
    factors = _factors(run)
    lines = []
    for number, ((name, _), motifs) in enumerate(groups.items()):
        labels = [motif.name for motif in motifs]
        lines.append(
            Line(
                name,
                _names(motifs, name, factors),
                motifs,
                *places.count(number),
                ablation=measure(run, labels, ABLATION),
                insertion=measure(run, labels[:1], INSERTION),
            )
        )
    return sorted(lines, key=_rank)


def _rank(line: Line) -> tuple[bool, int]:
    return line.name == NO_MATCH, -sum(motif.n_seqlets for motif in line.motifs)


def _key(motif: ReportMotif) -> tuple[str, str]:
    """Return the name of a motif's line, and what tells it from others of that name."""
    label = motif.label
    if label.match_name:
        family = family_of(label.family)
        alone = family.alone or not family.name
        return family.name or label.match_name, label.match_name.upper() if alone else ""
    if label.kind != SINGLE:
        return f"{label.kind}: {label.parts or 'unknown parts'}", label.parts
    return NO_MATCH, ""


def _names(
    motifs: Sequence[ReportMotif], name: str, factors: dict[tuple[str, str], list[tuple[str, str]]]
) -> list[str]:
    """Return the factors of a family that its patterns match, the best match of a motif first."""
    first = [motif.label.match_name for motif in motifs if motif.label.match_name]
    others = (
        factor
        for motif in motifs
        for member in motif.members
        for family, factor in factors.get((member.target.text, member.pattern.name), [])
        if first and (family_of(family).name or factor) == name
    )
    found: dict[str, str] = {}
    for factor in (*first, *others):
        found.setdefault(factor.upper(), factor)
    return list(found.values())


def _factors(run: SampleRun) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return the family and name of all matches of each whole pattern, by target and pattern."""
    columns = [list(MATCHES.columns).index(name) for name in ("pattern", "part", "name", "family")]
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for target in run.targets:
        for row in iterate_table(target.paths["matches"], MATCHES):
            pattern, part, name, family = (row[i] for i in columns)
            if not part and name != NO_MATCH:
                found.setdefault((target.text, pattern), []).append((family, name))
    return found


class _Places:
    """The instances of all targets, each with the number of its family and of its window."""

    def __init__(self, run: SampleRun, families: Iterable[Sequence[str]]) -> None:
        number = {label: i for i, labels in enumerate(families) for label in labels}
        contigs: dict[str, int] = {}
        parts: list[NDArray[np.int64]] = []
        for index, columns in enumerate(run.instances.values()):
            of_motif = np.array([number[label] for label in columns.motifs], dtype=np.int64)
            of_contig = np.array(
                [contigs.setdefault(name, len(contigs)) for name in columns.contigs], dtype=np.int64
            )
            part = np.empty((len(columns), 5), dtype=np.int64)
            if len(columns):
                part[:, 0] = of_motif[columns.motif]
                place = of_contig[columns.contig] << _BITS
                part[:, 1], part[:, 3] = place + columns.start, place + columns.summit
                part[:, 2] = part[:, 1] + columns.width
            part[:, 4] = index
            parts.append(part)
        rows = np.concatenate(parts) if parts else np.empty((0, 5), dtype=np.int64)
        self._rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]

    def count(self, family: int) -> tuple[int, int, int]:
        """Return the numbers of places, of regions, and of places in two targets or more."""
        first, last = np.searchsorted(self._rows[:, 0], (family, family + 1))
        _, start, end, centre, target = self._rows[first:last].T
        if not len(start):
            return 0, 0, 0
        same = is_one_place(start[:-1], end[:-1], start[1:], end[1:])
        place = np.cumsum(np.concatenate(([0], ~same)))
        n_targets = int(target.max()) + 1
        targets = np.bincount(np.unique(place * n_targets + target) // n_targets)
        return int(place[-1]) + 1, len(np.unique(centre)), int((targets > 1).sum())
