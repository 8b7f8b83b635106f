"""What a batch of fixed shape takes: controls of its windows, and rows that fill it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.models.model import Model


def fill_controls(
    model: Model, controls: Mapping[str, ArrayLike] | None, n: int
) -> dict[str, NDArray[Any]]:
    """Return the controls of N windows by input name, zero where none are given.

    Raises
    ------
    InputError
        If the model has no such control, or one has another shape.
    """
    given = {name: np.asarray(values) for name, values in (controls or {}).items()}
    known = {item.name: item for item in model.controls}
    for name, values in given.items():
        if name not in known:
            raise InputError(
                f"{model.name} has no control input {name!r}; it has: {', '.join(known) or 'none'}."
            )
        if values.shape != (n, *known[name].shape):
            raise InputError(
                f"Control {name!r} has the shape {values.shape}; "
                f"{(n, *known[name].shape)} is needed."
            )
    return {
        name: given.get(name, np.broadcast_to(np.float32(0), (n, *item.shape)))
        for name, item in known.items()
    }


def fill_batch(values: NDArray, size: int) -> NDArray:
    """Repeat the first row until the batch is full."""
    short = size - len(values)
    return np.concatenate([values, np.repeat(values[:1], short, axis=0)]) if short else values
