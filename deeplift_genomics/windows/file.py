"""The windows file (``windows.h5``): windows with their sequences and controls.

It holds everything that later steps need of the region file and the genome, so that they open
neither again.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.files.hdf5 import (
    Attributes,
    Layout,
    atomic_hdf5,
    check_layout,
    open_typed,
    read_attributes,
    stamp,
    subgroup,
)

CONTROLS = "controls"  # the group with a dataset for each control input of the model
_CHUNK_BYTES = 1 << 20
_OWN_ATTRIBUTES = ("deeplift_genomics_type", "format_version")
_STRINGS = ("chrom", "name", "strand")
_INTEGERS = ("start", "end", "summit")
LAYOUT: Layout = {
    **dict.fromkeys(_STRINGS, ("text", "N")),
    **dict.fromkeys(_INTEGERS, ("integer", "N")),
    "codes": ("integer", "NL"),
}


@dataclass(frozen=True)
class Windows:
    """Windows of one length with their sequences, in the order of the region file.

    Attributes
    ----------
    chrom : array of str (N,)
        Contig as the region file names it, by the first name if it has several, so that results
        fit the user's own regions; `attributes["contig_names"]` has the genome's names where they
        differ. Of sequences without a genome, the record's name.
    start, end : int64 (N,)
        The window, 0-based, half-open; end - start is L.
    summit : int64 (N,)
        Position on the contig that the window is centred on: start + L // 2.
    name, strand : array of str (N,)
        As in the region file (`deeplift_genomics.dna.bed.Regions`); the sequence is that of the
        forward strand whatever `strand` says.
    codes : int8 (N, L)
        0 A, 1 C, 2 G, 3 T, 4 anything else.
    attributes : dict of str to str, int or float
        fasta, regions : file names without folder; fasta_digest, regions_digest : their SHA-256;
        regions_format : form of the region file, or "fasta"; window_length : bases; max_unknown :
        fraction; merge_within : bases; n_regions, n_dropped : numbers of regions, or of tiles;
        n_on_summits, n_on_middles : numbers of windows; summit_position : 0 to 1;
        n_ambiguous_bases : IUPAC codes other than N within the windows; contig_names : JSON object
        from the region file's name of a contig to the genome's, where the two differ.
    controls : dict of str to float32 (N, ...)
        Values of each control input of the model; empty if no controls were given.
    control_attributes : dict of str to dict
        Attributes of each control, from `deeplift_genomics.windows.controls.control_writer`.
    """

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    summit: NDArray[np.int64]
    name: NDArray[np.object_]
    strand: NDArray[np.object_]
    codes: NDArray[np.int8]
    attributes: dict[str, str | int | float] = field(default_factory=dict)
    controls: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    control_attributes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: slice) -> "Windows":
        """Return some of the windows."""
        taken = {key: getattr(self, key)[rows] for key in (*_STRINGS, *_INTEGERS, "codes")}
        controls = {name: values[rows] for name, values in self.controls.items()}
        return replace(self, **taken, controls=controls)


def write_windows(
    path: str | Path, windows: Windows, add: Callable[[h5py.File], None] | None = None
) -> None:
    """Write a windows file (HDF5); equal windows give equal bytes.

    Parameters
    ----------
    add
        A function that is called with the open file and writes what is too large for memory: the
        controls (those in `windows` are not written).

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    number, length = windows.codes.shape
    packed = {}
    if number:
        rows = min(number, max(1, _CHUNK_BYTES // length))
        packed = {"chunks": (rows, length), "compression": 1, "shuffle": True}
    with atomic_hdf5(path) as file:
        stamp(file, "windows", windows.attributes)
        for key in _STRINGS:
            file.create_dataset(key, data=getattr(windows, key), dtype=h5py.string_dtype())
        for key in _INTEGERS:
            file.create_dataset(key, data=getattr(windows, key), dtype=np.int64)
        file.create_dataset("codes", data=windows.codes, dtype=np.int8, **packed)
        if add is not None:
            add(file)


class WindowsWriter:
    """A writer for an unknown number of windows, from `windows_writer`."""

    def __init__(self, file: h5py.File, length: int) -> None:
        self.file, self.n = file, 0
        chunk = max(1, _CHUNK_BYTES // length)
        for key in _STRINGS:
            file.create_dataset(
                key, (0,), h5py.string_dtype(), maxshape=(None,), chunks=(4096,), track_times=False
            )
        for key in _INTEGERS:
            file.create_dataset(
                key, (0,), np.int64, maxshape=(None,), chunks=(4096,), track_times=False
            )
        file.create_dataset(
            "codes",
            (0, length),
            np.int8,
            maxshape=(None, length),
            chunks=(chunk, length),
            compression=1,
            shuffle=True,
            track_times=False,
        )

    def append(self, windows: Windows) -> None:
        """Append windows; their attributes and controls are not written."""
        first, self.n = self.n, self.n + len(windows)
        for key in (*_STRINGS, *_INTEGERS, "codes"):
            dataset = self.file[key]
            dataset.resize(self.n, axis=0)
            dataset[first:] = getattr(windows, key)

    def finish(self, attributes: Attributes) -> None:
        """Write the type of the file and the attributes."""
        stamp(self.file, "windows", attributes)


@contextmanager
def windows_writer(path: str | Path, length: int) -> Iterator[WindowsWriter]:
    """Yield a writer; the file appears under `path` if the block ends without an error."""
    with atomic_hdf5(path) as file:
        yield WindowsWriter(file, length)


def read_windows(path: str | Path, rows: slice = slice(None)) -> Windows:
    """Read a windows file, or some of its rows; the other rows are not read.

    Parameters
    ----------
    path : str or Path
    rows : slice
        With the step 1; negative and open ends mean the same as for a list.

    Raises
    ------
    InputError
        If the file is missing, cut short, of another kind or of a newer version.
    """
    if rows.step not in (None, 1):
        raise ValueError(f"rows must be consecutive, not every {rows.step}th")
    with open_typed(path, "windows", LAYOUT) as file:
        first, last, _ = rows.indices(len(file["codes"]))
        rows = slice(first, last)
        controls = _controls(file)
        return Windows(
            **{key: file[key].asstr()[rows] for key in _STRINGS},
            **{key: file[key][rows] for key in _INTEGERS},
            codes=file["codes"][rows],
            attributes={
                key: value
                for key, value in read_attributes(file).items()
                if key not in _OWN_ATTRIBUTES
            },
            controls={name: item[rows] for name, item in controls.items()},
            control_attributes={name: read_attributes(item) for name, item in controls.items()},
        )


def _controls(file: h5py.File) -> dict[str, h5py.Dataset]:
    """Return the datasets of control inputs, by the name of the input."""
    found: dict[str, h5py.Dataset] = {}
    if CONTROLS not in file:
        return found
    group = subgroup(file, CONTROLS)
    for name in group:
        axes = "N" + "ABCDEFGH"[: max(0, getattr(group.get(name), "ndim", 1) - 1)]
        check_layout(group, {name: ("number", axes)})
        if len(group[name]) != len(file["codes"]):
            raise InputError(
                f"{file.filename} has {len(file['codes'])} windows, but {len(group[name])} of "
                f"control {name}. Delete it and run again."
            )
        found[str(group[name].attrs["input"])] = group[name]
    return found


class WindowPlaces(NamedTuple):
    """Where the windows of a file are: contig and first base of each, (N,), and their length."""

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    length: int


def read_places(path: str | Path) -> WindowPlaces:
    """Read where the windows of a windows file are, but not their sequences.

    Raises
    ------
    InputError
        As `read_windows` does.
    """
    with open_typed(path, "windows", LAYOUT) as file:
        return WindowPlaces(file["chrom"].asstr()[:], file["start"][:], int(file["codes"].shape[1]))


def read_rows(
    path: str | Path, rows: Sequence[int]
) -> tuple[NDArray[np.int8], dict[str, NDArray[np.float32]]]:
    """Read codes (n, L) and controls of n rows, one or more, in any order and any number of times.

    Raises
    ------
    InputError
        As `read_windows` does.
    """
    with open_typed(path, "windows", LAYOUT) as file:
        found = {
            name: np.stack([item[int(row)] for row in rows])
            for name, item in _controls(file).items()
        }
        return np.stack([file["codes"][int(row)] for row in rows]), found


def check_length(path: str | Path, length: int, *, model: str, expected: int) -> None:
    """Raise ModelError unless the windows of a file are as long as the model's input."""
    if length != expected:
        raise ModelError(
            f"{path} holds windows of {length} bp, but {model} takes {expected} bp. Cut the "
            "windows again for this model."
        )


def number_of_windows(path: str | Path) -> int:
    """Return the number of windows in a windows file, without reading them.

    Raises
    ------
    InputError
        As `read_windows` does.
    """
    with open_typed(path, "windows", LAYOUT) as file:
        return len(file["codes"])
