"""The choice of a device, from tables, since tests have no GPU."""

import pytest
import tensorflow as tf

from deeplift_genomics.errors import InputError
from deeplift_genomics.graph.device import choose_device, use_device, values_of, windows_at_once


@pytest.mark.parametrize(
    ("wanted", "gpus", "expected"),
    [
        ("cpu", 0, "cpu"),
        ("cpu", 2, "cpu"),
        ("gpu", 1, "gpu"),
        ("gpu_or_cpu", 1, "gpu"),
        ("gpu_or_cpu", 0, "cpu"),
    ],
)
def test_choice(wanted: str, gpus: int, expected: str) -> None:
    assert choose_device(wanted, gpus) == expected


def test_a_gpu_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"finds no GPU here.*gpu_or_cpu"):
        choose_device("gpu", 0)


@pytest.mark.parametrize(
    ("wanted", "free", "values", "references", "expected"),
    [
        (1, 0, 10**6, 20, 1),
        (4, 0, 10**6, 20, 4),
        (0, 0, 10**6, 20, 1),  # a CPU
        (0, 40 * 10**9, 2 * 10**6, 20, 35),
        (0, 40 * 10**9, 10**3, 20, 64),
        (0, 10**6, 10**6, 20, 1),  # too little for one: tried all the same
        (3, 40 * 10**9, 2 * 10**6, 20, 3),
    ],
)
def test_windows_at_once(
    wanted: int, free: int, values: int, references: int, expected: int
) -> None:
    assert windows_at_once(wanted, free, values, references) == expected


def test_values() -> None:
    assert values_of([(None, 100, 64), (None, 1), (None, None, 3)]) == 6404


@pytest.mark.skipif(bool(tf.config.list_physical_devices("GPU")), reason="a GPU is here")
def test_the_cpu_where_there_is_no_gpu(caplog: pytest.LogCaptureFixture) -> None:
    assert use_device("cpu") == 0
    assert not caplog.records
    assert use_device("gpu_or_cpu") == 0
    assert "no GPU was found" in caplog.text
