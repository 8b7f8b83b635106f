"""The contigs of a genome, whatever file they are in: `fasta` and `twobit` read them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import AMBIGUOUS, KINDS, NO_DNA, UNKNOWN, bytes_of, encode
from deeplift_genomics.errors import InputError

_PIECE = 1 << 24  # bases fetched at a time: limits the memory for text beside the codes


@dataclass(frozen=True)
class Contig:
    """The sequence of one contig.

    Attributes
    ----------
    codes : int8 (length,)
        0 A, 1 C, 2 G, 3 T, 4 anything else.
    ambiguous : int64 (n,)
        Ascending positions of IUPAC codes other than N; each is 4 in `codes`.
    """

    codes: NDArray[np.int8]
    ambiguous: NDArray[np.int64]


class Genome(ABC):
    """The contigs of an open file.

    Attributes
    ----------
    path : Path
        The user's file.
    what : str
        The kind of file, for messages.
    lengths : dict of str to int
        Bases of each contig, in the order of the file.
    """

    def __init__(self, path: Path, what: str, lengths: Mapping[str, int]) -> None:
        self.path = path
        self.what = what
        self.lengths = dict(lengths)

    @abstractmethod
    def bases(self, name: str, start: int, stop: int) -> str:
        """Return the letters of [start, stop) of a contig, in upper or lower case.

        Raises
        ------
        InputError
            If the file is damaged there.
        """

    def contig(self, name: str) -> Contig:
        """Read a whole contig.

        Raises
        ------
        InputError
            If the file is damaged there, or the sequence holds characters that are not DNA.
        """
        return self.stretch(name, 0, self.lengths[name])

    def stretch(self, name: str, start: int, stop: int) -> Contig:
        """Read [start, stop) of a contig; places in it count from `start`.

        Raises
        ------
        InputError
            As `contig`.
        """
        codes = np.full(stop - start, UNKNOWN, dtype=np.int8)
        ambiguous = []
        for first in range(start, stop, _PIECE):
            end = min(first + _PIECE, stop)
            text = self.bases(name, first, end)
            kind = KINDS[bytes_of(text)]
            no_dna = np.flatnonzero(kind == NO_DNA)
            if len(no_dna):
                raise InputError(
                    f"{self.what} {self.path}: contig {name} holds {text[no_dna[0]]!r} at position "
                    f"{first + no_dna[0]} (from 0), which is neither a base nor an IUPAC code. Is "
                    "this the genome (not RNA or protein), and is the copy undamaged?"
                )
            codes[first - start : end - start] = encode(text)
            ambiguous.append(np.flatnonzero(kind == AMBIGUOUS) + first - start)
        return Contig(codes, np.concatenate([np.empty(0, np.int64), *ambiguous]))
