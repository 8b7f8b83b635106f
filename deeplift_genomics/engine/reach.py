"""The bases on which a number of a model can depend: its receptive field.

A mask is passed back through the graph from the tensors that are read, operation by operation, by
what an operation does to numbers whatever their values: a weight of 0 counts as any other. Where an
operation is not known so well, all its inputs count, so that no base is ever left out in error.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.path import GraphCopy, PathOperation, live_path, repeat_operation
from deeplift_genomics.engine.transposes import vector_jacobian_product
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import OPERATIONS, having

# their output at a place depends on the inputs at that place, once broadcast
AT_A_PLACE = having("function", "identity", "quotient", "squared_difference")
# an output depends on an input where its derivative is not 0 with all other inputs positive
BY_DERIVATIVE = having("linear", "linear_in_one", "bilinear")

# a tensor of one window -> what is read of it, as numbers that are not 0
Read = Callable[[tf.Tensor], tf.Tensor]


def reach(
    frozen: FrozenGraph,
    sequence: str,
    length: int,
    *,
    controls: Mapping[str, tuple[int, ...]],
    reads: Mapping[str, Read],
) -> NDArray[np.bool_]:
    """Return which bases of a window some tensors can depend on, (L,).

    Parameters
    ----------
    sequence, length
        Name of the sequence input, and its bases.
    controls
        Name of each further input -> its shape without batch.
    reads
        Name of each tensor that is read -> what is read of it.
    """
    path = live_path(frozen, frozen.inputs[sequence], list(reads))
    if any(item.type not in OPERATIONS for item in path):
        return np.ones(length, bool)

    @tf.function(autograph=False)
    def walk() -> tf.Tensor:
        sizes = {sequence: (length, 4), **controls}
        dtypes = {name: frozen.tensor(frozen.inputs[name]).dtype for name in sizes}
        values = {name: tf.zeros((1, *rest), dtypes[name]) for name, rest in sizes.items()}
        copy = GraphCopy(frozen, values, "reach")
        waiting: dict[str, list[tf.Tensor]] = defaultdict(list)
        for name, read in reads.items():
            waiting[name].append(_mask(read(copy.tensor(name))))
        for item in reversed(path):
            operation = copy.operation(item.name)
            names = [
                output.name for output in frozen.graph.get_operation_by_name(item.name).outputs
            ]
            if any(name in waiting for name in names):
                masks = [_any(waiting.pop(name, [])) for name in names]
                sources = frozen.graph.get_operation_by_name(item.name).inputs
                for i, mask in zip(item.live, _back(item, operation, masks), strict=True):
                    waiting[sources[i].name].append(_mask(mask))
        found = _any(waiting[frozen.inputs[sequence]])
        return tf.zeros(length) if found is None else tf.reduce_sum(found[0], axis=-1)

    return walk().numpy() > 0


def _mask(values: tf.Tensor) -> tf.Tensor:
    """Return 1 where values are not 0, and 0 elsewhere."""
    return tf.cast(tf.not_equal(values, 0), tf.float32)


def _any(masks: Sequence[tf.Tensor]) -> tf.Tensor | None:
    """Return the mask of what one of the masks has; None of none."""
    return reduce(tf.maximum, masks) if masks else None


def _back(
    item: PathOperation, operation: tf.Operation, masks: Sequence[tf.Tensor | None]
) -> list[tf.Tensor]:
    """Return what the outputs of an operation depend on, for each live input."""
    live = [operation.inputs[i] for i in item.live]
    numbers = all(tensor.dtype.is_floating for tensor in [*live, *operation.outputs])
    if item.type in AT_A_PLACE and len(operation.outputs) == 1:
        inputs = [tf.ones(x.shape) for x in live]
        placed = reduce(tf.add, inputs) + tf.zeros(operation.outputs[0].shape)
        return vector_jacobian_product([placed], inputs, masks)
    if item.type in BY_DERIVATIVE and numbers:
        inputs = [tf.ones(x.shape, x.dtype) if x.dtype.is_floating else x for x in operation.inputs]
        outputs = repeat_operation(operation, inputs)
        # random, so that terms of either sign do not cancel
        rng = np.random.default_rng(0)
        seeds = [
            None if m is None else tf.cast(m * rng.uniform(1, 2, y.shape), y.dtype)
            for m, y in zip(masks, outputs, strict=True)
        ]
        return vector_jacobian_product(outputs, [inputs[i] for i in item.live], seeds)
    some = reduce(tf.maximum, [tf.reduce_max(m) for m in masks if m is not None])
    return [tf.fill(tf.shape(x), some) for x in live]
