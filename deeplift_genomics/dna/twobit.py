"""Genomes in UCSC's 2bit format, read by py2bit.

The format is described at https://genome.ucsc.edu/FAQ/FAQformat.html#format7. It knows A, C, G, T
and N only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import py2bit

from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.first_look import first_look
from deeplift_genomics.files.system_faults import read_through

WHAT = "2bit file"
_CONTIGS = 100  # the first look reads a base of so many contigs


class _TwoBit(Genome):
    """The contigs of an open 2bit file."""

    def __init__(self, path: Path, file: py2bit.pyTwoBit) -> None:
        super().__init__(path, WHAT, file.chroms())
        self._file = file

    def bases(self, name: str, start: int, stop: int) -> str:
        """Return the letters of [start, stop) of a contig, in upper case."""
        try:
            return str(self._file.sequence(name, start, stop))
        except RuntimeError as error:
            raise _damaged(self.path, f"contig {name}: {error}") from error


@contextmanager
def open_twobit(path: Path) -> Iterator[Genome]:
    """Open a 2bit file and yield its contigs.

    Raises
    ------
    InputError
        If it is damaged, or in a byte order that py2bit does not read.
    """
    if problem := first_look(path, _look):
        raise _damaged(path, problem)
    try:
        file = py2bit.open(str(path))
    except RuntimeError as error:
        raise _damaged(path, str(error)) from error
    try:
        genome = _TwoBit(path, file)
        if not any(genome.lengths.values()):
            raise InputError(f"{WHAT} {path} holds no sequence. Fetch or make it again.")
        yield genome
    finally:
        file.close()


def _look(path: Path) -> None:
    """Read the index, and the first and last base of some contigs."""
    file = py2bit.open(str(path))
    for name, length in list(file.chroms().items())[:_CONTIGS]:
        if length:
            file.sequence(name, 0, 1)
            file.sequence(name, length - 1, length)


def _damaged(path: Path, reason: str) -> InputError:
    """Return the error for a file that py2bit cannot read, or raise SystemFaultError."""
    read_through(path)
    return InputError(
        f"{WHAT} {path} cannot be read ({reason}). Fetch it again, or give the genome as FASTA: "
        f"twoBitToFa {path} genome.fa"
    )
