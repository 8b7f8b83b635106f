"""This package's HDF5 files: typed, versioned, and there only when complete."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, cannot_write, require_file
from deeplift_genomics.files.hdf5_probe import probe
from deeplift_genomics.files.sealed import SEAL, write_seal

# type -> format versions that this release reads; of all other types, version 1
VERSIONS = {"scores": (1, 2), "shard": (1, 2)}

Attributes = Mapping[str, str | int | float]


@contextmanager
def atomic_hdf5(path: str | Path, sealed: bool = False) -> Iterator[h5py.File]:
    """Yield an HDF5 file open for writing that appears under `path` when it is complete.

    Parameters
    ----------
    sealed
        Whether it carries its own digest, for `deeplift_genomics.files.sealed.check_seal`.

    Raises
    ------
    InputError
        If the folder cannot be made or written to.
    DiskError
        If writing fails, or another process has begun to write the file. It is then left open on
        purpose: HDF5 cannot close a file that it cannot write, and takes the process down when it
        tries.
    """
    with atomic_path(path) as temporary:
        try:
            file = h5py.File(temporary, "w", userblock_size=SEAL if sealed else 0)
        except OSError as error:
            raise cannot_write(Path(path), temporary, _first(error)) from error
        losses = _Losses()
        try:
            yield file
            losses.close(file)
        except (OSError, RuntimeError) as error:
            _UNCLOSABLE.append(file)
            raise cannot_write(Path(path), temporary, _first(error)) from error
        except BaseException as error:
            try:
                losses.close(file)
            except (OSError, RuntimeError) as failure:
                _UNCLOSABLE.append(file)
                raise cannot_write(Path(path), temporary, _first(failure)) from error
            raise
        if sealed:
            write_seal(temporary)


_UNCLOSABLE: list[h5py.File] = []


class _Losses:
    """Notices datasets that cannot be written when they go out of use.

    h5py has no caller then to raise the error for: it prints a traceback, and goes on.
    """

    def __init__(self) -> None:
        self._found: list[BaseException] = []
        self._hooks = sys.excepthook, sys.unraisablehook
        sys.excepthook, sys.unraisablehook = self._show, self._note

    def _show(self, kind: Any, value: BaseException, trace: Any) -> None:
        if not _is_loss(value):
            self._hooks[0](kind, value, trace)

    def _note(self, given: Any) -> None:
        if _is_loss(given.exc_value):
            self._found.append(given.exc_value)
        else:
            self._hooks[1](given)

    def close(self, file: h5py.File) -> None:
        """Close the file, or raise what kept it from being written, and go on noticing."""
        for act in (file.flush, file.close):
            if self._found:  # HDF5 would take the process down
                raise self._found[0]
            act()
        sys.excepthook, sys.unraisablehook = self._hooks


def _is_loss(error: BaseException) -> bool:
    return isinstance(error, RuntimeError) and "write failed" in str(error)


def require_file_in_place(file: h5py.File) -> None:
    """Raise FileNotFoundError if another process, writing the same file, has removed this one.

    For long work within `atomic_hdf5`, which makes a message of it: what goes on is in vain.
    """
    Path(file.filename).stat()


def _first(error: BaseException) -> str:
    """What HDF5 says of an error without its addresses and times."""
    found = re.search(r"error message = '([^']*)'", str(error))
    return found[1] if found else str(error).split(",")[0]


def stamp(file: h5py.File, kind: str, attributes: Attributes, version: int = 1) -> None:
    """Write the type, the version and the attributes."""
    own = {"deeplift_genomics_type": kind, "format_version": version}
    for key, value in sorted({**attributes, **own}.items()):
        file.attrs[key] = value


def read_attributes(group: h5py.Group) -> dict[str, Any]:
    """Attributes of a file or group as plain Python values.

    Raises
    ------
    InputError
        If one is neither a text nor a number.
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
    """An attribute that is a whole number, 0 or more.

    Raises
    ------
    InputError
        If it is something else, or missing with no default.
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
    """Open an HDF5 file of this package's for reading and check its type and version.

    Parameters
    ----------
    layout
        What `check_layout` is to find at its root.

    Raises
    ------
    InputError
        If the file is missing, cut short or corrupt, no HDF5, of another type, or newer.
    """
    path = require_file(path, f"{kind.capitalize()} file")
    probe(path)
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        raise InputError(f"{path} cannot be opened as a {kind} file: {_first(error)}.") from error
    with file:
        found = file.attrs.get("deeplift_genomics_type", "no type")
        if not isinstance(found, str) or found != kind:
            raise InputError(
                f"{path} holds {str(found)[:80]!r}, but a file of type {kind!r} is needed here."
            )
        version = whole_number(file, "format_version", 0)
        known = VERSIONS.get(kind, (1,))
        if version not in known:
            raise InputError(
                f"{path} has format version {version}; this release reads "
                f"{' and '.join(map(str, known))}. "
                "Remake the file, or use the release that wrote it."
            )
        try:
            if layout is not None:
                check_layout(file, layout)
            yield file
        except (
            KeyError,
            OSError,
            RuntimeError,
        ) as error:  # a damaged chunk shows only when it is read
            if "write failed" in str(error):  # what was read goes into a file on a full disk
                raise
            raise InputError(f"{path} is damaged: {error}. Delete it and run again.") from error


# dataset -> (kind, axes): "text", "integer", "number" or "truth", and a letter for each axis, or
# its size; one letter stands for one size throughout. A name that ends in "?" may be missing, one
# that ends in "?2" in files of format version 2 and later.
Layout = Mapping[str, tuple[str, str]]

_KINDS = {"integer": "iu", "number": "iufb", "truth": "b"}


def check_layout(group: h5py.Group, layout: Layout) -> dict[str, int]:
    """Look for the datasets of a layout, and return the size of each axis that has a letter.

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
        dataset = group.get(name)
        if not isinstance(dataset, h5py.Dataset):
            raise _misshapen(group, name, "missing", kind, axes)
        text = h5py.check_string_dtype(dataset.dtype) is not None
        if text != (kind == "text") or not (text or dataset.dtype.kind in _KINDS[kind]):
            raise _misshapen(group, name, f"of the type {dataset.dtype}", kind, axes)
        expected = [
            int(axis) if axis.isdigit() else sizes.setdefault(axis, size)
            for axis, size in zip(axes, dataset.shape or (), strict=False)
        ]
        if dataset.shape is None or len(axes) != dataset.ndim or list(dataset.shape) != expected:
            raise _misshapen(group, name, f"of the shape {dataset.shape}", kind, axes)
    return sizes


def subgroup(parent: h5py.Group, name: str) -> h5py.Group:
    """The group of that name.

    Raises
    ------
    InputError
        If there is none, or something else.
    """
    found = parent.get(name)
    if not isinstance(found, h5py.Group):
        raise _no_group(parent.file, f"{parent.name.rstrip('/')}/{name}")
    return found


def _no_group(file: h5py.File, name: str) -> InputError:
    return InputError(
        f"{file.filename} has no group {name}; it is damaged, or of another kind. Delete it "
        "and run again."
    )


def _misshapen(group: h5py.Group, name: str, found: str, kind: str, axes: str) -> InputError:
    return InputError(
        f"{group.file.filename}: its dataset {group.name.rstrip('/')}/{name} is {found}; expected "
        f"{kind} of the shape ({', '.join(axes)}). Delete it and run again."
    )
