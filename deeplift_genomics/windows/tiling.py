"""The tiles of a genome, as a configuration describes them, without reading any sequence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases, match_contigs
from deeplift_genomics.dna.fai import contig_lengths
from deeplift_genomics.errors import InputError
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
    aliases
        Other names of the contigs, which `contigs`, `leave_out` and `exclude` may use.
    """

    stride: int
    contigs: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    exclude: str | Path | None = None
    aliases: Aliases = NO_ALIASES

    def __post_init__(self) -> None:
        if self.stride < 1:
            raise InputError(f"The stride of tiles is {self.stride}; expected 1 bp or more.")


def count_tiles(fasta_path: str | Path, tiling: Tiling) -> int:
    """Return the largest number of tiles of any length, from the index beside the genome.

    Raises
    ------
    InputError
        If there is no index (.fai), it does not fit the genome, or lacks a contig.
    """
    lengths = contig_lengths(fasta_path)
    taken = taken_contigs(lengths, tiling, fasta_path)
    return sum(-(-lengths[name] // tiling.stride) for name in taken)


def taken_contigs(lengths: Iterable[str], tiling: Tiling, fasta: str | Path) -> list[str]:
    """Return the names of the contigs to tile, in the order of the genome.

    Raises
    ------
    InputError
        If the genome lacks a contig that `tiling` names, or no contig is left.
    """
    names = list(lengths)
    wanted = (*tiling.contigs, *tiling.leave_out)
    known = match_contigs(wanted, names, tiling.aliases, str(fasta))
    missing = [name for name in wanted if name not in known]
    if missing:
        raise InputError(
            f"{fasta} has no contig {missing[0]!r}, which is to be tiled or left out. "
            f"It has {first_few(names)}."
        )
    tiled, left_out = (
        {known[name] for name in some} for some in (tiling.contigs, tiling.leave_out)
    )
    taken = [name for name in names if name not in left_out and (not tiled or name in tiled)]
    if not taken:
        raise InputError(
            f"No contig of {fasta} is left to be tiled: all are left out. Name others."
        )
    return taken
