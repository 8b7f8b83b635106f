"""The alphabet, one-hot encoding and reverse complement.

A sequence is a string over A, C, G, T and N, or codes (int8: 0 A, 1 C, 2 G, 3 T, 4 anything else),
or a one-hot array whose last axis has the length 4 in the order A C G T. In one-hot arrays an
unknown base is a row of zeros.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened

ALPHABET = "ACGT"
UNKNOWN = 4  # the code of N and of every IUPAC ambiguity code

_CODES = np.full(256, UNKNOWN, dtype=np.int8)
for _index, _base in enumerate(ALPHABET):
    _CODES[ord(_base)] = _CODES[ord(_base.lower())] = _index
_LETTERS = np.frombuffer(b"ACGTN", dtype=np.uint8)
_ROWS = np.vstack([np.eye(4, dtype=np.int8), np.zeros((1, 4), dtype=np.int8)])

# kinds of a byte of sequence: 0 a base, N, or a sign for a gap or mask; an ambiguity code; not DNA
NO_DNA, AMBIGUOUS = 2, 1
KINDS = np.full(256, NO_DNA, dtype=np.int8)
for _kind, _letters in ((0, "ACGTNX-."), (AMBIGUOUS, "RYSWKMBDHV")):
    for _letter in _letters + _letters.lower():
        KINDS[ord(_letter)] = _kind


def bytes_of(sequence: str) -> NDArray[np.uint8]:
    """Return the letters of a string as bytes; ``?`` for those that no byte holds."""
    return np.frombuffer(sequence.encode("latin-1", "replace"), dtype=np.uint8)


def encode(sequence: str) -> NDArray[np.int8]:
    """Return the codes (L,) of a string; lower case counts as upper case.

    >>> encode("ACgtN").tolist()
    [0, 1, 2, 3, 4]
    """
    return _CODES[bytes_of(sequence)]


def decode(codes: ArrayLike) -> str:
    """Return the string of codes (L,).

    >>> decode([0, 1, 2, 3, 4])
    'ACGTN'
    """
    return _LETTERS[np.asarray(codes, dtype=np.int8)].tobytes().decode("ascii")


def one_hot(sequences: ArrayLike, dtype: DTypeLike = np.int8) -> NDArray:
    """Return the one-hot array of sequences, channels A C G T.

    Parameters
    ----------
    sequences
        A string of L bases, strings of one length in a list, lists of those, an array or a pandas
        column; or codes (...): 0 A, 1 C, 2 G, 3 T, 4 unknown. Lower case counts as upper case; N,
        IUPAC ambiguity codes and signs for gaps are unknown bases.
    dtype
        Type of the result.

    Returns
    -------
    (..., L, 4)
        An unknown base is a row of zeros.

    Raises
    ------
    InputError
        If strings differ in length or hold a letter that is no DNA, or codes are no whole numbers
        from 0 to 4.

    Examples
    --------
    >>> one_hot("CN").tolist()
    [[0, 1, 0, 0], [0, 0, 0, 0]]
    >>> one_hot(["ACGT", "acgt"]).shape, one_hot([1, 4]).tolist()
    ((2, 4, 4), [[0, 1, 0, 0], [0, 0, 0, 0]])
    """
    codes = _codes(sequences)
    try:
        return _ROWS.astype(dtype)[codes]
    except IndexError as error:
        raise InputError(f"Codes of bases are from 0 to 4: {error}.") from None


def is_text(sequences: Any) -> bool:
    """Return whether sequences are strings, alone or in lists or an array."""
    if isinstance(sequences, str | bytes):
        return True
    if isinstance(sequences, np.ndarray):
        return sequences.dtype.kind in "USOT"
    if hasattr(sequences, "dtype"):  # a column of pandas, or a tensor
        return is_text(np.asarray(sequences))
    return isinstance(sequences, list | tuple) and len(sequences) > 0 and is_text(sequences[0])


def _codes(sequences: ArrayLike) -> NDArray:
    """Return codes (..., L) of strings, or codes as they are."""
    if is_text(sequences):
        return _codes_of_texts(sequences)
    codes = np.asarray(sequences)
    if codes.dtype.kind not in "iu":
        raise InputError(
            f"Sequences to encode are of type {codes.dtype}; expected strings such as 'ACGT', or "
            "codes, whole numbers from 0 to 4."
        )
    return codes


def _codes_of_texts(sequences: Any) -> NDArray[np.int8]:
    """Return codes (..., L) of strings in lists or arrays."""
    texts = np.array(sequences, dtype=object)
    found: list[NDArray[np.int8]] = []
    for position, text in enumerate(texts.flat):
        what = f"Sequence {position}" if texts.ndim else "The sequence"
        text = text.decode("latin-1") if isinstance(text, bytes) else text
        if not isinstance(text, str):
            raise InputError(
                f"{what} is {shortened(repr(text), 80)}; expected a string of bases, and as many "
                "strings in each list."
            )
        _check_letters(what, text)
        if found and len(text) != len(found[0]):
            raise InputError(
                f"{what} has {len(text)} bases and sequence 0 has {len(found[0])}; sequences that "
                "are explained together have one length, that of the model's windows."
            )
        found.append(encode(text))
    return np.array(found, np.int8).reshape(*texts.shape, len(found[0]) if found else 0)


def _check_letters(what: str, text: str) -> None:
    """Raise InputError if a letter is neither a base nor an IUPAC code."""
    no_dna = np.flatnonzero(KINDS[bytes_of(text)] == NO_DNA)
    if len(no_dna):
        place = int(no_dna[0])
        rna = " Is it RNA? Write T for U." if text[place] in "Uu" else ""
        raise InputError(
            f"{what} holds {text[place]!r} at base {place} (from 0), which is neither a base nor "
            f"an IUPAC code.{rna}"
        )


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
