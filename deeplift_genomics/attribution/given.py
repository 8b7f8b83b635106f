"""Checks of the arrays and numbers that a caller gives, before anything is computed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.methods import Chosen


def references_for(chosen: Chosen, sequences: ArrayLike, references: ArrayLike | None) -> NDArray:
    """Return the references as an array, of R = 0 for a method that takes none."""
    if references is None and chosen.references:
        raise InputError(
            f"{chosen.name} compares windows with references, and none were given; pass "
            "(N, R, L, 4), such as shuffles by dinucleotide_shuffle."
        )
    if references is not None and not chosen.references:
        raise InputError(
            f"{chosen.name} compares windows with nothing, so it takes no references; pass None."
        )
    if references is not None:
        return np.asarray(references)
    shape = np.shape(sequences)
    return np.zeros((*shape[:1], 0, *shape[1:]), np.float32)


def check_shapes(model: Model, sequences: NDArray, references: NDArray, least: int = 1) -> None:
    """Raise InputError unless sequences are (N, L, 4) and references (N, R, L, 4), R >= `least`."""
    length = model.window_length
    if sequences.ndim != 3 or sequences.shape[1:] != (length, 4):
        raise InputError(
            f"Sequences have the shape {sequences.shape}; {model.name} needs (N, {length}, 4)."
        )
    expected = (len(sequences), "R", length, 4)
    if references.ndim != 4 or references.shape[::2] != expected[::2] or references.shape[3] != 4:
        raise InputError(
            f"References have the shape {references.shape}; with these sequences "
            f"({expected[0]}, R, {length}, 4) is needed."
        )
    if references.shape[1] < least:
        raise InputError("0 references were given; at least 1 per window is needed.")


def check_values(sequences: NDArray, references: NDArray) -> None:
    """Raise InputError unless windows are one-hot, or zeros at unknown bases, and all is finite."""
    for row, window in enumerate(sequences):
        wrong = ~((window == 0) | (window == 1)).all(axis=1) | (
            np.count_nonzero(window, axis=1) > 1
        )
        if wrong.any():
            base = int(wrong.argmax())
            raise InputError(
                f"Sequence {row} is not one-hot: base {base} (counted from 0) is "
                f"{window[base].tolist()}; expected a single 1, or zeros for an unknown base."
            )
        if not np.isfinite(references[row]).all():
            raise InputError(
                f"The references of sequence {row} contain numbers that are not finite."
            )


def check_whole(model: str, references: NDArray) -> None:
    """Raise InputError unless references are of zeros and ones, for a model that rounds others."""
    others = references[(references != 0) & (references != 1)]
    if others.size:
        raise InputError(
            f"{model} makes whole numbers of its sequence, so its references must be of zeros and "
            f"ones; one of them has {others[0]}. Use shuffled references (references.kind: "
            "dinucleotide_shuffle), or save the model with an input of float32."
        )


def require_whole(what: str, value: Any, least: int) -> None:
    """Raise InputError unless a number is whole and large enough."""
    if not isinstance(value, int | np.integer) or value < least:
        raise InputError(f"At least {least} {what} is needed, a whole number; got {value!r}.")
