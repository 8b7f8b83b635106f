"""Insertion of a motif into backgrounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.errors import InputError


def insert(codes: ArrayLike, insert_codes: ArrayLike, position: int) -> NDArray[np.int8]:
    """Return windows with an insert in place of their own bases; the windows keep their length.

    Parameters
    ----------
    codes
        Windows (N, L) as codes: 0 A, 1 C, 2 G, 3 T, 4 unknown.
    insert_codes
        The insert (W,), or one for each window (N, W). Where it is unknown, the window keeps its
        own base.
    position
        The window's base, counted from 0, at which the first base of the insert lies.

    Raises
    ------
    InputError
        If the insert does not lie within the window.
    """
    out = np.array(codes, dtype=np.int8)
    bases = np.asarray(insert_codes, dtype=np.int8)
    width, length = bases.shape[-1], out.shape[-1]
    if position < 0 or position + width > length:
        raise InputError(
            f"An insert of {width} bp at base {position} does not fit into a window of {length} bp."
        )
    place = out[..., position : position + width]
    place[...] = np.where(bases == UNKNOWN, place, bases)
    return out


def centre(length: int, width: int) -> int:
    """Return the base at which an insert begins that lies at the centre of a window."""
    return (length - width) // 2
