"""Faults of the machine and its file systems, told apart from damage of a file.

A sound file can be unreadable for a while: the network file system does not answer, too many files
are open, memory is short. Who then deletes the file, as is right for a damaged one, loses what it
took days to compute. All readers therefore ask `refuse_system_fault` before they call a file
damaged.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deeplift_genomics.errors import SystemFaultError

_NO_ANSWER = (
    "The disk or the network file system does not answer as it should. Run again, later if need "
    "be; if this lasts, ask the administrator of the machine."
)
_FILES = "Raise the limit of open files, for example by `ulimit -n 4096`, and run again."
_HELD = "Another program holds the file, for example a notebook: close it there, and run again."
_NO_LOCKS = "The file system has no locks: set HDF5_USE_FILE_LOCKING=FALSE, and run again."
_MEMORY = "Give the step more memory, and run again."
_PERMISSION = "Let its owner give you permission for it, and run again."
_ROOM = "Make room, or make the folder writable, and run again."
_AGAIN = "Run again."

# name of an error number -> what to do; not every system has all of them
_REMEDIES = {
    **dict.fromkeys(("EAGAIN", "EWOULDBLOCK", "EDEADLK"), _HELD),
    **dict.fromkeys(("ENOLCK", "ENOSYS", "EOPNOTSUPP"), _NO_LOCKS),
    **dict.fromkeys(("EACCES", "EPERM"), _PERMISSION),
    **dict.fromkeys(("EMFILE", "ENFILE"), _FILES),
    "ENOMEM": _MEMORY,
    **dict.fromkeys(("ENOSPC", "EDQUOT", "EROFS", "EFBIG"), _ROOM),
    **dict.fromkeys(("EINTR", "EBUSY", "ETXTBSY"), _AGAIN),
    **dict.fromkeys(
        (
            *("EIO", "EREMOTEIO", "ESTALE", "ENODEV", "ENXIO", "ETIMEDOUT", "ECONNRESET"),
            *("ECONNABORTED", "ECONNREFUSED", "ENOTCONN", "ESHUTDOWN", "EHOSTDOWN"),
            *("EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "EPROTO", "ECANCELED"),
        ),
        _NO_ANSWER,
    ),
}
REMEDIES = {getattr(errno, name): text for name, text in _REMEDIES.items() if hasattr(errno, name)}
# a writer needs permission for the folder, not for the file
REMEDIES_OF_WRITING = REMEDIES | dict.fromkeys((errno.EACCES, errno.EPERM), _ROOM)
# what the disk refuses to a writer
FULL = {number for number, text in REMEDIES.items() if text == _ROOM}
NO_LOCKS = {number for number, text in REMEDIES.items() if text == _NO_LOCKS}

# HDF5 says "errno = 5, error message = '...'", Python "[Errno 5] ...", TensorFlow "...; ..."
_NUMBER = re.compile(r"\berrno = (\d+)|\[Errno (\d+)\]")
_FILE = re.compile(r"filename = '([^']*)'|\[Errno \d+\] [^:]*: '([^']*)'")
_WORDS = {os.strerror(number): number for number in REMEDIES}
_AT_END = re.compile(rf"; ({'|'.join(map(re.escape, _WORDS))})$", re.MULTILINE)


def system_fault(error: BaseException) -> int | None:
    """Return the error number if an error, or one that led to it, is a fault of the system.

    >>> system_fault(OSError(5, "Input/output error")), system_fault(OSError("truncated file"))
    (5, None)
    """
    return _origin(error)[0]


def _origin(error: BaseException) -> tuple[int | None, BaseException]:
    """Return the error number, and which of an error and those that led to it has it."""
    if isinstance(error, MemoryError):
        return errno.ENOMEM, error
    seen: BaseException | None = error
    while seen is not None:
        number = seen.errno if isinstance(seen, OSError) else None
        if number is None:
            number = number_in(str(seen))
        if number in REMEDIES:
            return number, seen
        seen = seen.__cause__ or seen.__context__
    return None, error


def number_in(text: str) -> int | None:
    """Return the error number of the system that a library's message names, or None.

    >>> number_in("file read failed: filename = 'a.h5', errno = 5, error message = '...'")
    5
    """
    if found := _NUMBER.search(text):
        return int(found[1] or found[2])
    words = _AT_END.search(text)
    return _WORDS[words[1]] if words else None


def reason_of(error: BaseException) -> str:
    """Return the system's own words for an error, or those of HDF5 without addresses and times."""
    number = system_fault(error)
    if number is not None:
        return os.strerror(number)
    found = re.search(r"error message = '([^']*)'", str(error))
    strerror = error.strerror if isinstance(error, OSError) else None
    return found[1] if found else strerror or str(error).split(",")[0]


def file_in(error: BaseException) -> str | None:
    """Return the name of the file that HDF5's message, or the system, names; None without one."""
    found = _FILE.search(str(error))
    name = error.filename if isinstance(error, OSError) else None
    return found[1] or found[2] if found else name if isinstance(name, str) else None


def refuse_system_fault(error: BaseException, path: str | Path) -> None:
    """Raise SystemFaultError if an error is a fault of the system.

    It names the file that the error, or what led to it, names, and `path` without one.
    """
    number, origin = _origin(error)
    if number is not None:
        raise fault(file_in(origin) or path, number) from error


def fault(path: str | Path, number: int, done: str = "read") -> SystemFaultError:
    """Return the error for a file that a fault of the system, named by its number, keeps away."""
    return SystemFaultError(
        f"{path} cannot be {done}: {os.strerror(number)}. This is a fault of the system, not of "
        f"the file. {REMEDIES[number]}"
    )


@contextmanager
def reading(path: str | Path) -> Iterator[None]:
    """Raise errors of the system as SystemFaultError, which names the file that is read.

    Raises
    ------
    SystemFaultError
        For each of them; other errors pass as they are.
    """
    try:
        yield
    except (OSError, MemoryError) as error:
        refuse_system_fault(error, path)
        raise


def read_through(path: str | Path) -> None:
    """Read a file from beginning to end.

    Libraries written in C do not say why they cannot read a file. Where the system is the reason,
    it shows here.

    Raises
    ------
    SystemFaultError
        If the system does not give the file's bytes.
    """
    with reading(path), Path(path).open("rb") as file:
        while file.read(1 << 20):
            pass
