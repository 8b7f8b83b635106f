"""The tiles of a genome, as a configuration describes them, without reading any sequence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.words import first_few


@dataclass(frozen=True)
class Tiling:
    """The choice of tiles.

    Attributes
    ----------
    stride
        Bases from the start of a tile to the start of the next.
    contigs
        Names of the contigs to tile; all if empty.
    leave_out
        Names of contigs not to tile.
    exclude
        BED file of regions that no tile may overlap.
    """

    stride: int
    contigs: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    exclude: str | Path | None = None

    def __post_init__(self) -> None:
        if self.stride < 1:
            raise InputError(f"The stride of tiles is {self.stride}; expected 1 bp or more.")


def count_tiles(fasta_path: str | Path, tiling: Tiling) -> int:
    """Return the largest number of tiles of any length, from the index beside the genome.

    Raises
    ------
    InputError
        If there is no index (.fai), it is older than the genome, or lacks a contig.
    """
    fasta = require_file(fasta_path, "FASTA file")
    index = Path(f"{fasta}.fai")
    hint = f"Make it with: samtools faidx {fasta}, or: faidx {fasta}"
    if not index.is_file():
        raise InputError(
            f"{fasta} is to be tiled, and the number of tiles must be known before the run, but "
            f"its index {index} was not found. {hint}"
        )
    if index.stat().st_mtime < fasta.stat().st_mtime:
        raise InputError(f"{index} is older than {fasta}. {hint}")
    try:
        rows = [line.split("\t") for line in index.read_text().splitlines()]
        lengths = {row[0]: int(row[1]) for row in rows}
    except (ValueError, IndexError) as error:
        raise InputError(f"{index} is no index of a FASTA file ({error}). {hint}") from error
    taken = taken_contigs(lengths, tiling, fasta)
    return sum(-(-lengths[name] // tiling.stride) for name in taken)


def taken_contigs(lengths: Iterable[str], tiling: Tiling, fasta: str | Path) -> list[str]:
    """Return the names of the contigs to tile, in the order of the genome.

    Raises
    ------
    InputError
        If the genome lacks a contig that `tiling` names, or no contig is left.
    """
    names = list(lengths)
    missing = [name for name in (*tiling.contigs, *tiling.leave_out) if name not in names]
    if missing:
        raise InputError(
            f"{fasta} has no contig {missing[0]!r}, which is to be tiled or left out. "
            f"It has {first_few(names)}."
        )
    taken = [
        name
        for name in names
        if name not in tiling.leave_out and (not tiling.contigs or name in tiling.contigs)
    ]
    if not taken:
        raise InputError(
            f"No contig of {fasta} is left to be tiled: all are left out. Name others."
        )
    return taken
