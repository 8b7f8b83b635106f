"""The writer of predictions, in shards and in the file that they are joined to.

Values along windows are rounded to 8 binary digits after the first, 0.2%, so that they take about
1.5 bytes each on the disk. They are written a whole chunk at a time, in the order of the windows, so
that the bytes of a file do not depend on how the windows were split.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import Attributes, require_file_in_place
from deeplift_genomics.scores.file import ROWS_PER_CHUNK
from deeplift_genomics.scores.predictions import TRACKS, VALUES

_DIGITS = 8  # binary, kept after the first
_DROPPED = 23 - _DIGITS


@dataclass(frozen=True)
class Group:
    """A group of the file: its attributes, and the shape of a window's `predicted`, if any.

    The shape is (S, P) of a track and (U,) of a value.
    """

    attributes: Attributes
    shape: tuple[int, ...] | None


def rounded(values: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return float32 rounded to 8 binary digits after the first; whole numbers up to 512 stay.

    Halves are rounded to even, as in arithmetic.
    """
    bits = np.ascontiguousarray(values, np.float32).view(np.uint32).astype(np.uint64)
    half = (np.uint64(1) << np.uint64(_DROPPED - 1)) - np.uint64(1)
    odd = (bits >> np.uint64(_DROPPED)) & np.uint64(1)
    kept = (bits + half + odd) >> np.uint64(_DROPPED) << np.uint64(_DROPPED)
    return kept.astype(np.uint32).view(np.float32)


class PredictionWriter:
    """A writer that fills the groups of a file in the order of the windows.

    Parameters
    ----------
    file
        An open file; its type and attributes are the caller's.
    n
        Windows that will come.
    tracks, values
        The groups.
    """

    def __init__(
        self, file: h5py.File, n: int, *, tracks: Sequence[Group], values: Sequence[Group]
    ) -> None:
        self.file, self._n, self._row = file, n, 0
        self.tracks = [_group(file, TRACKS, i, group) for i, group in enumerate(tracks)]
        self._values = [_group(file, VALUES, i, group) for i, group in enumerate(values)]
        file.require_group(TRACKS)
        file.require_group(VALUES)
        self._datasets = [
            _dataset(group, "predicted", n, item.shape)
            for group, item in zip(self.tracks, tracks, strict=True)
            if item.shape is not None
        ]
        self._waiting: list[list[NDArray[np.float32]]] = [[] for _ in self._datasets]
        self._numbers: list[list[NDArray[np.float32]]] = [[] for _ in values]

    def append(
        self, tracks: Sequence[NDArray[np.float32]], values: Sequence[NDArray[np.float32]]
    ) -> None:
        """Add windows: of each track (n, S, P), of each value (n, U)."""
        for waiting, rows in zip(self._waiting, tracks, strict=True):
            waiting.append(rounded(rows))
        for numbers, rows in zip(self._numbers, values, strict=True):
            numbers.append(rows.astype(np.float32))
        if self._waiting and sum(map(len, self._waiting[0])) >= ROWS_PER_CHUNK:
            self._flush(whole_chunks=True)
