"""Instances that are one place: more than half of the shorter one is shared."""

import numpy as np
import pytest

from deeplift_genomics.instances.one_place import is_one_place


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((10, 20), (10, 20), True),
        ((10, 20), (14, 30), True),
        ((10, 20), (15, 30), False),  # exactly half
        ((10, 20), (0, 100), True),
        ((10, 20), (20, 30), False),
        ((10, 20), (40, 50), False),
    ],
)
def test_instances_that_are_one_place(one: tuple, other: tuple, same: bool) -> None:
    assert bool(is_one_place(*one, *other)) == bool(is_one_place(*other, *one)) == same
    arrays = [np.array([value, value]) for value in (*one, *other)]
    assert is_one_place(*arrays).tolist() == [same, same]
