"""Kinds of reference: the sequences with which a window is compared."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import UNKNOWN, one_hot
from deeplift_genomics.dna.shuffle import shuffle_codes
from deeplift_genomics.settings.choices import check_references

FLAT_COMPOSITION = (0.3, 0.2, 0.2, 0.3)  # of A, C, G, T


def _dinucleotide_shuffle(codes: NDArray[np.int8], number: int, seed: int) -> NDArray[np.float32]:
    """Return shuffles of the window that keep the number of each dinucleotide."""
    return one_hot(shuffle_codes(codes, number, seed), np.float32)


def _flat(codes: NDArray[np.int8], number: int, seed: int) -> NDArray[np.float32]:
    """Return base frequencies in place of each known base."""
    known = (codes != UNKNOWN)[:, None, :, None]
    return known * np.array(FLAT_COMPOSITION, dtype=np.float32)


def _zeros(codes: NDArray[np.int8], number: int, seed: int) -> NDArray[np.float32]:
    """Return rows of zeros."""
    return np.zeros((len(codes), 1, codes.shape[1], 4), dtype=np.float32)


# A new kind is a function from codes (N, L), number R and seed to (N, R, L, 4), and a line here.
KINDS: dict[str, Callable[[NDArray[np.int8], int, int], NDArray[np.float32]]] = {
    "dinucleotide_shuffle": _dinucleotide_shuffle,
    "flat": _flat,
    "zeros": _zeros,
}


def make_references(
    codes: NDArray[np.int8], kind: str, number: int, seed: int
) -> NDArray[np.float32]:
    """Return references (N, R, L, 4) of windows given as codes (N, L).

    Parameters
    ----------
    codes
        (N, L) int8: 0 A, 1 C, 2 G, 3 T, 4 unknown; unknown bases are rows of zeros in every kind.
    kind
        `dinucleotide_shuffle` (one-hot), `flat` (0.3 A, 0.2 C, 0.2 G, 0.3 T) or `zeros`.
    number
        References per window, R; 1 for `flat` and `zeros`.
    seed
        Seed of the random kinds; see `shuffle_codes`.

    Raises
    ------
    ConfigError
        If the kind is not known or does not allow this number.
    """
    check_references(kind, number)
    return KINDS[kind](codes, number, seed)
