"""A bigWig file of any length, with zoom levels, written with little memory.

pybigtools makes the zoom levels while it writes, with temporary files in TMPDIR of about a tenth of
the file's size. It takes a microsecond for each base.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def write_streamed(
    path: Path,
    contigs: Mapping[str, int],
    stretches: Iterable[tuple[str, int, NDArray[np.float32]]],
) -> int:
    """Write a value for each base, and return the number of bases.

    Parameters
    ----------
    contigs
        Contigs and their lengths, sorted as texts.
    stretches
        Contig, start and values of stretches, sorted and apart.

    Raises
    ------
    RuntimeError
        If the library fails, without a reason that it could name. Some faults of the disk it passes
        over: the file must be read to know that it is whole.
    """
    import pybigtools

    source = _Source(stretches)
    try:
        pybigtools.open(str(path), "w").write(dict(contigs), source.entries())
    except BaseException as error:
        if source.error is None and _is_of_library(error):
            raise RuntimeError(str(error)) from error
        if source.error is None:
            raise
    if source.error is not None:
        raise source.error
    return source.written


def _is_of_library(error: BaseException) -> bool:
    """Return whether an error is what a fault or a crash of the library looks like."""
    return isinstance(error, OSError | ValueError) or type(error).__name__ == "PanicException"


class _Source:
    """The entries for the library, which would pass over an error of whoever makes them."""

    def __init__(self, stretches: Iterable[tuple[str, int, NDArray[np.float32]]]) -> None:
        self.written = 0
        self.error: BaseException | None = None
        self._stretches = stretches

    def entries(self) -> Iterator[tuple[str, int, int, float]]:
        """Yield contig, start, end and value of each base."""
        try:
            for contig, begin, values in self._stretches:
                end = begin + len(values)
                ends = range(begin + 1, end + 1)
                yield from zip(repeat(contig), range(begin, end), ends, values.tolist())
                self.written += len(values)
        except GeneratorExit:  # the library has failed
            raise
        except BaseException as error:
            self.error = error
