"""One batch of fixed shape, compiled: from windows and references to the arrays that are kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.chunks import in_chunks
from deeplift_genomics.engine.fusion import fused_arithmetic
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.engine.propagate import Plan, SeedFunction, Walk, propagate
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf

# (windows, references, *controls) -> target -> name of array -> array
BatchFunction = Callable[..., dict[str, dict[str, NDArray[np.floating]]]]


def compile_batch(
    plan: Plan,
    shape: tuple[int, int, int],
    sequence_input: str,
    controls: Mapping[str, tuple[int, ...]],
    seeds: Mapping[str, tuple[str, SeedFunction]],
    rules: str = "rescale",
) -> BatchFunction:
    """Compile both passes for one batch shape.

    Parameters
    ----------
    shape
        (B, R, L): windows per batch, references per window, bases per window.
    controls
        Name of each further input -> its shape without batch.
    seeds
        Target -> (name of the explained tensor, function that makes its seed).
    rules
        As `propagate` takes them.

    Returns
    -------
    Callable
        Takes windows (B, L, 4), references (B, R, L, 4) and the controls in the order given, of
        any number type; returns for each target the arrays of `_summarise`.

    Raises
    ------
    ModelError
        If the graph cannot be built for such a batch, as when a model has its own batch size.
    """
    b, r, length = shape
    frozen = plan.frozen

    def spec(name: str, *sizes: int) -> tf.TensorSpec:
        return tf.TensorSpec(sizes, frozen.tensor(frozen.inputs[name]).dtype)

    specs = [spec(sequence_input, b, length, 4), spec(sequence_input, b, r, length, 4)]
    specs += [spec(name, b, *sizes) for name, sizes in controls.items()]

    @tf.function(autograph=False, input_signature=specs)
    def run(
        windows: tf.Tensor, references: tf.Tensor, *values: tf.Tensor
    ) -> dict[str, dict[str, tf.Tensor]]:
        by_name = dict(zip(controls, values, strict=True))
        with fused_arithmetic(b * r * length):
            at_window = GraphCopy(frozen, {sequence_input: windows, **by_name}, "window")

        def walk(some: tf.Tensor) -> dict[str, Walk]:
            with fused_arithmetic(b * r * length):
                return propagate(
                    plan, at_window, windows, some, by_name, seeds, sequence_input, rules
                )

        walks = in_chunks(walk, references)
        summary = partial(_summarise, windows, references)
        return {target: summary(walk) for target, walk in walks.items()}

    try:
        run.get_concrete_function()
    except (TypeError, ValueError, tf.errors.OpError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(
            f"The model cannot be evaluated on batches of {b} windows with {r} references each: "
            f"{reason[:400]}"
        ) from error

    def call(*arrays: NDArray) -> dict[str, dict[str, NDArray[np.floating]]]:
        tensors = [
            tf.cast(tf.convert_to_tensor(array), wanted.dtype)
            for array, wanted in zip(arrays, specs, strict=True)
        ]
        try:
            walks = run(*tensors)
        except tf.errors.OpError as error:
            raise ModelError(f"TensorFlow cannot compute the scores: {error.message}") from error
        return {
            target: {name: values.numpy() for name, values in found.items()}
            for target, found in walks.items()
        }

    return call


def _summarise(windows: tf.Tensor, references: tf.Tensor, walk: Walk) -> dict[str, tf.Tensor]:
    """From multipliers to what is kept, for a batch: (B, L, 4) and (B, R, L, 4).

    The names are those of `attribution.Scores`, where each is described.
    """
    r, m = references.shape[1], walk.multipliers
    target, reference_target = walk.target, walk.reference_target
    hypothetical = m - tf.reduce_sum(references * m, axis=-1, keepdims=True)
    observed = tf.reduce_sum(windows[:, None] * hypothetical, axis=-1)
    at_position = tf.reduce_sum(m * (windows[:, None] - references), axis=-1)
    mean = tf.reduce_mean(observed, axis=1, keepdims=True)
    variance = tf.reduce_sum(tf.square(observed - mean), axis=1) / (r - 1 if r > 1 else np.nan)
    arrays = {
        "hypothetical": tf.reduce_mean(hypothetical, axis=1),
        "target": tf.reduce_mean(target, axis=1),
        "reference_target": reference_target,
        "residual": tf.reduce_sum(at_position, axis=-1) - (target - reference_target),
        "standard_error": tf.sqrt(variance / r),
        "mass": tf.reduce_sum(tf.abs(at_position), axis=-1),
        "size": walk.size,
    }
    return arrays
