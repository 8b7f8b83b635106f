"""The sheets of matches and of instances."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.files.sheets import Column
from deeplift_genomics.files.tables import count_rows, iterate_table
from deeplift_genomics.instances.table import BETWEEN, INSTANCES
from deeplift_genomics.motifs.matches import LEFT, MATCHES, PFM, REPEAT, RIGHT, WHOLE, Match
from deeplift_genomics.motifs.names import Label
from deeplift_genomics.report.families import family_of
from deeplift_genomics.report.sample_run import SampleRun

MOST_ROWS = 20_000  # that a spreadsheet program still opens at once
_PARTS = {WHOLE: "whole", LEFT: "left half", RIGHT: "right half", REPEAT: "repeated half"}
_TURNED = {LEFT: RIGHT, RIGHT: LEFT}


class MatchRow(NamedTuple):
    """A significant match, and the motif whose pattern it is."""

    label: Label
    match: Match

    @property
    def part(self) -> str:
        """The part of the motif, as it reads, that matches."""
        part = self.match.part
        return _PARTS[_TURNED.get(part, part) if self.label.turned else part]


def match_rows(run: SampleRun) -> Iterator[MatchRow]:
    """Yield all significant matches: motif by motif, the best of each pattern's part first."""
    found: dict[tuple[str, str], list[Match]] = {}
    for target in run.targets:
        for cells in iterate_table(target.paths["matches"], MATCHES):
            match = Match(*cells)
            if match.motif_id:
                found.setdefault((target.text, match.pattern), []).append(match)
    for motif in run.motifs:
        for member in motif.members:
            rows = found.get((member.label.target, member.label.pattern), [])
            rows.sort(key=lambda match: list(_PARTS).index(match.part))
            yield from (MatchRow(member.label, match) for match in rows)


MATCH_COLUMNS = (
    Column("Motif", 20, "text", lambda row: row.label.motif, "Its name on the sheet Motifs."),
    Column("Target", 14, "text", lambda row: row.label.target,
        "The output of the model in which the pattern was found."),
    Column("Pattern", 10, "text", lambda row: row.match.pattern,
        "The pattern's name in the files of the target."),
    Column("Part", 14, "text", lambda row: row.part,
        "Whether the whole motif matches, or one half of a composite or repeated one."),
    Column("Factor", 18, "text", lambda row: row.match.name, "Name of the known motif."),
    Column("Identifier", 13, "text", lambda row: row.match.motif_id,
        "Its identifier in the database."),
    Column("Family", 24, "text", lambda row: family_of(row.match.family).name
        if row.match.family else "", "The factor's family, as biologists call it."),
    Column("Class and family in the database", 60, "text", lambda row: row.match.family,
        "The same, as the database has it."),
    Column("p-value", 10, "chance", lambda row: row.match.p_value,
        "How often a motif of the database would be so alike by chance."),
    Column("q-value", 10, "chance", lambda row: row.match.q_value,
        "The share of wrong matches expected among matches as good as this one."),
    Column("Compared by", 18, "text",
        lambda row: "base frequencies" if row.match.source == PFM else "contributions",
        "What of the pattern was more like the known motif."),
    Column("Bases in common", 10, "whole", lambda row: row.match.overlap,
        "Bases over which the two were compared."),
)  # fmt: skip


def count_matches(run: SampleRun) -> int:
    """Return the number of rows of the tables of matches of all targets."""
    return sum(count_rows(target.paths["matches"], MATCHES) for target in run.targets)


def count_instances(run: SampleRun) -> int:
    """Return the number of instances of all targets."""
    return sum(len(columns) for columns in run.instances.values())


def instance_rows(run: SampleRun) -> Iterator[dict[str, Any]]:
    """Yield the instances of all targets, one at a time: column -> cell, with the target's text."""
    for target in run.targets:
        for cells in iterate_table(target.paths["instances"], INSTANCES):
            yield {**dict(zip(INSTANCES.columns, cells, strict=True)), "target": target.text}


def _of(name: str) -> Any:
    return lambda row: row[name]


INSTANCE_COLUMNS = (
    Column("Motif", 20, "text", _of("motif"), "Its name on the sheet Motifs."),
    Column("Target", 14, "text", _of("target"),
        "The output of the model whose contributions were searched."),
    Column("Place", 27, "text", lambda row: str(Locus(row["chrom"], row["start"], row["end"])),
        "Bases of the place, counted from 1 with both ends, as genome browsers take it."),
    Column("Strand", 8, "text", _of("strand"), "The strand on which the motif reads."),
    Column("Sequence", 26, "bases", _of("sequence"), "Its bases, as the motif reads."),
    Column("Contribution", 13, "3 decimals", _of("contribution"),
        "Contributions of its bases, added up."),
    Column("Similarity", 11, "2 decimals", _of("similarity"),
        "How like the motif's the contributions here are; 1 is the same shape."),
    Column("Match", 9, "2 decimals", _of("match"),
        "How well the bases match: 1 is the best possible sequence."),
    Column("Region", 24, "text", _of("region"), "Name of its region in your file."),
    Column("From the summit", 10, "whole", _of("summit_distance"),
        "Bases from the summit or centre of the region; negative to the left of it."),
    Column("Other motifs in the region", 30, "text",
        lambda row: row["others"].replace(BETWEEN, ", "), "Their names."),
    Column("Nearest gene", 16, "text", _of("gene"), "If genes were given."),
    Column("Distance to the gene", 12, "whole", _of("gene_distance"),
        "Bases to its nearest end, if genes were given."),
)  # fmt: skip
