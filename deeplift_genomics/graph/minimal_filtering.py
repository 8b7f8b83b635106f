"""Dilated convolutions of 3 taps and many channels, by minimal filtering in tiles.

The transforms of inputs and outputs are compiled; the products between are TensorFlow's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.tiles import DIRECT, Part, cover
from deeplift_genomics.graph.toom_cook import POINTS, TAPS, transforms

# different transforms of a process that are kept: about 60 for a model
KEPT = 512


@dataclass(frozen=True)
class Kernel:
    """A kernel (3, C, F) in float32, and by m the m + 2 matrices (C, F) of its products."""

    taps: tf.Tensor
    matrices: Mapping[int, Sequence[tf.Tensor]]


@cache
def can_compile() -> bool:
    """Tell whether this TensorFlow has a compiler for the processor, as not all builds have."""
    with tf.init_scope():
        try:
            tf.function(tf.negative, autograph=False, jit_compile=True)(tf.constant(1.0))
        except tf.errors.OpError:
            return False
    return True


def transformed(taps: NDArray) -> Kernel:
    """Return a kernel (3, C, F) with its transforms, which are computed in double precision."""
    wide = np.asarray(taps, np.float64)
    with tf.init_scope():
        return Kernel(
            tf.constant(wide, tf.float32),
            {
                m: [
                    tf.constant(np.tensordot(row, wide, 1), tf.float32)
                    for row in transforms(m).filters
                ]
                for m in POINTS
            },
        )


@dataclass(frozen=True)
class Convolution:
    """A convolution of sequences of known length by minimal filtering, and its transpose.

    `size` are the positions of the input and `length` those of the output, which begins as if
    `left` zeros were before the input.
    """

    kernel: Kernel
    reverse: Kernel
    dilation: int
    size: int
    left: int
    length: int

    def forward(self, x: tf.Tensor) -> tf.Tensor:
        """Return the convolution (N, 1, length, F) of x (N, 1, size, C)."""
        return convolve(x, self.kernel, self.dilation, left=self.left, length=self.length)

    def back(self, m: tf.Tensor) -> tf.Tensor:
        """Return the multipliers (N, 1, size, C) on x from those on the output."""
        left = (TAPS - 1) * self.dilation - self.left
        return convolve(m, self.reverse, self.dilation, left=left, length=self.size)


def convolve(x: tf.Tensor, kernel: Kernel, dilation: int, *, left: int, length: int) -> tf.Tensor:
    """Return the convolution of x with a kernel.

    Parameters
    ----------
    x
        (N, 1, L, C), of known shape.
    kernel
        From `transformed`.
    left
        Zeros before x; as many as needed are added after it.
    length
        Positions of the output.

    Returns
    -------
    Tensor
        (N, 1, length, F).
    """
    missing = left + x.shape[2] < length + (TAPS - 1) * dilation
    parts = cover(length, dilation, padded=bool(left or missing))
    right = max(0, parts[-1].start + parts[-1].read - left - x.shape[2])
    if left or right:
        x = tf.pad(x, ((0, 0), (0, 0), (left, right), (0, 0)))
    found = [_part(x, kernel, part) for part in parts]
    return tf.concat(found, 2) if len(found) > 1 else found[0]


def _part(x: tf.Tensor, kernel: Kernel, part: Part) -> tf.Tensor:
    """Return a part (N, 1, size, F) of the convolution of x, already padded."""
    if part.m == DIRECT:
        some = x[:, :, part.start : part.start + part.read]
        filters = kernel.taps[None]
        return tf.nn.conv2d(some, filters, 1, "VALID", dilations=(1, part.dilation))
    matrices = kernel.matrices[part.m]
    values = into_tiles(part, tuple(x.shape))(x)
    products = [tf.matmul(v, u) for v, u in zip(values, matrices, strict=True)]
    return out_of_tiles(part, x.shape[0], matrices[0].shape[1])(*products)


@lru_cache(KEPT)
def into_tiles(part: Part, shape: tuple[int, ...]) -> Callable[..., Any]:
    """Return the compiled transform B^T x of a part: x (N, 1, L, C) to m + 2 times (rows, C).

    A row of the result is a place of `part.dilation` in a tile: there are N * count * dilation.
    """
    (n, _, length, c), m, d, count = shape, part.m, part.dilation, part.count

    def transform(x: tf.Tensor) -> list[tf.Tensor]:
        x = tf.reshape(x, (n, length, c))[:, part.start :]
        if (count + 1) * m * d <= length - part.start:  # this form is the faster one
            tiles = tf.reshape(x[:, : (count + 1) * m * d], (n, count + 1, m, d * c))
            numbers = [tiles[:, i // m : i // m + count, i % m] for i in range(m + TAPS - 1)]
        else:
            rows = tf.reshape(x[:, : part.read], (n, -1, d * c))
            numbers = [rows[:, i : i + (count - 1) * m + 1 : m] for i in range(m + TAPS - 1)]
        found = (_combined(row, numbers) for row in transforms(m).inputs)
        return [tf.reshape(values, (n * count * d, c)) for values in found]

    return tf.function(transform, autograph=False, jit_compile=True)


@lru_cache(KEPT)
def out_of_tiles(part: Part, n: int, filters: int) -> Callable[..., Any]:
    """Return the compiled transform A^T z of a part: m + 2 times (rows, F) to (N, 1, size, F)."""
    m, d, count = part.m, part.dilation, part.count
    # one row of outputs after another, each from all products: faster than a stack of m sums
    weights = transforms(m).outputs.astype(np.float32).T[:, None, None, :, None]

    def transform(*products: tf.Tensor) -> tf.Tensor:
        y = None
        for of_product, product in zip(weights, products, strict=True):
            term = of_product * tf.reshape(product, (n, count, 1, d * filters))
            y = term if y is None else y + term
        return tf.reshape(y, (n, 1, count * m * d, filters))[:, :, : part.size]

    return tf.function(transform, autograph=False, jit_compile=True)


def _combined(weights: NDArray, tensors: Sequence[tf.Tensor]) -> tf.Tensor:
    """Return the weighted sum of tensors, without those of weight 0."""
    used = [(w, t) for w, t in zip(weights, tensors, strict=True) if w]
    terms = [t if w == 1 else t * np.float32(w) for w, t in used]
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total
