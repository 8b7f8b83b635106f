"""Work shared out to several processes, for loops that one core does in Python."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from types import ModuleType
from typing import TypeVar

from deeplift_genomics.errors import SystemFaultError

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def in_processes(
    work: Callable[[Item], Answer], items: Sequence[Item], processes: int
) -> Iterator[Answer]:
    """Yield what `work` returns for each item, in their order.

    The processes are started anew and not forked, so that a thread or an open file of this one
    cannot disturb them. They end with this process, whatever ends it.

    Parameters
    ----------
    work
        A function of a module, which the processes can import.
    items
        What it is called with, each sent to one of the processes.
    processes
        How many work at the same time; with 1 the work is done in this process.

    Raises
    ------
    SystemFaultError
        If a process is killed from outside.
    """
    if processes == 1:
        yield from map(work, items)
        return
    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"), initializer=_begin)
    try:
        with _without_main():
            answers = pool.map(work, items)
        yield from answers
    except BrokenProcessPool as error:
        raise SystemFaultError(
            f"One of {processes} processes at work was killed, perhaps because memory ran out. "
            "Run the step again, with more memory or with --threads 1."
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep processes from running the caller's script, which may lack ``if __name__ == ...``.

    A new process runs it again for the functions that it holds. `work` is none of them.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin() -> None:
    """Set up a process, which ends with its parent and leaves Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
