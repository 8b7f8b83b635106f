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
from deeplift_genomics.files import atomic_path, cannot_write, require_file
from deeplift_genomics.sealed import SEAL, write_seal

FORMAT_VERSION = 1  # of every type there is

Attributes = Mapping[str, str | int | float]


@contextmanager
def atomic_hdf5(path: str | Path, sealed: bool = False) -> Iterator[h5py.File]:
    """Yield an HDF5 file open for writing that appears under `path` when it is complete.

    Parameters
    ----------
    sealed
        Whether it carries its own digest, for `deeplift_genomics.sealed.check_seal`.

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


def stamp(file: h5py.File, kind: str, attributes: Attributes) -> None:
    """Write the type, the version and the attributes."""
    own = {"deeplift_genomics_type": kind, "format_version": FORMAT_VERSION}
    for key, value in sorted({**attributes, **own}.items()):
        file.attrs[key] = value


def read_attributes(group: h5py.Group) -> dict[str, Any]:
    """Attributes of a file or group as plain Python values."""
    return {
        key: value.item() if isinstance(value, np.generic) else value
        for key, value in sorted(group.attrs.items())
    }


@contextmanager
def open_typed(path: str | Path, kind: str) -> Iterator[h5py.File]:
    """Open an HDF5 file of this package's for reading and check its type and version.

    Raises
    ------
    InputError
        If the file is missing, cut short or corrupt, no HDF5, of another type, or newer.
    """
    path = require_file(path, f"{kind.capitalize()} file")
    try:
        file = h5py.File(path, "r")
    except OSError as error:
        reason = "cut short" if "truncated" in str(error) else "not HDF5, or damaged"
        raise InputError(
            f"{path} is {reason}: it cannot be used as a {kind} file. "
            "Delete it and run again; only what depends on it is remade."
        ) from error
    with file:
        found = file.attrs.get("deeplift_genomics_type", "no type")
        if found != kind:
            raise InputError(f"{path} holds {found!r}, but a file of type {kind!r} is needed here.")
        version = int(file.attrs.get("format_version", 0))
        if version != FORMAT_VERSION:
            raise InputError(
                f"{path} has format version {version}; this release reads {FORMAT_VERSION}. "
                "Remake the file, or use the release that wrote it."
            )
        try:
            yield file
        except (
            KeyError,
            OSError,
            RuntimeError,
        ) as error:  # a damaged chunk shows only when it is read
            if "write failed" in str(error):  # what was read goes into a file on a full disk
                raise
            raise InputError(f"{path} is damaged: {error}. Delete it and run again.") from error
