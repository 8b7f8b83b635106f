"""A first look at a file, in a process of its own.

Libraries written in C trust the files that they read: a file with one wrong byte can crash the
process, make it loop for ever, or make it ask for any amount of memory. A forked child therefore
reads the file first; if the child survives, the process that needs the file survives, too. Sound
files are remembered until they change.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

_SECONDS, _BYTES_PER_SECOND = 2, 20_000_000  # CPU time; a large file is allowed more
_WALL_FACTOR = 20  # seconds by the clock per second of CPU time, for slow disks
_MEMORY = 1 << 29  # bytes that the child may add to the memory of its parent

_sound: set[tuple[object, ...]] = set()


def first_look(path: Path, look: Callable[[Path], None]) -> str:
    """Return what is wrong with a file, or an empty text.

    Parameters
    ----------
    look
        A function that reads the parts that could do harm, and raises an error of any class if it
        finds a fault. It is called in a forked child, and must not wait for other threads.
    """
    status = path.stat()
    known = (look, status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if known in _sound or not hasattr(os, "fork"):
        return ""
    problem = _ask_child(path, look, _SECONDS + status.st_size // _BYTES_PER_SECOND)
    if not problem:
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
        if not select.select([pipe], [], [], seconds * _WALL_FACTOR)[0]:
            os.kill(child, signal.SIGKILL)
        message = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return f"the library that reads such files fails on it ({name})"
    return message


def _in_child(path: Path, look: Callable[[Path], None], seconds: int, pipe: int) -> NoReturn:
    """Look, write what is wrong to the pipe, and exit without cleaning up."""
    problem = ""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        _limit_memory()
        # silence a library that crashes, and undo the signal handlers of the parent
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for number in (signal.SIGTERM, signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT):
            signal.signal(number, signal.SIG_DFL)
        look(path)
    except BaseException as error:
        problem = " ".join(str(error).split())[:300] or type(error).__name__
    os.write(pipe, problem.encode("utf-8", "replace"))
    os._exit(0)


def _limit_memory() -> None:
    """Limit the memory of this process to what it has now and `_MEMORY` more."""
    pages = Path("/proc/self/statm")
    if pages.exists():  # other systems than Linux rely on the limits of time
        limit = int(pages.read_text().split()[0]) * resource.getpagesize() + _MEMORY
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
