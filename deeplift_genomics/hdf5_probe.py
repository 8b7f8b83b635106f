"""A first look at an HDF5 file from elsewhere, in a process of its own.

HDF5's library believes much of what it reads: a file in which one byte is wrong can end the
process, make it loop for ever, or have it ask for any amount of memory. So a forked child looks at
all that is no score first: names, types, shapes, attributes, texts, the places of chunks and the
first of them. What it survives, the process that wants the file survives, too. Files that were
found sound are remembered until they change.
"""

from __future__ import annotations

import os
import resource
import select
import signal
import warnings
from pathlib import Path
from typing import NoReturn

import h5py
import numpy as np

from deeplift_genomics.errors import InputError

_SECONDS, _BYTES_PER_SECOND = 4, 20_000_000  # of a core; a large file is allowed more
_WALL_SECONDS = 20  # as many times what it is allowed of a core, where the disk is slow
_MEMORY = 1 << 29
_PACKED = 1100  # deflate packs no more than 1032 bytes into one
_ROWS = 1 << 14  # texts decoded at a time

_sound: set[tuple[int, ...]] = set()


def probe(path: Path) -> None:
    """Return if the file's structure can be read.

    Raises
    ------
    InputError
        If it cannot, or if a dataset claims more bytes than the file can hold.
    """
    status = path.stat()
    known = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
    if known in _sound or not hasattr(os, "fork"):
        return
    problem = _ask_child(path, _SECONDS + status.st_size // _BYTES_PER_SECOND)
    if problem:
        raise InputError(
            f"{path} is {_in_words(problem)}. Delete it and run again; only what depends on it is "
            "remade."
        )
    _sound.add(known)


def _in_words(problem: str) -> str:
    if "truncated" in problem:
        return "cut short"
    if "signature not found" in problem:
        return "not HDF5"
    return f"damaged, or not made by this package: {problem}"


def _ask_child(path: Path, seconds: int) -> str:
    """What the child says, or how it ended; nothing if all is well."""
    read_end, write_end = os.pipe()
    with warnings.catch_warnings():
        # Python warns of forks beside threads; this child calls nothing that waits for another
        warnings.simplefilter("ignore", DeprecationWarning)
        try:
            child = os.fork()
        except OSError:  # too little memory for two: the file is then read without a first look
            return ""
    if not child:
        _look(path, seconds, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        if not select.select([pipe], [], [], seconds * _WALL_SECONDS)[0]:
            os.kill(child, signal.SIGKILL)
        said = pipe.read().decode("utf-8", "replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return f"HDF5 cannot read it ({signal.Signals(os.WTERMSIG(status)).name})"
    return said


def _look(path: Path, seconds: int, pipe: int) -> NoReturn:
    """What the child does; it says what is wrong and leaves without cleaning up."""
    problem = ""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
        _limit_memory()
        # no word from a dying library, and no handler of the parent's
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        for number in (signal.SIGTERM, signal.SIGXCPU, signal.SIGSEGV, signal.SIGABRT):
            signal.signal(number, signal.SIG_DFL)
        with h5py.File(path, "r") as file:
            size = path.stat().st_size
            _visit(file, size)
            file.visititems(lambda _, item: _visit(item, size))
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


def _visit(item: h5py.Group | h5py.Dataset | h5py.Datatype, file_size: int) -> None:
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
    elif item.nbytes > _PACKED * item.id.get_storage_size() + _MEMORY // 512:
        raise ValueError(f"{item.name} claims {item.nbytes} bytes, more than the file can hold")
    elif item.size and item.shape:
        rows = item.chunks[0] if item.chunks else 1
        np.asarray(item[:rows])
