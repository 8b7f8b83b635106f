"""Unique motifs: the motifs of all samples, clustered.

A sample's motif is first averaged over its patterns. Distances are those of `motifs.similarity`,
and two groups become one while their mean distance is small enough (average linkage). The result
does not depend on the order of the samples.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.dna.sequence import reverse_complement
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.tables import Kind, write_table
from deeplift_genomics.motifs.best_matches import Candidate, common_match, match_of
from deeplift_genomics.motifs.labels import joint_name, unique_labels
from deeplift_genomics.motifs.matches import NO_MATCH
from deeplift_genomics.motifs.meme import MemeMotif, write_meme
from deeplift_genomics.motifs.names import (
    BETWEEN_PARTS,
    MOTIFS,
    SINGLE,
    Label,
    labels_of,
    read_motif_table,
)
from deeplift_genomics.motifs.own_names import OwnNames
from deeplift_genomics.motifs.patterns import read_motif_attributes, read_motifs
from deeplift_genomics.motifs.profile import Placed, Profile, average, profile_of
from deeplift_genomics.motifs.similarity import group, lay, measure_distances
from deeplift_genomics.settings.motif_names import PatternKey, as_name

log = logging.getLogger(__name__)

_OF_PATTERN = {name: kind for name, kind in MOTIFS.columns.items() if name != "motif"}
UNIQUE = Kind("unique_motifs", 1, {"motif": str, "sample": str, "sample_motif": str, **_OF_PATTERN})
_CORE = 0.5  # mean weight from which a base is in the motif's matrix


class SampleFiles(NamedTuple):
    """A sample: its name, its motif table, and the motif files of its targets."""

    sample: str
    table: Path
    motifs: Sequence[Path]


class SampleMotif(NamedTuple):
    """A motif of one sample.

    Attributes
    ----------
    sample
        Name of the sample.
    rows
        Its patterns, in the order of the sample's table.
    widths
        Bases of each pattern.
    profile, first
        The average of its patterns, and where it begins in the frame of the sample's motif.
    """

    sample: str
    rows: list[Label]
    widths: list[int]
    profile: Profile
    first: int

    @property
    def matches(self) -> list[Candidate]:
        """The motif of the database that is its match, or nothing."""
        row = self.rows[0]
        if row.q_value is None:
            return []
        return [Candidate(row.match_id, row.match_name, row.family, row.q_value)]

    def rank(self, motif_id: str) -> tuple[float, int, str, str]:
        """Return the place of the motif in its cluster: the best match, then the most seqlets."""
        q_value = min((m.q_value for m in match_of(self.matches, motif_id)), default=1.0)
        return (q_value, -self.profile.n_seqlets, self.sample, self.rows[0].motif)


class UniqueMotif(NamedTuple):
    """A motif of the run: its rows in the table (see `UNIQUE`), its matrix, and its seqlets."""

    label: str
    rows: list[tuple]
    profile: Profile


def read_sample_motifs(files: SampleFiles) -> list[SampleMotif]:
    """Read the motifs of a sample and average each over its patterns.

    Raises
    ------
    InputError
        If a file cannot be used, or the table is of other patterns than the motif files.
    """
    placed: dict[str, list[tuple[Label, Placed]]] = {}
    order = {(row.target, row.pattern): i for i, row in enumerate(read_motif_table(files.table))}
    for path in files.motifs:
        target = str(read_motif_attributes(path)["target"])
        patterns = read_motifs(path)
        labels = labels_of(files.table, target, [pattern.name for pattern in patterns])
        for pattern in patterns:
            label = labels[pattern.name]
            item = Placed(profile_of(pattern), label.turned, label.shift)
            placed.setdefault(label.motif, []).append((label, item))
    found = []
    for members in placed.values():
        members.sort(key=lambda member: order[member[0].target, member[0].pattern])
        profile, first = average(item for _, item in members)
        widths = [len(item.profile.ppm) for _, item in members]
        found.append(SampleMotif(files.sample, [row for row, _ in members], widths, profile, first))
    return found


def cluster(
    motifs: Sequence[SampleMotif], threshold: float, own: OwnNames, threads: int = 1
) -> list[UniqueMotif]:
    """Cluster the motifs of all samples to unique ones, those with the most seqlets first."""
    motifs = sorted(motifs, key=lambda motif: (motif.sample, motif.rows[0].motif))
    profiles = [motif.profile for motif in motifs]
    distances = measure_distances(profiles, [m.rows[0].kind for m in motifs], threads)
    found = []
    for indices in group(distances.distance, threshold):
        members = [motifs[index] for index in indices]
        match = common_match(member.matches for member in members)
        lead = min(indices, key=lambda index: motifs[index].rank(match.motif_id))
        # each motif reads as its own match does already
        placed = lay(profiles, distances, lead=lead, members=indices, turn=False)
        name = _name(members, motifs[lead], own)
        found.append((name, *_unite(members, placed, motifs[lead])))
    found.sort(key=lambda item: (-item[2].n_seqlets, item[1][0]))
    labels = unique_labels([name for name, _, _ in found])
    return [
        UniqueMotif(label, [(label, *row) for row in rows], profile)
        for label, (_, rows, profile) in zip(labels, found, strict=True)
    ]


def find_unique(
    samples: Sequence[SampleFiles],
    *,
    threshold: float,
    names: Mapping[str, str] | None = None,
    threads: int = 1,
) -> list[UniqueMotif]:
    """Read the motifs of samples and cluster them to unique ones.

    Parameters
    ----------
    samples
        The samples and their files, in any order.
    threshold
        Largest mean distance within a unique motif (`clusters.across_samples`).
    names
        The user's own names (`motif_names`).
    threads
        Threads of TOMTOM.

    Raises
    ------
    InputError
        If a file cannot be used.
    """
    motifs = [
        motif
        for files in Progress(samples, what="patterns", unit="sample")
        for motif in read_sample_motifs(files)
    ]
    unique = cluster(motifs, threshold, OwnNames(names or {}), threads)
    log.info("%d motifs of %d samples are %d unique ones", len(motifs), len(samples), len(unique))
    return unique


def write_unique(unique: Sequence[UniqueMotif], table: str | Path, meme: str | Path) -> None:
    """Write motifs.meme, and then motifs.tsv."""
    write_meme(meme, map(_in_meme, unique))
    write_table(table, UNIQUE, (row for motif in unique for row in motif.rows))


def _unite(
    members: Sequence[SampleMotif], placed: Sequence[Placed], lead: SampleMotif
) -> tuple[list[tuple], Profile]:
    """Return the rows of a unique motif without its label, and its matrix cut to the core."""
    profile, first = average(placed)
    begin, end = profile.core(_CORE)
    best = lead.rows[0]
    rows = []
    for motif, item in zip(members, placed, strict=True):
        for row, width in zip(motif.rows, motif.widths, strict=True):
            shift, turned = row.shift - motif.first, row.turned
            if item.turned:
                shift, turned = len(motif.profile.ppm) - shift - width, not turned
            whole = row._replace(
                turned=turned,
                shift=shift + item.shift - first - begin,
                match_id=best.match_id,
                match_name=best.match_name,
                family=best.family,
                q_value=best.q_value,
                kind=best.kind,
                parts=best.parts,
            )
            rows.append((motif.sample, row.motif, *_cells(whole, item.turned)))
    cut = profile._replace(ppm=profile.ppm[begin:end], weight=profile.weight[begin:end])
    return rows, cut


def _cells(row: Label, turned_again: bool) -> tuple:
    """Return the cells of a pattern, with its consensus as the unique motif reads."""
    if turned_again:
        row = row._replace(consensus=reverse_complement(row.consensus))
    return row[1:]


def _name(members: Sequence[SampleMotif], lead: SampleMotif, own: OwnNames) -> str:
    """Return the name of a unique motif: the user's own, or else that of its best match."""
    by_size = sorted(members, key=lambda motif: motif.rank("")[1:])
    keys = [
        PatternKey(motif.sample, row.target, row.pattern) for motif in by_size for row in motif.rows
    ]
    given = list(dict.fromkeys(own.given(keys)))
    if len(given) > 1:
        log.warning(
            "one motif of several samples has the names %s; %s, of the most seqlets, is taken",
            ", ".join(given),
            given[0],
        )
    row = lead.rows[0]
    if given:
        return given[0]
    if row.kind != SINGLE:
        parts = row.parts.split(BETWEEN_PARTS)
        return joint_name(["" if part == NO_MATCH else part for part in parts])
    return own.of_match(row.match_id, row.match_name)


def _in_meme(motif: UniqueMotif) -> MemeMotif:
    """Return a unique motif as the MEME file has it: its label, and the name of its match."""
    match_name = motif.rows[0][list(UNIQUE.columns).index("match_name")]
    return MemeMotif(
        motif.label, as_name(match_name), motif.profile.ppm, nsites=motif.profile.n_seqlets
    )


def sample_matrices(motifs: Iterable[SampleMotif]) -> Iterator[MemeMotif]:
    """Yield the motifs of one sample as a MEME file has them, cut to their cores."""
    for motif in motifs:
        begin, end = motif.profile.core(_CORE)
        best = motif.rows[0]
        yield MemeMotif(
            best.motif,
            as_name(best.match_name),
            motif.profile.ppm[begin:end],
            nsites=motif.profile.n_seqlets,
        )


def sample_labels(unique: Sequence[UniqueMotif]) -> Iterator[tuple[str, str, str]]:
    """Yield sample, label in the sample, and label in the run, of each motif of each sample."""
    seen = set()
    for motif in unique:
        for row in motif.rows:
            if row[1:3] not in seen:
                seen.add(row[1:3])
                yield (*row[1:3], motif.label)
