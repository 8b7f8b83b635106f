"""A first look at a file, in a process of its own.

Libraries written in C trust the files that they read: a file with one wrong byte can crash the
process, make it loop for ever, or make it ask for any amount of memory. A forked child therefore
reads the file first; if the child survives, the process that needs the file survives, too. Sound
files are remembered until they change.
"""

from __future__ import annotations

import errno
import os
import resource
import select
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from deeplift_genomics.errors import SystemFaultError
from deeplift_genomics.files.system_faults import fault, read_through, system_fault

_SECONDS, _BYTES_PER_SECOND = 2, 20_000_000  # CPU time; a large file is allowed more
_WALL_FACTOR = 20  # seconds by the clock per second of CPU time, for slow disks
_MEMORY = 1 << 29  # bytes that the child may add to the memory of its parent
# signals from outside: of this module, of a system short of memory, or of who stops the run
_STOPPED = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

_sound: set[tuple[object, ...]] = set()


def first_look(path: Path, look: Callable[[Path], None]) -> str:
    """Return what is wrong with a file, or an empty text.

    Parameters
    ----------
    look
        A function that reads the parts that could do harm, and raises an error of any class if it
        finds a fault. It is called in a forked child, and must not wait for other threads.

    Raises
    ------
    SystemFaultError
        If the system keeps the file's bytes away, so that nothing can be said about the file.
    """
    status = path.stat()
    known = (look, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if known in _sound or not hasattr(os, "fork"):
        return ""
    problem = _ask_child(path, look, _SECONDS + status.st_size // _BYTES_PER_SECOND)
    if problem:
        read_through(path)  # libraries written in C do not tell a fault of the disk from damage
    else:
        _sound.add(known)
    return problem


def _ask_child(path: Path, look: Callable[[Path], None], seconds: int) -> str:
    """Return the message of the child, or how it ended; an empty text if all is well."""
    read_end, write_end = os.pipe()
    with warnings.catch_warnings():
        # Python warns of forks beside threads; this child calls nothing that waits for a thread
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            child = os.fork()
        except OSError:  # too little memory for two processes: read without a first look
            os.close(read_end)
            os.close(write_end)
            return ""
    if not child:
        _in_child(path, look, seconds, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        in_time = bool(select.select([pipe], [], [], seconds * _WALL_FACTOR)[0])
        if not in_time:
            os.kill(child, signal.SIGKILL)
        number, _, message = pipe.read().decode("utf-8", "replace").partition(" ")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return _ended_by(path, signal.Signals(os.WTERMSIG(status)), in_time)
    if int(number):
        raise fault(path, int(number))
    return message


def _ended_by(path: Path, number: signal.Signals, in_time: bool) -> str:
    """Return the message for a child that a signal ended, or raise SystemFaultError."""
    if not in_time:
        raise fault(path, errno.ETIMEDOUT)
    if number in _STOPPED:
        raise SystemFaultError(
            f"{path} was not looked at: the process that did so was stopped from outside "
            f"({number.name}), as happens when memory is short. Give the step more memory, and "
            "run again."
        )
    return f"the library that reads such files fails on it ({number.name})"


def _in_child(path: Path, look: Callable[[Path], None], seconds: int, pipe: int) -> NoReturn:
    """Look, write what is wrong to the pipe, and exit without cleaning up.

    A number comes first: that of a fault of the system, or 0.
    """
    problem, number, of_memory = "", 0, errno.ENOMEM
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        of_memory = 0 if _limit_memory() else errno.ENOMEM
        # silence a library that crashes, and undo the signal handlers of the parent
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for name in (signal.SIGTERM, signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT):
            signal.signal(name, signal.SIG_DFL)
        look(path)
    except BaseException as error:
        problem = " ".join(str(error).split())[:300] or type(error).__name__
        number = system_fault(error) or 0
        number = of_memory if number == errno.ENOMEM else number
    os.write(pipe, f"{number} {problem}".encode("utf-8", "replace"))
    os._exit(0)


def _limit_memory() -> bool:
    """Limit the memory of this process to what it has now and `_MEMORY` more.

    Return whether a file that asks for more is to blame, and not a lower limit of the system.
    """
    pages = Path("/proc/self/statm")
    if not pages.exists():  # other systems than Linux rely on the limits of time
        return True
    own = int(pages.read_text().split()[0]) * resource.getpagesize() + _MEMORY
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    limit = own if hard == resource.RLIM_INFINITY else min(own, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    return limit == own
