"""Little tables of instances, written and read as those of a run."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.columns import Columns, read_columns
from deeplift_genomics.instances.table import INSTANCES


class Site(NamedTuple):
    """An instance: motif, contig and centre of its window, first base from there, width, strand."""

    motif: str
    chrom: str
    centre: int
    at: int
    width: int = 10
    strand: str = "+"
    contribution: float = 1.0
    similarity: float = 0.5


def write_sites(path: Path, sites: Iterable[Site]) -> Path:
    """Write a table of instances."""
    rows = []
    for site in sites:
        start = site.centre + site.at
        end = start + site.width
        rows.append(
            (
                site.chrom, start, end, site.motif, "pos_0", site.strand, 0.9, site.similarity,
                site.contribution, "A" * site.width, "peak", (start + end) // 2 - site.centre,
                "", "", None,
            )
        )  # fmt: skip
    write_table(path, INSTANCES, rows)
    return path


def read_sites(folder: Path, sites: Iterable[Site], motifs: Sequence[str]) -> Columns:
    """Return a table of instances as arrays."""
    return read_columns(write_sites(folder / "sites.tsv", sites), motifs)
