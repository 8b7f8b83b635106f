"""A second sequence of a model, which is held fixed: the one sequence of a FASTA file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import first_few


@dataclass(frozen=True)
class FixedSequence:
    """A sequence from a file.

    Attributes
    ----------
    file, digest
        Name of the file without its folder, and its SHA-256.
    record
        Name of the sequence in the file.
    codes : int8 (length,)
        0 A, 1 C, 2 G, 3 T, 4 anything else.
    """

    file: str
    digest: str
    record: str
    codes: NDArray[np.int8]


def read_fixed(path: str, name: str, length: int | None) -> FixedSequence:
    """Read the sequence at which the input `name` is held fixed.

    Parameters
    ----------
    path
        FASTA with one sequence, plain or gzipped.
    name
        The input, for messages.
    length
        The input's length (bp), or None if it is open.

    Raises
    ------
    InputError
        If the file cannot be read, or does not hold one sequence of this length.
    """
    from deeplift_genomics.dna.fasta import open_genome
    from deeplift_genomics.files.atomic import digest

    with open_genome(path, rewrap=True) as genome:
        if len(genome.lengths) != 1:
            raise InputError(
                f"{path} holds {len(genome.lengths)} sequences ({first_few(genome.lengths, 3)}); "
                f"the input {name} is held fixed at one sequence for all windows. Give a file with "
                "that one alone."
            )
        (record,) = genome.lengths
        found = genome.lengths[record]
        if length is not None and found != length:
            raise InputError(
                f"{path} holds a sequence of {found} bp, but the input {name} takes {length} bp. "
                f"Give a sequence of {length} bp."
            )
        return FixedSequence(Path(path).name, digest(path), record, genome.contig(record).codes)
