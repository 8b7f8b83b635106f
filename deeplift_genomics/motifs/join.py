"""The patterns of a sample's targets that are one motif, joined, named and turned alike.

Patterns are one motif if they are alike by sequence (`similarity`): in which target they were
found, and whether they raise or lower it, does not matter. The motif is read as its best match is,
or, without one, as its pattern with the most seqlets.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.dna.sequence import reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.files.words import first_few
from deeplift_genomics.motifs.best_matches import (
    Candidate,
    Found,
    common_match,
    match_of,
    read_best_matches,
)
from deeplift_genomics.motifs.labels import joint_name, unique_labels
from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.motifs.names import BETWEEN_PARTS, MOTIFS, SINGLE, Label
from deeplift_genomics.motifs.own_names import OwnNames
from deeplift_genomics.motifs.patterns import Pattern, read_motif_attributes, read_motifs
from deeplift_genomics.motifs.profile import Placed, profile_of
from deeplift_genomics.motifs.similarity import group, lay, measure_distances
from deeplift_genomics.settings.motif_names import PatternKey
from deeplift_genomics.settings.motif_sections import Clusters

log = logging.getLogger(__name__)


class Member(NamedTuple):
    """A pattern of a target, and what was found for it in the database."""

    target: str
    pattern: Pattern
    found: Found

    def matches(self, motif_id: str) -> list[Candidate]:
        """Return the matches with a motif of the database, or those of all parts without one."""
        if motif_id:
            return match_of(self.found.whole, motif_id)
        return [match for part in self.found.parts for match in part]

    def rank(self, motif_id: str) -> tuple[float, int, str, str]:
        """Return the place of the pattern in its motif: the best match, then the most seqlets."""
        q_value = min((match.q_value for match in self.matches(motif_id)), default=1.0)
        return (q_value, -self.pattern.n_seqlets, self.target, self.pattern.name)

    def is_turned(self, motif_id: str) -> bool:
        """Return whether the pattern must be turned to read as its best match does."""
        matches = self.matches(motif_id)
        return min(matches, key=lambda match: match.q_value).turned if matches else False

    def key(self, sample: str) -> PatternKey:
        """Return the pattern as `motif_names` names it."""
        return PatternKey(sample, self.target, self.pattern.name)


class _Motif(NamedTuple):
    """A motif without its label: its name, and the rows of its patterns."""

    name: str
    rows: list[Label]

    @property
    def rank(self) -> tuple[int, str, str]:
        """The place of the motif in the table: the most seqlets first."""
        first = min((row.target, row.pattern) for row in self.rows)
        return (-sum(row.n_seqlets for row in self.rows), *first)


def join_motifs(
    motif_paths: Sequence[str | Path],
    match_paths: Sequence[str | Path],
    output: str | Path,
    *,
    settings: Clusters,
    names: Mapping[str, str] | None = None,
    sample: str = "",
    threads: int = 1,
) -> int:
    """Join the patterns of a sample into motifs, write SAMPLE/motifs.tsv and return their number.

    The file does not depend on the order of the targets, except in that of its rows: motifs with
    the most seqlets come first, and within a motif the targets in the order given.

    Parameters
    ----------
    motif_paths, match_paths
        The motif file and the table of matches of each target, in the same order.
    output
        The table to write.
    settings
        The section `clusters` of the configuration.
    names
        The user's own names (`motif_names`), by pattern of this `sample` or by identifier.
    threads
        Threads of TOMTOM.

    Raises
    ------
    InputError
        If a file cannot be used, or motifs and matches are of different patterns.
    ConfigError
        If `names` has a pattern that does not exist, or two names for one motif.
    """
    if len(motif_paths) != len(match_paths):
        raise InputError(
            f"There are {len(motif_paths)} motif files and {len(match_paths)} tables of matches; "
            "expected one table for each file, in the same order."
        )
    members = [
        member
        for motifs, matches in zip(motif_paths, match_paths, strict=True)
        for member in _read_members(motifs, matches)
    ]
    own = OwnNames(names or {})
    own.require_patterns(sample, (member.key(sample) for member in members))
    motifs = _join(members, sample, own, threshold=settings.within_sample, threads=threads)
    labels = unique_labels([motif.name for motif in motifs])
    order = {(m.target, m.pattern.name): number for number, m in enumerate(members)}
    rows = [
        row._replace(motif=label)
        for label, motif in zip(labels, motifs, strict=True)
        for row in sorted(motif.rows, key=lambda row: order[row.target, row.pattern])
    ]
    write_table(output, MOTIFS, rows)
    log.info("%s: %d patterns are %d motifs", output, len(rows), len(motifs))
    return len(motifs)


def _read_members(motif_path: str | Path, match_path: str | Path) -> list[Member]:
    """Return the patterns of a target with what was found for each."""
    patterns, found = read_motifs(motif_path), read_best_matches(match_path)
    target = str(read_motif_attributes(motif_path)["target"])
    if found.keys() != {pattern.name for pattern in patterns}:
        raise InputError(
            f"{match_path} is of other patterns than {motif_path}: it has "
            f"{first_few(found, 3) or 'none'}. Give the files of one run, or annotate again."
        )
    return [Member(target, pattern, found[pattern.name]) for pattern in patterns]


def _join(
    members: Sequence[Member], sample: str, own: OwnNames, *, threshold: float, threads: int
) -> list[_Motif]:
    """Return the motifs of a sample, those with the most seqlets first."""
    # by name, so that the groups do not depend on the order of the targets
    members = sorted(members, key=lambda member: (member.target, member.pattern.name))
    profiles = [profile_of(member.pattern) for member in members]
    distances = measure_distances(profiles, [m.found.kind for m in members], threads)
    motifs = []
    for indices in group(distances.distance, threshold):
        match = common_match(members[index].found.whole for index in indices)
        lead = min(indices, key=lambda index: members[index].rank(match.motif_id))
        turn = members[lead].is_turned(match.motif_id)
        placed = lay(profiles, distances, lead=lead, members=indices, turn=turn)
        of_motif = [members[index] for index in indices]
        kind = members[lead].found.kind
        parts = [own.of_match(part.motif_id, part.name) for part in _parts(of_motif, placed, kind)]
        name = (
            own.of_patterns(member.key(sample) for member in of_motif)
            or (joint_name(parts) if parts else "")
            or own.of_match(match.motif_id, match.name)
        )
        text = BETWEEN_PARTS.join(part or NO_MATCH for part in parts)
        rows = [
            _row(member, item, match)._replace(kind=kind, parts=text)
            for member, item in zip(of_motif, placed, strict=True)
        ]
        motifs.append(_Motif(name, rows))
    return sorted(motifs, key=lambda motif: motif.rank)


def _parts(members: Sequence[Member], placed: Sequence[Placed], kind: str) -> list[Candidate]:
    """Return the matches of the parts of a motif, in the order in which it reads."""
    of_members = [
        member.found.parts[::-1] if item.turned else member.found.parts
        for member, item in zip(members, placed, strict=True)
        if member.found.kind == kind and kind != SINGLE
    ]
    return [common_match(of_part) for of_part in zip(*of_members, strict=True)]


def _row(member: Member, placed: Placed, match: Candidate) -> Label:
    """Return the row of a pattern, without its label."""
    consensus = member.pattern.consensus
    return Label(
        motif="",
        target=member.target,
        pattern=member.pattern.name,
        sign=member.pattern.sign,
        turned=placed.turned,
        shift=placed.shift,
        n_seqlets=member.pattern.n_seqlets,
        consensus=reverse_complement(consensus) if placed.turned else consensus,
        match_id=match.motif_id,
        match_name=match.name,
        family=match.family,
        q_value=match.q_value if match.motif_id else None,
    )
