"""Functions that a model keeps: the last few, each made once, whichever thread asks first."""

import copy
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from deeplift_genomics.models.compiled import MOST, Compiled


def test_the_last_ones_asked_for_are_kept() -> None:
    compiled, made = Compiled(), list[int]()
    for number in [*range(MOST), 0, MOST, 0, 1]:  # 1 was dropped for MOST, 0 was not
        assert compiled.get(number, lambda number=number: made.append(number) or number) == number
    assert made == [*range(MOST), MOST, 1]
    assert len(compiled) == MOST


def test_what_fails_is_tried_again() -> None:
    compiled = Compiled()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            compiled.get("key", lambda: 1 // 0)
    assert len(compiled) == 0
    assert compiled.get("key", lambda: 3) == 3


def test_threads_wait_for_the_one_that_makes_it() -> None:
    compiled, made, together = Compiled(), list[str](), threading.Barrier(4)

    def ask() -> object:
        together.wait()
        return compiled.get("key", lambda: (threading.Event().wait(0.05), made.append("key"))[0])

    with ThreadPoolExecutor(4) as pool:
        assert len({id(future.result()) for future in [pool.submit(ask) for _ in range(4)]}) == 1
    assert made == ["key"]


def test_copies_are_empty() -> None:
    compiled = Compiled()
    compiled.get("key", lambda: 3)
    for other in (
        copy.copy(compiled),
        copy.deepcopy(compiled),
        pickle.loads(pickle.dumps(compiled)),
    ):
        assert len(other) == 0
