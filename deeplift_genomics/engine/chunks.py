"""A loop over references, a few at a time, so that layers fit into the processor's caches.

Between convolutions, multipliers are added and scaled at the speed of memory. A layer of a few
references is still in the caches when the next operation reads it; a layer of all references is
not. The loop is part of the compiled batch; the window's forward pass is outside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from deeplift_genomics.graph.backend import tf

# bases of references that are computed together; on BPNets of 500 to 2,114 bp, half and twice as
# many are a few percent slower
TOGETHER = 10_000
# where convolutions are computed in tiles, by compiled code that is quick to start
IN_TILES = 2_500
# times as many points of paths on a GPU, which needs much work at once
ON_GPU = 32


def chunk_size(windows: int, references: int, length: int, together: int = TOGETHER) -> int:
    """Return the references per chunk: the largest divisor of R with so few bases, or 1.

    `together` are the bases of a chunk, at most: ``chunk_size(1, 20, 2114)`` is 4. On a GPU,
    which needs much work at once, it is R.
    """
    if tf.config.get_visible_devices("GPU"):
        return references
    fitting = [
        size
        for size in range(1, references + 1)
        if references % size == 0 and size * windows * length <= together
    ]
    return max(fitting, default=1)


Walks = TypeVar("Walks")


def in_chunks(
    walk: Callable[[tf.Tensor], Walks],
    references: tf.Tensor,
    *,
    axis: int = 0,
    together: int = TOGETHER,
) -> Walks:
    """Return the walks for all references (B, R, L, 4), some references of every window at a time.

    `walk` takes (B * r, L, 4), the r references of a window in a row, and returns tensors, in a
    structure, whose rows on an `axis` are B * r. Those returned here have the axes (B, R) in their
    place. `together` are the bases of a chunk, at most.
    """
    b, r, length, bases = references.shape
    size = chunk_size(b, r, length, together)
    chunks = tf.reshape(references, (b, r // size, size, length, bases))
    chunks = tf.reshape(tf.transpose(chunks, (1, 0, 2, 3, 4)), (-1, b * size, length, bases))
    if size == r:
        walks = tf.nest.map_structure(lambda x: x[None], walk(chunks[0]))
    else:
        walks = one_by_one(walk, chunks)

    def by_window(x: tf.Tensor) -> tf.Tensor:
        """Reorder a tensor of all chunks to (..., B, R, ...)."""
        before, after = x.shape[1 : 1 + axis], x.shape[2 + axis :]
        split = tf.reshape(x, (r // size, *before, b, size, *after))
        order = (*range(1, axis + 2), 0, *range(axis + 2, split.shape.rank))
        return tf.reshape(tf.transpose(split, order), (*before, b, r, *after))

    return tf.nest.map_structure(by_window, walks)


def one_by_one(function: Callable[[Any], Any], rows: Any) -> Any:
    """Return what a function of tensors returns for each row, stacked, by a loop in the graph.

    `rows` is a tensor, or a structure of tensors that have the same number of rows.
    """
    specs = tf.nest.map_structure(lambda x: tf.TensorSpec(x.shape[1:], x.dtype), rows)
    one = tf.function(function, autograph=False).get_concrete_function(specs)
    kinds = tf.nest.map_structure(tf.type_spec_from_value, one.structured_outputs)
    return tf.map_fn(one, rows, fn_output_signature=kinds, parallel_iterations=1)


def points_together(windows: int, points: int, length: int) -> int:
    """Return how many of the points of each window are computed together.

    Chunks are as equal as possible. ``points_together(1, 21, 2114)`` is 4: six chunks, of which the
    last is not full.
    """
    bases = TOGETHER * (ON_GPU if tf.config.get_visible_devices("GPU") else 1)
    most = max(1, min(points, bases // max(1, windows * length)))
    chunks = -(-points // most)
    return -(-points // chunks)
