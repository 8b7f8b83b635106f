"""Windows that overlap: where the tiles of a genome lie, and what a base of several may get.

What a configuration needs to know of both, without reading any sequence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.words import first_few


@dataclass(frozen=True)
class Tiling:
    """Which tiles: `stride` bases from start to start, on the `contigs` named (all if none) but
    for those to `leave_out`, none that overlaps a region of the BED file `exclude`."""

    stride: int
    contigs: tuple[str, ...] = ()
    leave_out: tuple[str, ...] = ()
    exclude: str | Path | None = None


def count_tiles(fasta_path: str | Path, tiling: Tiling) -> int:
    """At most so many tiles, whatever their length; from the index beside the genome.

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
            f"{fasta} is to be tiled, and the number of tiles is needed before anything runs: its "
            f"index {index} was not found. {hint}"
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
    """Names of the contigs to be tiled, in the order of the genome.

    Raises
    ------
    InputError
        If one is named that the genome does not have, or none is left.
    """
    names = list(lengths)
    missing = [name for name in (*tiling.contigs, *tiling.leave_out) if name not in names]
    if missing:
        raise InputError(
            f"{fasta} has no contig {missing[0]!r}, which is to be taken or left out. "
            f"It has {first_few(names)}."
        )
    taken = [
        name
        for name in names
        if name not in tiling.leave_out and (not tiling.contigs or name in tiling.contigs)
    ]
    if not taken:
        raise InputError(f"No contig of {fasta} is left to be tiled.")
    return taken
