"""The forward pass of a model on a batch of fixed shape, compiled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.graph.frozen import FrozenGraph

# (windows (B, L, 4), *controls) -> the tensors, (B, ...) each
Forward = Callable[..., list[NDArray]]


def compile_forward(
    frozen: FrozenGraph,
    sequence: str,
    shape: tuple[int, int],
    *,
    controls: Mapping[str, tuple[int, ...]],
    tensors: Sequence[str],
) -> Forward:
    """Compile the computation of tensors for one batch shape.

    Parameters
    ----------
    sequence
        Name of the sequence input.
    shape
        (B, L): windows per batch, bases per window.
    controls
        Name of each further input -> its shape without batch.
    tensors
        Names of tensors, such as those of `FrozenGraph.outputs`.

    Returns
    -------
    Callable
        Takes windows (B, L, 4) and the controls in the order given, of any number type; returns
        the tensors.

    Raises
    ------
    ModelError
        If the graph cannot be built for such a batch, as when a model has its own batch size.
    """
    sizes = {sequence: (shape[1], 4), **controls}
    specs = [
        tf.TensorSpec((shape[0], *rest), frozen.tensor(frozen.inputs[name]).dtype)
        for name, rest in sizes.items()
    ]

    @tf.function(autograph=False, input_signature=specs)
    def run(*values: tf.Tensor) -> list[tf.Tensor]:
        copy = GraphCopy(frozen, dict(zip(sizes, values, strict=True)), "forward")
        return [tf.identity(copy.tensor(name)) for name in tensors]

    def call(*arrays: NDArray) -> list[NDArray]:
        given = [
            tf.cast(tf.convert_to_tensor(array), spec.dtype)
            for array, spec in zip(arrays, specs, strict=True)
        ]
        try:
            return [np.asarray(tensor) for tensor in run(*given)]
        except tf.errors.OpError as error:
            raise ModelError(
                f"TensorFlow cannot compute the predictions: {innermost(error)}."
            ) from error

    try:
        run.get_concrete_function()
    except (TypeError, ValueError, tf.errors.OpError) as error:
        raise ModelError(
            f"The model cannot be evaluated on batches of {shape[0]} windows: {innermost(error)}."
        ) from error
    return call
