"""Files of one run: which attributes differ, and the words for it."""

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.same_run import Difference, differences, require_same_run

ONE = {"a": 1, "b": "x", "only here": 0}
OTHER = {"b": "y", "a": 1, "only there": 0.5}


def test_differences_follow_the_order_of_the_keys() -> None:
    assert differences(ONE, OTHER) == [Difference("b", "x", "y"), ("only there", None, 0.5)]
    assert differences(ONE, OTHER, ["only here", "a", "b"]) == [
        ("only here", 0, None),
        ("b", "x", "y"),
    ]
    assert differences(ONE, ONE) == differences(ONE, OTHER, []) == []


def test_the_first_difference_is_named() -> None:
    def require(keys: list[str]) -> None:
        require_same_run(
            "one.h5", ONE, other="other.h5", other_attributes=OTHER, keys=keys, advice="Remake it."
        )

    require(["a"])
    with pytest.raises(InputError) as error:
        require(["a", "b", "only there"])
    assert str(error.value) == "one.h5 was made with b = 'x', but other.h5 with 'y'. Remake it."
