"""Windows seen otherwise: moved by a few bases, or from the other strand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.effects.inserts import reverse_complement

SHIFTS = (1, 2, 5, 10)  # bases


def shifted(
    codes: NDArray[np.int8], controls: Mapping[str, NDArray], by: int
) -> tuple[NDArray[np.int8], dict[str, NDArray]]:
    """Return windows (N, L) that begin so many bases later, and their controls.

    The bases that come in at the end are unknown (N), since a windows file holds no others;
    controls are 0 there. A control is moved along its longest axis, that of positions, if it has
    two or more; a single number per window or strand stays.
    """
    moved = np.full_like(codes, UNKNOWN)
    moved[:, : codes.shape[1] - by] = codes[:, by:]
    return moved, {name: _shifted_control(values, by) for name, values in controls.items()}


def _shifted_control(values: NDArray, by: int) -> NDArray:
    """Return a control (N, ...) of moved windows."""
    if values.ndim < 3:
        return values
    axis = 1 + int(np.argmax(values.shape[1:]))
    along = np.moveaxis(values, axis, -1)
    moved = np.zeros(along.shape, values.dtype)
    moved[..., : max(along.shape[-1] - by, 0)] = along[..., by:]
    return np.moveaxis(moved, -1, axis)


def turned(
    codes: NDArray[np.int8], controls: Mapping[str, NDArray]
) -> tuple[NDArray[np.int8], dict[str, NDArray]]:
    """Return windows (N, L) as the other strand reads them, and their controls.

    Controls are reversed along all axes: positions, and strands.
    """
    axes = {name: tuple(range(1, values.ndim)) for name, values in controls.items()}
    other = {name: np.flip(values, axes[name]) for name, values in controls.items()}
    return reverse_complement(codes), other
