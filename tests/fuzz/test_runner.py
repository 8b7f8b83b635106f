"""The fuzz runner: it notices every kind of failure."""

import os
import random
import signal
import time
from pathlib import Path

from deeplift_genomics.errors import InputError
from tests.fuzz.mutations import BINARY, TEXT, mutate
from tests.fuzz.runner import Target, fuzz

WAYS = ("well", "refuse", "raise", "die", "hang", "fill the memory", "leave")


def careless() -> Target:
    """Return a target whose reader fails in every possible way."""

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "way").write_text(rng.choice(WAYS))

    def read(folder: Path) -> None:
        way = (folder / "way").read_text()
        if way == "refuse":
            raise InputError("no")
        if way == "raise":
            raise KeyError("a")
        if way == "die":
            os.kill(os.getpid(), signal.SIGSEGV)
        if way == "hang":
            time.sleep(60)
        if way == "fill the memory":
            bytearray(2 << 30)
        if way == "leave":
            os._exit(0)

    return Target(make, read, seconds=1)


def test_every_failure_is_noticed_and_the_next_case_is_read() -> None:
    number = 24
    ways = [random.Random(case).choice(WAYS) for case in range(number)]
    assert set(ways) == set(WAYS)
    outcome = fuzz("tests.fuzz.test_runner:careless", number)
    words = {
        "raise": "KeyError: 'a'",
        "die": "the process ended with signal 11",
        "hang": "the process ended with signal 14",
        "fill the memory": "MemoryError: ",
        "leave": "the process ended",
    }
    assert outcome.failures == [
        f"case {case}: {words[way]}" for case, way in enumerate(ways) if way in words
    ]
    assert outcome.results == ways.count("well")
    assert outcome.refusals == ways.count("refuse")
    assert set(outcome.messages) == {"no"}


def test_mutations_change_files_and_are_repeated_by_their_seed() -> None:
    content = b"chr1\t10\t20\tpeak\nchr2\t30\t40\tother\n" * 20
    for mutations in (BINARY, TEXT):
        made = [mutate(random.Random(seed), content, mutations) for seed in range(300)]
        assert made == [mutate(random.Random(seed), content, mutations) for seed in range(300)]
        assert len({*made} - {content}) > 250
