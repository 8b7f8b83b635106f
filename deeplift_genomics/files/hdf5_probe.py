"""The first look at an HDF5 file, which reads everything but the numbers.

It reads names, types, shapes, attributes, texts, the places of all chunks, and the first chunk.
"""

from __future__ import annotations

from pathlib import Path

import h5py
import numpy as np

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.first_look import first_look
from deeplift_genomics.files.hdf5_open import held_for_writing

_PACKED = 1100  # deflate compresses by a factor of at most 1032
_SMALL = 1 << 20  # a dataset may always claim so many bytes
_ROWS = 1 << 14  # texts decoded at a time
CUT_SHORT, NOT_HDF5 = "cut short", "not HDF5"
OF_OTHERS = (
    "Score files of ChromBPNet and bpnet-refactor are read by deeplift-genomics convert, and from "
    "the column `scores` of the sample sheet."
)


def probe(path: Path) -> None:
    """Read the structure of an HDF5 file.

    Raises
    ------
    InputError
        If it cannot be read, or if a dataset claims more bytes than the file can hold.
    SystemFaultError
        If the system keeps the file away.
    """
    if problem := look_for_faults(path):
        known = problem in (CUT_SHORT, NOT_HDF5)
        what = problem if known else f"damaged, or not made by this package: {problem}"
        raise damaged(path, what, foreign=problem != CUT_SHORT)


def look_for_faults(path: Path) -> str:
    """Read the structure of an HDF5 file, of whatever program; return what is wrong, or ``""``.

    Raises
    ------
    SystemFaultError
        If the system keeps the file away.
    """
    problem = first_look(path, _look)
    if "truncated" in problem:
        return CUT_SHORT
    return NOT_HDF5 if "signature not found" in problem else problem


def damaged(path: Path, what: str, *, foreign: bool = False) -> InputError:
    """Return the error for a file that is damaged, or that another program may be changing.

    A `foreign` file may not be one of this package at all, and is not to be deleted unseen.
    """
    if held_for_writing(path):
        return InputError(
            f"{path} cannot be read ({what}) while another program has it open for writing, for "
            "example a notebook. Close it there, and run again."
        )
    if foreign:
        return InputError(
            f"{path} is {what}. Expected was a file of this package. If a run made it, delete it "
            f"and run again: only files that depend on it are remade. {OF_OTHERS}"
        )
    return InputError(
        f"{path} is {what}. Delete it and run again; only files that depend on it are remade."
    )


def _look(path: Path) -> None:
    """Visit all groups and datasets of a file."""
    size = path.stat().st_size
    with h5py.File(path, "r", locking=False) as file:
        _visit(file, size)
        file.visititems(lambda _, item: _visit(item, size))


def _visit(item: h5py.Group | h5py.Dataset | h5py.Datatype, file_size: int) -> None:
    """Read one item without its numbers; raise ValueError if it is larger than the file allows."""
    for value in item.attrs.values():
        str(value)
    if not isinstance(item, h5py.Dataset):
        return
    if item.chunks:
        item.id.get_num_chunks()
        item.id.chunk_iter(lambda _: None)
    if h5py.check_string_dtype(item.dtype):
        if item.size > file_size:
            raise ValueError(f"{item.name} claims {item.size} texts")
        if item.shape:
            for row in range(0, item.shape[0], _ROWS):
                item.asstr()[row : row + _ROWS]
    elif item.dtype.hasobject:
        raise ValueError(f"{item.name} holds objects")
    elif item.nbytes > _PACKED * item.id.get_storage_size() + _SMALL:
        raise ValueError(f"{item.name} claims {item.nbytes} bytes, more than the file can hold")
    elif item.size and item.shape:
        rows = item.chunks[0] if item.chunks else 1
        np.asarray(item[:rows])
