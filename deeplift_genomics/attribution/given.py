"""Checks of the arrays and numbers that a caller gives, before anything is computed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.dna.sequence import is_text, one_hot
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.methods import Chosen
from deeplift_genomics.settings.sections import References


def arrays_for(
    chosen: Chosen, sequences: ArrayLike, references: ArrayLike | None
) -> tuple[NDArray, NDArray | None]:
    """Return windows (N, L, 4), and references (N, R, L, 4) if they are given.

    Strings become one-hot arrays. A single string is one window, and so are its references.

    Raises
    ------
    InputError
        If a method that takes no references is given some, or these are no sequences.
    """
    if references is not None and not chosen.references:
        raise InputError(
            f"{chosen.name} compares windows with nothing, so it takes no references; pass None."
        )
    alone = isinstance(sequences, str | bytes)
    windows = numbers_of("Sequences", sequences)
    windows = windows[None] if alone else windows
    if references is None:
        return windows, None
    given = numbers_of("References", references)
    return windows, given[None] if alone and given.ndim == 3 else given


def number_of_references(chosen: Chosen, given: NDArray | None) -> int:
    """Return R: that of the references that are given, or the default of the settings.

    It is 0 for a method that takes none.
    """
    if given is not None:
        return given.shape[1]
    return References().number if chosen.references else 0


def require_model(model: Any) -> None:
    """Raise InputError unless this is a model that `load_model` returned."""
    if not isinstance(model, Model):
        raise InputError(
            f"The model is {shortened(repr(model), 80)}; expected what load_model returns. Write "
            "model = load_model(...) first: it takes a file, a folder or a Keras model in memory."
        )


def numbers_of(what: str, values: ArrayLike) -> NDArray:
    """Return one-hot arrays of strings, and arrays of numbers as they are.

    Raises
    ------
    InputError
        If these are neither; `what` names them.
    """
    if is_text(values):
        return one_hot(values)
    array = np.asarray(values)
    if array.dtype.kind not in "biuf":
        raise InputError(f"{what} are of type {array.dtype}; numbers, one-hot, are needed.")
    return array


def check_shapes(
    model: Model, sequences: NDArray, references: NDArray | None, least: int = 1
) -> None:
    """Raise InputError unless sequences are (N, L, 4) and references (N, R, L, 4), R >= `least`."""
    length = model.window_length
    if sequences.ndim != 3 or sequences.shape[1:] != (length, 4):
        raise InputError(
            f"Sequences have the shape {sequences.shape}; {model.name} needs (N, {length}, 4)."
        )
    if references is None:
        return
    expected = (len(sequences), "R", length, 4)
    if references.ndim != 4 or references.shape[::2] != expected[::2] or references.shape[3] != 4:
        raise InputError(
            f"References have the shape {references.shape}; with these sequences "
            f"({expected[0]}, R, {length}, 4) is needed."
        )
    if references.shape[1] < least:
        raise InputError("0 references were given; at least 1 per window is needed.")


def check_values(sequences: NDArray, references: NDArray | None) -> None:
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
        if references is not None and not np.isfinite(references[row]).all():
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
