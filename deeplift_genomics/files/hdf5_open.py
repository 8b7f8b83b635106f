"""HDF5 files opened without locks, and what the locks of other programs tell.

HDF5 locks a file while it is open. Some file systems have no locks (NFS, Lustre), and there every
file would be unreadable; and a notebook that has left a file open for writing would keep it from
everybody. This package needs no locks: one process writes a file under a name of its own, the file
gets its final name when it is complete, and from then on it is only read.
"""

from __future__ import annotations

import fcntl
import logging
from functools import cache
from pathlib import Path
from typing import Any

import h5py

from deeplift_genomics.files.system_faults import NO_LOCKS, reading

log = logging.getLogger(__name__)


def open_to_read(path: Path) -> h5py.File:
    """Open an HDF5 file for reading; log what is unusual about its locks.

    Raises
    ------
    SystemFaultError
        If the system keeps the file away.
    OSError
        If HDF5 cannot read it.
    """
    with reading(path):
        file = h5py.File(path, "r", locking=False)
    _log_locks(path)
    return file


def open_to_write(path: Path, **options: Any) -> h5py.File:
    """Make an HDF5 file under a temporary name that no other process uses."""
    file = h5py.File(path, "w", locking=False, **options)
    _log_locks(path)
    return file


def held_for_writing(path: Path) -> bool:
    """Return whether another program has the file open for writing, as far as locks tell."""
    return _state(path) == "held"


def _state(path: Path) -> str:
    """Return "held", "none" for a file system without locks, or "free"."""
    try:
        with path.open("rb") as file:
            # HDF5 takes locks of this kind; closing the file gives it back
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return "held"
    except OSError as error:
        return "none" if error.errno in NO_LOCKS else "free"
    return "free"


def _log_locks(path: Path) -> None:
    """Log that a file is held for writing, or, once for each folder, that there are no locks."""
    state = _state(path)
    if state == "held":
        _log_once(
            logging.WARNING,
            f"{path} is open for writing in another program, for example a notebook; it is read "
            "all the same. If that program changes it meanwhile, close it there and run again.",
        )
    elif state == "none":
        _log_once(
            logging.INFO,
            f"The file system of {path.parent} has no locks: HDF5 files are read and written "
            "without. This is safe, because one process writes a file, and the file gets its name "
            "when it is complete.",
        )


@cache
def _log_once(level: int, message: str) -> None:
    log.log(level, "%s", message)
