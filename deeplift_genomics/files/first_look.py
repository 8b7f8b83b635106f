"""A first look at a file from elsewhere, in a process of its own.

Libraries in C believe much of what they read: a file in which one byte is wrong can end the
process, make it loop for ever, or have it ask for any amount of memory. So a forked child looks
first. What it survives, the process that wants the file survives, too. Files that were found sound
are remembered until they change.
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

_SECONDS, _BYTES_PER_SECOND = 2, 20_000_000  # of a core; a large file is allowed more
_WALL_SECONDS = 20  # as many times what it is allowed of a core, where the disk is slow
_MEMORY = 1 << 29

_sound: set[tuple[object, ...]] = set()


def first_look(path: Path, look: Callable[[Path], None]) -> str:
    """What is wrong with a file, or an empty text.

    Parameters
    ----------
    look
        Reads what could do harm, and raises an error of any class for what is wrong. It is called
        in a forked child, and must not wait for other threads.
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
    """What the child says, or how it ended; nothing if all is well."""
    read_end, write_end = os.pipe()
    with warnings.catch_warnings():
        # Python warns of forks beside threads; this child calls nothing that waits for another
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            child = os.fork()
        except OSError:  # too little memory for two: the file is then read without a first look
            os.close(read_end)
            os.close(write_end)
            return ""
    if not child:
        _in_child(path, look, seconds, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        if not select.select([pipe], [], [], seconds * _WALL_SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        name = signal.Signals(os.WTERMSIG(status)).name
        return f"what reads such files fails on it ({name})"
    return said


def _in_child(path: Path, look: Callable[[Path], None], seconds: int, pipe: int) -> NoReturn:
    """Look, say what is wrong, and leave without cleaning up."""
    problem = ""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        _limit_memory()
        # no word from a dying library, and no handler of the parent's
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for number in (signal.SIGTERM, signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT):
            signal.signal(number, signal.SIG_DFL)
        look(path)
    except BaseException as error:
        problem = " ".join(str(error).split())[:300] or type(error).__name__
    os.write(pipe, problem.encode("utf-8", "replace"))
    os._exit(0)


def _limit_memory() -> None:
    pages = Path("/proc/self/statm")
    if pages.exists():  # elsewhere than on Linux the limits of time must do
        limit = int(pages.read_text().split()[0]) * resource.getpagesize() + _MEMORY
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
