"""The time and the memory that a piece of work takes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

_RESET, _STATUS = Path("/proc/self/clear_refs"), Path("/proc/self/status")


class Cost:
    """The cost of a piece of work, known when it is done.

    `seconds` is its time; `memory` is the most memory that the whole process had meanwhile (MB).
    """

    seconds: float = float("nan")
    memory: float = float("nan")


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure the work inside.

    Linux counts the peak of memory anew; elsewhere, it is the peak of the process so far.
    """
    cost = Cost()
    with suppress(OSError):
        _RESET.write_text("5")  # the peak of resident memory starts again
    begin = time.perf_counter()
    yield cost
    cost.seconds = time.perf_counter() - begin
    cost.memory = _peak()


def _peak() -> float:
    """Return the peak of resident memory (MB)."""
    with suppress(OSError):
        if found := re.search(r"VmHWM:\s+(\d+) kB", _STATUS.read_text()):
            return int(found[1]) / 1024
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024
