"""Alphabet, one-hot encoding and reverse complement."""

from typing import Any

import numpy as np
import pandas
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
from deeplift_genomics.errors import InputError

sequences = st.text("ACGTN", max_size=40)


@pytest.mark.parametrize(
    "texts",
    [
        ["ACGT", "acgn"],
        ("ACGT", "ACGX"),
        np.array(["ACGT", "ACG-"]),
        np.array([b"ACGT", b"ACGR"]),
        pandas.Series(["ACGT", "ACG."]),
    ],
)
def test_one_hot_takes_strings_as_people_hold_them(texts: Any) -> None:
    whole = np.eye(4, dtype=np.int8)
    assert one_hot(texts).tolist()[0] == whole.tolist()
    assert one_hot(texts)[1, :3].tolist() == whole[:3].tolist()
    assert one_hot(list(texts)).shape == (2, 4, 4) and one_hot([list(texts)]).shape == (1, 2, 4, 4)
    assert one_hot(texts[0], "float64").dtype == np.float64


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["ACGT", "ACG"], "Sequence 1 has 3 bases and sequence 0 has 4"),
        ("ACGU", r"holds 'U' at base 3 \(from 0\), which is neither .* Is it RNA\? Write T for U"),
        (["ACGT", "AC T"], "Sequence 1 holds ' ' at base 2"),
        ("AC€T", "holds '€' at base 2"),
        (np.array(["ACGT", None], object), "Sequence 1 is None; expected a string"),
        ([["ACGT"], ["ACGT", "ACGT"]], r"Sequence 0 is \['ACGT'\]; expected a string"),
        (np.array([0.5, 1]), "of type float64; expected strings such as 'ACGT'"),
        (np.array([True, False]), "of type bool"),
        ([5], "Codes of bases are from 0 to 4"),
    ],
)
def test_what_is_no_sequence_is_refused_by_one_hot(given: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        one_hot(given)


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
