"""The contigs of a genome, whatever file they are in: `fasta` and `twobit` read them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import UNKNOWN, encode
from deeplift_genomics.errors import InputError

_PIECE = 1 << 24  # bases fetched at a time: limits the memory for text beside the codes

# kinds of a byte of sequence: 0 a base, N, or a sign for a gap or mask; an ambiguity code; not DNA
_NO_DNA, _AMBIGUOUS = 2, 1
_KIND = np.full(256, _NO_DNA, dtype=np.int8)
for _kind, _letters in ((0, "ACGTNX-."), (_AMBIGUOUS, "RYSWKMBDHV")):
    for _letter in _letters + _letters.lower():
        _KIND[ord(_letter)] = _kind


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
        length = self.lengths[name]
        codes = np.full(length, UNKNOWN, dtype=np.int8)
        ambiguous = []
        for start in range(0, length, _PIECE):
            stop = min(start + _PIECE, length)
            text = self.bases(name, start, stop)
            kind = _KIND[np.frombuffer(text.encode("latin-1", "replace"), dtype=np.uint8)]
            no_dna = np.flatnonzero(kind == _NO_DNA)
            if len(no_dna):
                raise InputError(
                    f"{self.what} {self.path}: contig {name} holds {text[no_dna[0]]!r} at position "
                    f"{start + no_dna[0]} (from 0), which is neither a base nor an IUPAC code. Is "
                    "this the genome (not RNA or protein), and is the copy undamaged?"
                )
            codes[start:stop] = encode(text)
            ambiguous.append(np.flatnonzero(kind == _AMBIGUOUS) + start)
        return Contig(codes, np.concatenate([np.empty(0, np.int64), *ambiguous]))
