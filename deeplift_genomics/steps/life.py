"""Signs of life of a long step: its last message on the screen, once a minute.

Under Snakemake the messages of a step go to its log file. What it prints to its standard output
reaches the screen, on a cluster the log of SLURM.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from deeplift_genomics.files.words import duration

FIRST, AGAIN = 20.0, 60.0  # seconds until the first sign, and between two signs
OFF = "DEEPLIFT_GENOMICS_QUIET"  # a variable of the environment that the workflow sets
# steps that print their answer
ANSWERING = {"check", "init", "demo", "plan", "verify", "summary", "export"}


class _Signs(logging.Handler):
    """The signs of a step: the last message that it logged, and the thread that prints it.

    The thread starts with the first message and not before, because TF-MoDISco forks at its begin,
    and cannot do so beside a thread.
    """

    def __init__(self, step: str, output: object) -> None:
        super().__init__(logging.INFO)
        self._of, self._message, self._begin = f"{step} {output}", "", time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._print, daemon=True)

    def emit(self, record: logging.LogRecord) -> None:
        first, self._message = not self._message, record.getMessage()
        if first:
            self._thread.start()

    def _print(self) -> None:
        wait = FIRST
        while not self._ended.wait(wait):
            so_far, clock = duration(time.monotonic() - self._begin), time.strftime("%H:%M:%S")
            with suppress(OSError, ValueError):  # nobody reads, or the stream is closed
                print(f"{clock} {self._of}: {self._message} ({so_far} so far)", flush=True)
            wait = AGAIN

    def end(self) -> None:
        """Stop the thread."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join()


@contextmanager
def signs_of_life(step: str, output: object) -> Iterator[None]:
    """Print the step's last message once a minute, unless its messages are on the screen already.

    Parameters
    ----------
    step
        Name of the step.
    output
        The file that it makes.
    """
    if step in ANSWERING or os.environ.get(OFF) or _same_place(sys.stdout, sys.stderr):
        yield
        return
    signs = _Signs(step, output)
    logging.getLogger().addHandler(signs)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(signs)
        signs.end()


def _same_place(one: TextIO, other: TextIO) -> bool:
    """Return whether two streams end in the same file or terminal, or one has no file at all."""
    try:
        return os.path.sameopenfile(one.fileno(), other.fileno()) or other.isatty()
    except (OSError, ValueError, AttributeError):
        return True
