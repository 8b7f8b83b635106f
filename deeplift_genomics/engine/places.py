"""The bases that the positions of a layer read: where each is in the window.

Convolutions, pooling and crops give a layer's position a stretch of the window of its own. It is
found by trying: which bases have a derivative at a few positions of the layer, for made-up windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph

_TRIED = 4  # made-up windows: a ReLU hides some bases of one window


@dataclass(frozen=True)
class Places:
    """Where the positions of a layer are: the centre of each in the window of `length` bases.

    `known` tells whether the model tells; otherwise positions are spread evenly over the window.
    """

    centres: NDArray[np.floating]
    length: int
    known: bool

    def to_bases(self, dtype: tf.DType) -> tf.Tensor:
        """Return the matrix (positions, L) that takes values of positions to bases.

        A base between two centres has the values of both, in proportion (linear interpolation);
        one beyond the first or the last has that one's value.
        """
        bases = np.arange(self.length)
        units = np.eye(len(self.centres))
        rows = [np.interp(bases, self.centres, unit) for unit in units]
        return tf.constant(np.array(rows), dtype)


def find_places(frozen: FrozenGraph, sequence: str, tensor: str, length: int) -> Places:
    """Return the places of the positions of a tensor (N, positions, ...), axes of 1 left out."""
    number = int(next(size for size in frozen.tensor(tensor).shape[1:] if size != 1))
    spread = Places((np.arange(number) + 0.5) * length / number - 0.5, length, False)
    tried = sorted({number // 2 - 1, number // 2} & set(range(number)))
    if len(tried) < 2:
        return spread
    (first, last), (next_first, next_last) = _read_by(frozen, sequence, tensor, tried)
    step = next_first - first
    inside = first > 0 and next_last < length - 1
    if not inside or step < 1 or next_last - last != step:
        return spread
    middle = (first + last) / 2
    centres = middle + step * (np.arange(number) - tried[0])
    known = centres[0] > -step and centres[-1] < length - 1 + step
    return Places(centres, length, True) if known else spread


def _read_by(
    frozen: FrozenGraph, sequence: str, tensor: str, positions: list[int]
) -> list[tuple[int, int]]:
    """Return the first and the last base that each position reads; all bases if it reads none."""
    rng = np.random.default_rng(0)
    shapes = {name: frozen.tensor(item).shape[1:] for name, item in frozen.inputs.items()}
    values = {name: rng.random((_TRIED, *shape)) for name, shape in shapes.items()}

    @tf.function(autograph=False)
    def run() -> list[tf.Tensor]:
        given = {
            name: tf.constant(value, frozen.tensor(frozen.inputs[name]).dtype)
            for name, value in values.items()
        }
        layer = GraphCopy(frozen, given, "places").tensor(tensor)
        layer = tf.reshape(layer, (_TRIED, -1, layer.shape[-1]))
        weights = tf.constant(rng.normal(size=layer.shape[2:]), layer.dtype)
        found = []
        for position in positions:
            (slope,) = tf.gradients(
                layer[:, position] * weights, given[sequence], unconnected_gradients="zero"
            )
            found.append(tf.reduce_any(tf.not_equal(slope, 0), axis=(0, 2)))
        return found

    result = []
    for mask in run():
        (where,) = np.nonzero(mask.numpy())
        result.append((int(where[0]), int(where[-1])) if len(where) else (0, len(mask) - 1))
    return result
