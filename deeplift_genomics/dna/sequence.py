"""The alphabet, one-hot encoding and reverse complement.

A sequence is a string over A, C, G, T and N, or codes (int8: 0 A, 1 C, 2 G, 3 T, 4 anything else),
or a one-hot array whose last axis has the length 4 in the order A C G T. In one-hot arrays an
unknown base is a row of zeros.
"""

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

ALPHABET = "ACGT"
UNKNOWN = 4  # the code of N and of every IUPAC ambiguity code

_CODES = np.full(256, UNKNOWN, dtype=np.int8)
for _index, _base in enumerate(ALPHABET):
    _CODES[ord(_base)] = _CODES[ord(_base.lower())] = _index
_LETTERS = np.frombuffer(b"ACGTN", dtype=np.uint8)
_ROWS = np.vstack([np.eye(4, dtype=np.int8), np.zeros((1, 4), dtype=np.int8)])


def encode(sequence: str) -> NDArray[np.int8]:
    """Return the codes (L,) of a string; lower case counts as upper case.

    >>> encode("ACgtN").tolist()
    [0, 1, 2, 3, 4]
    """
    return _CODES[np.frombuffer(sequence.encode("latin-1", "replace"), dtype=np.uint8)]


def decode(codes: ArrayLike) -> str:
    """Return the string of codes (L,).

    >>> decode([0, 1, 2, 3, 4])
    'ACGTN'
    """
    return _LETTERS[np.asarray(codes, dtype=np.int8)].tobytes().decode("ascii")


def one_hot(codes: ArrayLike, dtype: DTypeLike = np.int8) -> NDArray:
    """Return the one-hot array (..., 4) of codes (...).

    >>> one_hot([1, 4]).tolist()
    [[0, 1, 0, 0], [0, 0, 0, 0]]
    """
    return _ROWS.astype(dtype)[np.asarray(codes)]


def codes_of(one_hot_array: ArrayLike) -> NDArray[np.int8]:
    """Return the codes (...) of a one-hot array (..., 4).

    >>> codes_of([[0, 1, 0, 0], [0, 0, 0, 0]]).tolist()
    [1, 4]
    """
    array = np.asarray(one_hot_array)
    return np.where(array.any(axis=-1), array.argmax(axis=-1), UNKNOWN).astype(np.int8)


def reverse_complement(sequence: str) -> str:
    """Return the reverse complement of a string over A, C, G, T, N; upper and lower case stay.

    >>> reverse_complement("AACGN")
    'NCGTT'
    """
    return sequence.translate(str.maketrans("ACGTacgt", "TGCAtgca"))[::-1]
