"""The writer of predictions, in shards and in the file that they are joined to.

Values along windows are rounded to 8 binary digits after the first, 0.2%, so that they take about
1.5 bytes each on the disk. They are written a whole chunk at a time, in the order of the windows,
so that the bytes of a file do not depend on how the windows were split.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import Attributes, require_file_in_place, whole_number
from deeplift_genomics.scores.file import ROWS_PER_CHUNK
from deeplift_genomics.scores.predictions import TRACKS, VALUES, tracks_of, values_of

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
        self._n, self._row = n, 0
        self._values = [
            number_dataset(group, "predicted", (n, *(item.shape or ())))
            for group, item in zip(_groups(file, VALUES, values), values, strict=True)
        ]
        self._numbers: list[list[NDArray[np.float32]]] = [[] for _ in values]
        self._tracks = [
            track_dataset(group, "predicted", n, item.shape)
            for group, item in zip(_groups(file, TRACKS, tracks), tracks, strict=True)
            if item.shape is not None
        ]
        self._waiting: list[list[NDArray[np.float32]]] = [[] for _ in self._tracks]

    def append(
        self, tracks: Sequence[NDArray[np.float32]], values: Sequence[NDArray[np.float32]]
    ) -> None:
        """Add windows: of each track (n, S, P), of each value (n, U)."""
        for waiting, rows in zip(self._waiting, tracks, strict=True):
            waiting.append(rounded(rows))
        self._add(values)
        if self._waiting and sum(map(len, self._waiting[0])) >= ROWS_PER_CHUNK:
            self._flush(whole_chunks=True)

    def copy(self, shard: h5py.File) -> Iterator[int]:
        """Add the windows of a shard, a chunk at a time; yield how many there are so far.

        Compressed chunks are copied as they are.

        Raises
        ------
        InputError
            If they are not of the size and type that this release writes.
        """
        self._flush(whole_chunks=False)
        n = whole_number(shard, "n_rows")
        sources = [group["predicted"] for group in tracks_of(shard) if "predicted" in group]
        for source, dataset in zip(sources, self._tracks, strict=True):
            if n and (source.chunks, source.dtype) != (dataset.chunks, dataset.dtype):
                raise InputError(
                    f"{shard.filename} stores its values in another way: another release made it. "
                    "Delete the shards and run again."
                )
        self._add([group["predicted"][:] for group in values_of(shard)])
        for start in range(0, n, ROWS_PER_CHUNK):
            for source, dataset in zip(sources, self._tracks, strict=True):
                mask, packed = source.id.read_direct_chunk((start, 0, 0))
                dataset.id.write_direct_chunk((self._row, 0, 0), packed, mask)
            self._row += min(ROWS_PER_CHUNK, n - start)
            yield self._row

    def close(self) -> None:
        """Write what remains; raise InputError if the number of windows is not `n`."""
        self._flush(whole_chunks=False)
        counted = [sum(map(len, numbers)) for numbers in self._numbers]
        counted += [self._row] if self._tracks else []
        for n in counted:
            if n != self._n:
                raise InputError(f"{n} of {self._n} windows were predicted; none is kept.")
        for dataset, numbers in zip(self._values, self._numbers, strict=True):
            if numbers:
                dataset[:] = np.concatenate(numbers)

    def _add(self, values: Sequence[NDArray[np.float32]]) -> None:
        """Add numbers of windows, which wait until the end."""
        for numbers, rows in zip(self._numbers, values, strict=True):
            numbers.append(rows.astype(np.float32))

    def _flush(self, whole_chunks: bool) -> None:
        """Write the rows that wait, or of them only whole chunks."""
        waiting = sum(map(len, self._waiting[0])) if self._waiting else 0
        count = waiting - waiting % ROWS_PER_CHUNK if whole_chunks else waiting
        if not count:
            return
        require_file_in_place(self._tracks[0].file)
        for number, dataset in enumerate(self._tracks):
            block = np.concatenate(self._waiting[number])
            dataset[self._row : self._row + count] = block[:count]
            self._waiting[number] = [block[count:]]
        self._row += count


def _groups(file: h5py.File, name: str, groups: Sequence[Group]) -> list[h5py.Group]:
    """Make the numbered groups, with their attributes."""
    parent = file.require_group(name)
    made = []
    for index, item in enumerate(groups):
        made.append(parent.create_group(str(index)))
        for key, value in sorted(item.attributes.items()):
            made[-1].attrs[key] = value
    return made


def track_dataset(group: h5py.Group, name: str, n: int, shape: tuple[int, ...]) -> h5py.Dataset:
    """Make the dataset of values along n windows, in chunks that a shard's fit into."""
    packed: dict[str, Any] = {}
    if n:
        packed = {"chunks": (ROWS_PER_CHUNK, *shape), "maxshape": (max(n, ROWS_PER_CHUNK), *shape)}
        packed |= {
            "compression": "gzip",
            "compression_opts": 1,
            "shuffle": True,
            "fletcher32": True,
        }
    return group.create_dataset(name, (n, *shape), np.float32, track_times=False, **packed)


def number_dataset(group: h5py.Group, name: str, shape: tuple[int, ...]) -> h5py.Dataset:
    """Make the dataset of numbers of windows (n,) or (n, U), which is written at once."""
    packed: dict[str, Any] = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
    packed = {**packed, "fletcher32": True} if 0 not in shape else {}
    return group.create_dataset(name, shape, np.float32, track_times=False, **packed)
