"""The package's HDF5 files: typed, versioned, and present only when they are complete."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, cannot_write, require_file
from deeplift_genomics.files.hdf5_open import open_to_read, open_to_write
from deeplift_genomics.files.hdf5_probe import OF_OTHERS, damaged, probe
from deeplift_genomics.files.sealed import SEAL, write_seal
from deeplift_genomics.files.system_faults import (
    file_in,
    read_through,
    reason_of,
    refuse_system_fault,
)

# type -> format versions that this release reads; of all other types, version 1
VERSIONS = {"scores": (1, 2, 3), "shard": (1, 2, 3)}

Attributes = Mapping[str, str | int | float]
# dataset -> (kind, axes). The kind is "text", "integer", "number" or "truth". Each axis is a letter
# or its size; a letter has one size throughout. A name that ends in "?" may be missing,
# one that ends in "?2" or "?3" in files of that format version and later.
Layout = Mapping[str, tuple[str, str]]

_KINDS = {"integer": "iu", "number": "iufb", "truth": "b"}  # kind -> kinds of NumPy types


@contextmanager
def atomic_hdf5(path: str | Path, sealed: bool = False) -> Iterator[h5py.File]:
    """Yield an HDF5 file open for writing that appears under `path` when it is complete.

    Parameters
    ----------
    sealed
        Whether the file carries its own digest, for `deeplift_genomics.files.sealed.check_seal`.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    DiskError
        If writing fails, or another process has begun to write the file. The file then stays open
        on purpose: HDF5 crashes when it closes a file that it cannot write.
    """
    with atomic_path(path) as temporary:
        try:
            file = open_to_write(temporary, userblock_size=SEAL if sealed else 0)
        except OSError as error:
            raise cannot_write(Path(path), temporary, error) from error
        losses = _Losses()
        try:
            yield file
            losses.close(file)
        except (OSError, RuntimeError) as error:
            other = file_in(error)
            if other not in (None, str(temporary)):  # of reading, in the same block
                losses.close(file)
                refuse_system_fault(error, other)
            _UNCLOSABLE.append(file)
            raise cannot_write(Path(path), temporary, error) from error
        except BaseException as error:
            try:
                losses.close(file)
            except (OSError, RuntimeError) as failure:
                _UNCLOSABLE.append(file)
                raise cannot_write(Path(path), temporary, failure) from error
            raise
        if sealed:
            write_seal(temporary)


_UNCLOSABLE: list[h5py.File] = []


class _Losses:
    """A watch for errors of datasets that are written when Python deletes them.

    No caller can catch such an error: h5py prints a traceback, and the program goes on.
    """

    def __init__(self) -> None:
        self._found: list[BaseException] = []
        self._hooks = sys.excepthook, sys.unraisablehook
        sys.excepthook, sys.unraisablehook = self._show, self._note

    def _show(self, kind: Any, value: BaseException, trace: Any) -> None:
        """Print an error as before, unless it is noted."""
        if not _is_loss(value):
            self._hooks[0](kind, value, trace)

    def _note(self, given: Any) -> None:
        """Note an error of writing that no caller can catch."""
        if _is_loss(given.exc_value):
            self._found.append(given.exc_value)
        else:
            self._hooks[1](given)

    def close(self, file: h5py.File) -> None:
        """Close the file, or raise the error of writing; the watch ends only when it is closed."""
        for act in (file.flush, file.close):
            if self._found:  # HDF5 would crash
                raise self._found[0]
            act()
        sys.excepthook, sys.unraisablehook = self._hooks


def _is_loss(error: BaseException) -> bool:
    """Return whether an error means that HDF5 could not write."""
    return isinstance(error, RuntimeError) and "write failed" in str(error)


def require_file_in_place(file: h5py.File) -> None:
    """Raise FileNotFoundError if another process that writes the same file has removed this one.

    Long work inside `atomic_hdf5` calls it, to stop early; `atomic_hdf5` makes the message.
    """
    Path(file.filename).stat()


def stamp(file: h5py.File, kind: str, attributes: Attributes, version: int = 1) -> None:
    """Write the type, the format version and the attributes."""
    own = {"deeplift_genomics_type": kind, "format_version": version}
    for key, value in sorted({**attributes, **own}.items()):
        file.attrs[key] = value


def read_attributes(group: h5py.Group) -> dict[str, Any]:
    """Return the attributes of a file or group as plain Python values.

    Raises
    ------
    InputError
        If an attribute is neither a text nor a number.
    """
    found = {}
    for key, value in sorted(group.attrs.items()):
        plain = value.item() if isinstance(value, np.generic) else value
        if not isinstance(plain, str | int | float):
            raise InputError(
                f"{group.file.filename}: its attribute {key} is {str(plain)[:80]!r}; expected a "
                "text or a number. Delete it and run again."
            )
        found[key] = plain
    return found


def whole_number(group: h5py.Group, key: str, default: int | None = None) -> int:
    """Return an attribute that is a whole number, 0 or more.

    Raises
    ------
    InputError
        If it is anything else, or missing without a default.
    """
    value = group.attrs.get(key, default)
    if not isinstance(value, int | np.integer) or value < 0:
        raise InputError(
            f"{group.file.filename}: its attribute {key} is {str(value)[:80]!r}; expected a whole "
            "number. Delete it and run again."
        )
    return int(value)


@contextmanager
def open_typed(path: str | Path, kind: str, layout: Layout | None = None) -> Iterator[h5py.File]:
    """Open an HDF5 file of this package for reading, and check its type and version.

    Parameters
    ----------
    layout
        The datasets that the file must have, for `check_layout`.

    Raises
    ------
    InputError
        If the file is missing, cut short, corrupt, not HDF5, of another type, or of a newer
        version.
    SystemFaultError
        If the system keeps the file away.
    """
    path = require_file(path, f"{kind.capitalize()} file")
    probe(path)
    try:
        file = open_to_read(path)
    except OSError as error:
        reason = reason_of(error)
        raise InputError(f"{path} cannot be opened as a {kind} file: {reason}.") from error
    with file:
        found = file.attrs.get("deeplift_genomics_type")
        if found is None:
            raise InputError(
                f"{path} is no file of this package, but one of type {kind!r} is needed. "
                f"{OF_OTHERS}"
            )
        if not isinstance(found, str) or found != kind:
            raise InputError(
                f"{path} holds {str(found)[:80]!r}, but a file of type {kind!r} is needed."
            )
        version = whole_number(file, "format_version", 0)
        known = VERSIONS.get(kind, (1,))
        if version not in known:
            raise InputError(
                f"{path} has format version {version}; this release reads "
                f"{' and '.join(', '.join(map(str, known)).rsplit(', ', 1))}. "
                "Remake the file, or use the release that wrote it."
            )
        try:
            if layout is not None:
                check_layout(file, layout)
            yield file
        except (KeyError, OSError, RuntimeError) as error:
            # a damaged chunk is noticed only when it is read
            if "write failed" in str(error):  # of another file, on a full disk
                raise
            refuse_system_fault(error, path)
            read_through(path)
            raise damaged(path, f"damaged: {error}") from error


def check_layout(group: h5py.Group, layout: Layout) -> dict[str, int]:
    """Check that a group has the datasets of a layout; return the size of each lettered axis.

    Raises
    ------
    InputError
        If a dataset is missing, or of another kind or shape.
    """
    sizes: dict[str, int] = {}
    if not isinstance(group, h5py.Group):
        raise _no_group(group.file, group.name)
    version = whole_number(group.file, "format_version", 1)
    for key, (kind, axes) in layout.items():
        name, optional, since = key.partition("?")
        if optional and name not in group and version >= int(since or 1):
            continue
        if problem := _problem_of(group.get(name), kind, axes, sizes):
            raise InputError(
                f"{group.file.filename}: its dataset {group.name.rstrip('/')}/{name} is {problem}; "
                f"expected {kind} of the shape ({', '.join(axes)}). Delete it and run again."
            )
    return sizes


def _problem_of(dataset: Any, kind: str, axes: str, sizes: dict[str, int]) -> str:
    """Return what is wrong with a dataset, or an empty text; add new letters to `sizes`."""
    if not isinstance(dataset, h5py.Dataset):
        return "missing"
    text = h5py.check_string_dtype(dataset.dtype) is not None
    if text != (kind == "text") or not (text or dataset.dtype.kind in _KINDS[kind]):
        return f"of the type {dataset.dtype}"
    expected = [
        int(axis) if axis.isdigit() else sizes.setdefault(axis, size)
        for axis, size in zip(axes, dataset.shape or (), strict=False)
    ]
    if dataset.shape is None or len(axes) != dataset.ndim or list(dataset.shape) != expected:
        return f"of the shape {dataset.shape}"
    return ""


def subgroup(parent: h5py.Group, name: str) -> h5py.Group:
    """Return the group of that name.

    Raises
    ------
    InputError
        If there is no such group.
    """
    found = parent.get(name)
    if not isinstance(found, h5py.Group):
        raise _no_group(parent.file, f"{parent.name.rstrip('/')}/{name}")
    return found


def _no_group(file: h5py.File, name: str) -> InputError:
    """Return the error for a group that is missing."""
    return InputError(
        f"{file.filename} has no group {name}; it is damaged, or of another kind. Delete it "
        "and run again."
    )
