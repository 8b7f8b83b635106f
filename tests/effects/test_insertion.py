"""Inserts: where they lie, what they leave, and what does not fit."""

import numpy as np
import pytest

from deeplift_genomics.dna.sequence import decode, encode
from deeplift_genomics.effects.insertion import centre, insert
from deeplift_genomics.errors import InputError

WINDOWS = np.stack([encode("AAAAAAAA"), encode("CCCCNCCC")])


@pytest.mark.parametrize(
    ("inserts", "position", "expected"),
    [
        (encode("GT"), 0, ["GTAAAAAA", "GTCCNCCC"]),
        (encode("GT"), 6, ["AAAAAAGT", "CCCCNCGT"]),
        (encode("GNT"), 3, ["AAAGATAA", "CCCGNTCC"]),
        (np.stack([encode("GT"), encode("TN")]), 2, ["AAGTAAAA", "CCTCNCCC"]),
        (encode(""), 4, ["AAAAAAAA", "CCCCNCCC"]),
    ],
)
def test_inserts_replace_bases(inserts: np.ndarray, position: int, expected: list[str]) -> None:
    found = insert(WINDOWS, inserts, position)
    assert [decode(codes) for codes in found] == expected
    assert decode(WINDOWS[0]) == "AAAAAAAA"


@pytest.mark.parametrize("position", [-1, 7])
def test_inserts_must_lie_within_the_window(position: int) -> None:
    with pytest.raises(InputError, match=f"insert of 2 bp at base {position} .* window of 8 bp"):
        insert(WINDOWS, encode("GT"), position)


def test_the_centre_leaves_as_much_on_either_side() -> None:
    assert [centre(8, width) for width in (8, 7, 2, 1)] == [0, 0, 3, 3]
