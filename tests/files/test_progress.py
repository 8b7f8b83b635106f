"""Progress: what is left is told from all items but the first."""

import logging

import pytest

from deeplift_genomics.files.progress import Clock, Progress


class Watch:
    """A clock that a test sets."""

    time = 0.0

    def __call__(self) -> float:
        return self.time


def test_the_first_item_is_not_in_the_estimate(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    watch = Watch()
    clock = Clock("shard 3", "window", 500, now=watch)
    watch.time = 45.0  # nearly all of it compiles the model
    clock.add()
    assert caplog.messages == ["shard 3: 1 of 500 windows (0%)"]
    assert clock.left() is None
    for _ in range(99):
        watch.time += 2.0
        clock.add()
    assert clock.left() == pytest.approx(800)
    assert clock.in_words() == "shard 3: 100 of 500 windows (20%), about 13 min left"


def test_there_is_a_line_each_minute_or_tenth() -> None:
    def lines(seconds: float, number: int) -> int:
        watch, logged = Watch(), []
        clock = Clock("loop", "item", number, now=watch)
        for _ in range(number):
            before = clock._logged_at
            watch.time += seconds
            clock.add()
            logged.append(clock._logged_at != before)
        return sum(logged)

    assert lines(36.0, 1000) == 1 + 499  # an item in 36 s: every second one passes a minute
    assert lines(1.0, 100) == 1 + 9
    assert lines(0.001, 1000) == 0
    assert lines(0.09, 100) == 1  # tenths that pass within 5 s share a line


def test_without_a_terminal_every_item_is_passed_on_and_counted() -> None:
    bar = Progress([3, 1, 2], what="numbers", unit="number")
    assert list(bar) == [3, 1, 2]
    assert bar._clock.done == bar._clock.total == 3
    bar = Progress(what="numbers", unit="number", total=5)
    bar.update(2)
    assert bar._clock.in_words() == "numbers: 2 of 5 numbers (40%)"
