"""The oligos of the report's sample: two for each motif, at its first place, and one left out."""

from collections.abc import Sequence
from pathlib import Path

from deeplift_genomics.design.table import Oligo, Oligos, Outcome, write_oligos
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.table import INSTANCES

OUTCOMES = [Outcome("log2_fold", "counts_head"), Outcome("shape", "profile")]


def write_sample_oligos(path: Path, instances: Path, motifs: Sequence[str]) -> None:
    """Write the wild-type and the ablated oligo of each motif that has instances."""
    first = {}
    for cells in iterate_table(instances, INSTANCES):
        row = dict(zip(INSTANCES.columns, cells, strict=True))
        first.setdefault(row["motif"], row)
    rows = [
        _oligo(first[motif], suffix, group, insert, effects)
        for motif in motifs
        if motif in first
        for suffix, group, insert, effects in (
            ("wt", "wild type", "ACGT" * 10, (0.0, 0.0)),
            ("abl", "ablated", "ACGT" * 4 + "ttaagg" + "GT" + "ACGT" * 4, (-1.0, 0.25)),
        )
    ]
    note = "" if rows else "The sample has no motif."
    rows.append(Oligo(motif="SP1" if rows else "", note=note or "No instance of it is called."))
    write_oligos(path, Oligos(rows, OUTCOMES))


def _oligo(row: dict, suffix: str, group: str, insert: str, effects: tuple) -> Oligo:
    start = row["start"] - 10
    return Oligo(
        f"{row['motif'].replace('_', '-')}_1_{suffix}", group, row["motif"], 1, row["chrom"], start,
        start + 40, row["start"], row["end"], row["strand"], row["region"], "counts", "", 44, 0.5,
        sum(base.islower() for base in insert), f"TT{insert.upper()}GG", insert, "", "", effects,
    )  # fmt: skip
