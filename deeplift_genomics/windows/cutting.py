"""Windows cut out of a contig: their bases, and how many of them are unknown or ambiguous."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.genome import Contig
from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.errors import InputError

_ROWS = 4096  # windows cut at a time: a copy of all would double the memory


def check_cut(length: int, max_unknown: float) -> None:
    """Raise InputError unless windows can have this length, and this fraction of unknown bases."""
    if isinstance(length, bool) or not isinstance(length, int | np.integer) or length < 1:
        raise InputError(f"Window length must be a whole number of bases above 0, not {length!r}.")
    if not 0 <= max_unknown <= 1:
        raise InputError(f"max_unknown must be a fraction from 0 to 1, not {max_unknown!r}.")


class ContigWindows:
    """The windows of one length in a contig; each is named by its start (0-based)."""

    def __init__(self, contig: Contig, length: int) -> None:
        self._ambiguous = contig.ambiguous
        self._length = length
        self._views = np.lib.stride_tricks.sliding_window_view(contig.codes, length)

    def codes(self, starts: NDArray[np.int64]) -> NDArray[np.int8]:
        """Return a copy of the codes (n, L) of the windows."""
        return self._views[starts]

    def n_ambiguous(self, starts: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the number of IUPAC codes other than N in each window, (n,)."""
        first, last = np.searchsorted(self._ambiguous, [starts, starts + self._length])
        return last - first


def unknown_fraction(codes: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return the fraction of unknown bases of each window, (n,), from codes (n, L)."""
    return np.count_nonzero(codes == UNKNOWN, axis=1) / codes.shape[1]


def pieces(values: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Yield pieces of an array (n,), each for as many windows as are cut at a time."""
    for start in range(0, len(values), _ROWS):
        yield values[start : start + _ROWS]
