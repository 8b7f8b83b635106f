"""The progress of long loops: a bar on a terminal, lines in a log file."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tqdm import tqdm

from deeplift_genomics.files.words import duration

log = logging.getLogger(__name__)

AT_LEAST_EVERY, AT_MOST_EVERY = 60.0, 5.0  # seconds between two lines
_FIRST_IS_SLOW = 0.1  # seconds; a first item that took longer gets a line of its own


class Clock:
    """The time left of a loop, from all items but the first, with which programs are compiled.

    Parameters
    ----------
    what, unit
        Name of the loop and of its items, for the lines of the log.
    total
        Number of items.
    now
        The clock to read, in seconds.
    """

    def __init__(
        self, what: str, unit: str, total: int, *, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.what, self.unit, self.total, self._now = what, unit, total, now
        self.done = self._first = self._logged = 0
        self._begin = self._first_at = self._logged_at = now()

    def left(self) -> float | None:
        """Return the seconds that are left; None while only the first item is done."""
        if not 0 < self._first < self.done:
            return None
        per_item = (self._now() - self._first_at) / (self.done - self._first)
        return per_item * (self.total - self.done)

    def add(self, number: int = 1) -> None:
        """Count items that are done, and log a line if one is due."""
        self.done += number
        now = self._now()
        if not self._first:
            self._first, self._first_at = self.done, now
        if self._is_due(now):
            self._logged, self._logged_at = self.done, now
            log.info("%s", self.in_words())

    def _is_due(self, now: float) -> bool:
        if self.done == self._first:
            return now - self._begin >= _FIRST_IS_SLOW
        passed, share = now - self._logged_at, (self.done - self._logged) / max(self.total, 1)
        return passed >= AT_LEAST_EVERY or (passed >= AT_MOST_EVERY and share >= 0.1)

    def in_words(self) -> str:
        """Return the progress as a line."""
        share = f"{self.done / max(self.total, 1):.0%}"
        found = f"{self.what}: {self.done} of {self.total} {self.unit}s ({share})"
        left = self.left()
        return found if left is None else f"{found}, about {duration(left)} left"


class Progress(tqdm):
    """A bar of tqdm on a terminal; elsewhere lines in the log. Takes an iterable or a `total`."""

    def __init__(
        self, items: Iterable[Any] | None = None, *, what: str, unit: str, total: int | None = None
    ) -> None:
        super().__init__(items, desc=what, unit=unit, total=total, disable=None)
        known = total if total is not None else len(items) if hasattr(items, "__len__") else 0  # type: ignore[arg-type]
        self._clock = Clock(what, unit, known)

    def __iter__(self) -> Iterator[Any]:
        if not self.disable:
            yield from super().__iter__()
            return
        for item in self.iterable:
            yield item
            self._clock.add()

    def update(self, n: float | None = 1) -> bool | None:
        """Count `n` more items."""
        if self.disable:
            self._clock.add(int(n or 0))
        return super().update(n)
