"""Alphabet, one-hot encoding and reverse complement."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deeplift_genomics.dna.sequence import (
    ALPHABET,
    UNKNOWN,
    codes_of,
    decode,
    encode,
    one_hot,
    reverse_complement,
)

sequences = st.text("ACGTN", max_size=40)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", []),
        ("ACGTN", [0, 1, 2, 3, 4]),
        ("acgtn", [0, 1, 2, 3, 4]),
        ("RYSWKMBDHVU", [4] * 11),
        ("A-é€*", [0, 4, 4, 4, 4]),
    ],
)
def test_encode(text: str, codes: list[int]) -> None:
    encoded = encode(text)
    assert encoded.dtype == np.int8
    assert encoded.tolist() == codes


def test_one_hot_has_channels_in_the_order_of_the_alphabet() -> None:
    assert ALPHABET == "ACGT" and UNKNOWN == 4
    rows = [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    assert one_hot(encode("ACGTN")).tolist() == rows


@pytest.mark.parametrize("dtype", [np.int8, np.float32, bool])
@pytest.mark.parametrize("shape", [(0,), (3,), (2, 3), (2, 5, 3)])
def test_one_hot_shapes_and_types(shape: tuple[int, ...], dtype: type) -> None:
    array = one_hot(np.full(shape, 2), dtype)
    assert array.shape == (*shape, 4) and array.dtype == dtype
    assert codes_of(array).shape == shape
    assert (codes_of(array) == 2).all()


@given(sequences)
def test_there_and_back(text: str) -> None:
    assert decode(encode(text)) == text
    assert decode(codes_of(one_hot(encode(text), np.float32))) == text


@pytest.mark.parametrize(
    ("text", "expected"), [("", ""), ("A", "T"), ("AACGN", "NCGTT"), ("acGT", "ACgt")]
)
def test_reverse_complement(text: str, expected: str) -> None:
    assert reverse_complement(text) == expected


@given(sequences)
def test_reverse_complement_reverses_both_axes_of_the_one_hot_array(text: str) -> None:
    reversed_both = one_hot(encode(text))[::-1, ::-1]
    assert np.array_equal(one_hot(encode(reverse_complement(text))), reversed_both)
    assert reverse_complement(reverse_complement(text)) == text
