"""Batch normalisation in one operation, written as operations that have rules.

At inference it is a product and a sum. In training it subtracts the mean of each channel and
divides by the standard deviation. Keras 2 uses that for LayerNormalization: it makes each window's
numbers a channel, so that no window meets another. Whether windows meet is checked by the engine.
"""

from __future__ import annotations

from typing import Any

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import Written, replace_operations
from deeplift_genomics.graph.operations import having


def unfuse_normalisation(definition: Any) -> Any:
    """Write batch normalisation as elementary operations, if nothing reads its other outputs.

    At inference y = (x - mean) a + offset, with a = scale / sqrt(variance + epsilon), is computed
    as x a + (offset - mean a). In training y = (x - mean(x)) r scale + offset, with
    r = 1 / sqrt(mean((x - mean(x))^2) + epsilon), is computed in this order.
    """
    for kind in having("normalisation"):
        definition = replace_operations(definition, kind, _write)
    return definition


def _write(operation: tf.Operation) -> Written | None:
    """Return an operation as elementary operations."""
    x = operation.inputs[0]
    if any(output.consumers() for output in operation.outputs[1:]) or x.shape.rank is None:
        return None
    first = operation.get_attr("data_format").startswith(b"NC")
    given = x.dtype  # half precision, beside a scale of float32, in models of mixed precision
    axis = 1 if first else x.shape.rank - 1
    epsilon = operation.get_attr("epsilon")

    def along(values: tf.Tensor) -> tf.Tensor:
        """Return a number for each channel in a shape that spreads over x."""
        return tf.reshape(values, (-1, *[1] * (x.shape.rank - 2))) if first else values

    def at_inference(
        x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, *moments: tf.Tensor
    ) -> tf.Tensor:
        mean, variance = moments
        x = tf.cast(x, scale.dtype)
        factor = tf.math.rsqrt(variance + epsilon) * scale
        return tf.cast(x * along(factor) + along(offset - mean * factor), given)

    def in_training(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor) -> tf.Tensor:
        x = tf.cast(x, scale.dtype)
        others = [i for i in range(x.shape.rank) if i != axis]
        centred = x - tf.reduce_mean(x, others, keepdims=True)
        variance = tf.reduce_mean(tf.square(centred), others, keepdims=True)
        normalised = centred * tf.math.rsqrt(variance + epsilon)
        return tf.cast(normalised * along(scale) + along(offset), given)

    if operation.get_attr("is_training"):
        return in_training, operation.inputs[:3]
    return at_inference, operation.inputs
