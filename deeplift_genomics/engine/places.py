"""The bases that the positions of a layer read: where each is in the window.

Convolutions, pooling and crops give a layer's position a stretch of the window of its own. It is
found by trying: which bases have a derivative at a few positions of the layer, for made-up windows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.path import GraphCopy, shapes_of
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph

_TRIED = 8  # made-up windows: a ReLU hides some bases of one window


@dataclass(frozen=True)
class Places:
    """Where the positions of a layer are in the window of `length` bases.

    `centres` has the centre of what each position reads; NaN for one that reads no base, as a token
    for the class does. `known` tells whether the model tells; otherwise positions are spread evenly
    over the window.
    """

    centres: NDArray[np.floating]
    length: int
    known: bool

    def to_bases(self, dtype: tf.DType) -> tf.Tensor:
        """Return the matrix (positions, L) that takes values of positions to bases.

        A base between two centres has the values of both, in proportion (linear interpolation);
        one beyond the first or the last has that one's value.
        """
        matrix = np.zeros((len(self.centres), self.length))
        reading = np.flatnonzero(~np.isnan(self.centres))
        for row, unit in zip(reading, np.eye(len(reading)), strict=True):
            matrix[row] = np.interp(np.arange(self.length), self.centres[reading], unit)
        return tf.constant(matrix, dtype)


def find_places(
    frozen: FrozenGraph, sequence: str, tensor: str, *, axis: int, length: int
) -> Places:
    """Return the places of the positions of a tensor, which are on one of its axes."""
    ((*shape,),) = shapes_of(frozen, [tensor])
    number = int(shape[axis] or 0)
    tried = sorted({0, number // 2 - 1, number // 2, number - 1} & set(range(number)))
    read = dict(zip(tried, _read_by(frozen, sequence, (tensor, axis), tried), strict=True))
    silent = [position for position in (0, number - 1) if read[position] is None]
    reading = np.setdiff1d(np.arange(number), silent)
    spread = np.full(number, np.nan)
    spread[reading] = (np.arange(len(reading)) + 0.5) * length / max(len(reading), 1) - 0.5
    found = _regular(read, number, length)
    if found is None:  # as many positions as bases are the bases
        return Places(spread, length, len(reading) == length)
    found[silent] = np.nan
    known = found[reading[0]] > -1 and found[reading[-1]] < length
    return Places(found if known else spread, length, known)


def _regular(
    read: dict[int, tuple[int, int] | None], number: int, length: int
) -> NDArray[np.floating] | None:
    """Return centres by what two positions in the middle read; None if they do not tell."""
    here, there = read.get(number // 2 - 1), read.get(number // 2)
    if number < 2 or here is None or there is None:
        return None
    step = there[0] - here[0]
    inside = here[0] > 0 and there[1] < length - 1
    if not inside or step < 1 or there[1] - here[1] != step:
        return None
    return (here[0] + here[1]) / 2 + step * (np.arange(number) - (number // 2 - 1.0))


def _read_by(
    frozen: FrozenGraph, sequence: str, of: tuple[str, int], positions: Sequence[int]
) -> list[tuple[int, int] | None]:
    """Return the first and the last base that each position reads; None if it reads none."""
    rng = np.random.default_rng(0)
    shapes = {name: frozen.tensor(item).shape[1:] for name, item in frozen.inputs.items()}
    values = {name: rng.normal(size=(_TRIED, *shape)) for name, shape in shapes.items()}

    @tf.function(autograph=False)
    def run() -> list[tf.Tensor]:
        given = {
            name: tf.constant(value, frozen.tensor(frozen.inputs[name]).dtype)
            for name, value in values.items()
        }
        layer = GraphCopy(frozen, given, "places").tensor(of[0])
        first = tf.transpose(layer, (of[1], *(i for i in range(layer.shape.rank) if i != of[1])))
        weights = tf.constant(rng.normal(size=first.shape[1:]), layer.dtype)
        slopes = [
            tf.gradients(first[p] * weights, given[sequence], unconnected_gradients="zero")[0]
            for p in positions
        ]
        return [tf.reduce_any(tf.not_equal(slope, 0), axis=(0, 2)) for slope in slopes]

    places = [np.flatnonzero(mask.numpy()) for mask in run.get_concrete_function()()]
    return [(int(where[0]), int(where[-1])) if len(where) else None for where in places]
