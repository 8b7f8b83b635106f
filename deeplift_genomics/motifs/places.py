"""Places of seqlets in the genome: overlapping windows give one place several seqlets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.motifs.patterns import Pattern


class Starts(NamedTuple):
    """The contig and the start of each window of a score file, (N,)."""

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]


class Places(NamedTuple):
    """Numbers of places: of all patterns together, and of each pattern."""

    total: int
    of_pattern: list[int]


def read_starts(file: h5py.File) -> Starts:
    """Read where the windows of an open score file are."""
    return Starts(file["coords_chrom"].asstr()[:], file["coords_start"][:])


def check_rows(patterns: Sequence[Pattern], n: int, motifs_path: str | Path) -> None:
    """Raise InputError if a seqlet is in a row that the score file of `n` windows does not have."""
    for pattern in patterns:
        if pattern.row.min() < 0 or pattern.row.max() >= n:
            raise InputError(
                f"{motifs_path} is damaged: seqlets of {pattern.name} are in rows beyond the {n} "
                "windows of the score file. Delete it and run again."
            )


def count_places(patterns: Sequence[Pattern], starts: Starts) -> Places:
    """Count the places of seqlets; seqlets on the same bases of a contig are at one place."""
    places = [_places(pattern, starts) for pattern in patterns]
    return Places(len(set().union(*places)), [len(of_one) for of_one in places])


def _places(pattern: Pattern, starts: Starts) -> set[tuple[str, int, int]]:
    """Return contig, start and end of the seqlets of a pattern, each once."""
    first = starts.start[pattern.row]  # seqlet positions count from the window's first base
    return set(
        zip(
            starts.chrom[pattern.row],
            (pattern.start + first).tolist(),
            (pattern.end + first).tolist(),
            strict=True,
        )
    )
