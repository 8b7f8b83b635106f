"""The functions that were compiled for a model, kept so that the next call need not compile again.

They live as long as the model. What makes them must not hold the model itself: such a circle would
keep its weights until Python looks for circles.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

# kept for a model, at most: each holds its graph, and in double precision weights of its own
MOST = 8

Made = TypeVar("Made")


class Compiled:
    """The functions of one model that were asked for last, by what determines them.

    Threads that ask for the same function wait for the one that makes it. A copy is empty.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._slots: dict[Hashable, _Slot] = {}

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return the function that `key` determines, made now unless it is kept.

        What `make` raises is raised, and nothing is kept then.
        """
        with self._lock:
            slot = self._slots.pop(key, None) or _Slot()
            self._slots[key] = slot  # the last one asked for is the last in order
            while len(self._slots) > MOST:
                del self._slots[next(iter(self._slots))]
        with slot.lock:
            if not slot.made:
                try:
                    slot.value, slot.made = make(), True
                except BaseException:
                    self._drop(key, slot)
                    raise
            return slot.value

    def __len__(self) -> int:
        return len(self._slots)

    def __reduce__(self) -> tuple[type[Compiled], tuple[()]]:
        return Compiled, ()  # for copies and pickles, which cannot take what TensorFlow compiled

    def _drop(self, key: Hashable, slot: _Slot) -> None:
        with self._lock:
            if self._slots.get(key) is slot:
                del self._slots[key]


class _Slot:
    """The place of one function, and the lock of the thread that makes it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.made = False
        self.value: Any = None
