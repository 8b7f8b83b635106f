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

from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files import atomic_path, require_file
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
    DiskError
        If writing fails. The file is then left open on purpose: HDF5 cannot close a file that it
        cannot write, and takes the process down when it tries.
    """
    with atomic_path(path) as temporary:
        file = h5py.File(temporary, "w", userblock_size=SEAL if sealed else 0)
        try:
            yield file
            file.flush()
        except (OSError, RuntimeError) as error:
            _UNCLOSABLE.append(file)
            sys.unraisablehook = lambda _: None  # its datasets cannot be closed either, and say so
            raise DiskError(f"Cannot write {path} (is the disk full?): {_first(error)}") from error
        except BaseException:
            file.close()
            raise
        file.close()
        if sealed:
            write_seal(temporary)


_UNCLOSABLE: list[h5py.File] = []


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
            raise InputError(f"{path} is damaged: {error}. Delete it and run again.") from error
