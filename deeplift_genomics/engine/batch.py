"""One batch of fixed shape, compiled: from windows and references to the arrays of a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.chunks import in_chunks
from deeplift_genomics.engine.fusion import fused_arithmetic
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.engine.propagate import Seeds, Walk, propagate, propagate_alone
from deeplift_genomics.engine.rule_sets import Route
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.graph.frozen import FrozenGraph

# (windows, references, *controls) -> target -> name of array -> array
BatchFunction = Callable[..., dict[str, dict[str, NDArray[np.floating]]]]
# (windows (B, L, 4), references (B, R, L, 4), walk with (B, R) first) -> name of array -> array
Summarise = Callable[[tf.Tensor, tf.Tensor, Walk], dict[str, tf.Tensor]]
# (windows, references, name of control -> control) -> target -> name of array -> array
Compute = Callable[[tf.Tensor, tf.Tensor, Mapping[str, tf.Tensor]], dict[str, dict[str, tf.Tensor]]]


def compile_batch(
    route: Route,
    shape: tuple[int, int, int],
    *,
    controls: Mapping[str, tuple[int, ...]],
    seeds: Mapping[str, Seeds],
    summarise: Summarise,
) -> BatchFunction:
    """Compile both passes for one batch shape, for methods that walk back by rules.

    Parameters
    ----------
    shape, controls
        As `compile_function` takes them.
    seeds
        Target -> its seeds, as `propagate` takes them.
    summarise
        The method's formula: from a target's walk to the arrays that it returns.

    Raises
    ------
    ModelError
        As `check_windows_apart` and `compile_function` raise it.
    """
    b, r, length = shape
    frozen = route.frozen
    sinks = sorted({tensor for starts in seeds.values() for tensor in starts})
    check_windows_apart(frozen, route.path, sinks)

    def compute(
        windows: tf.Tensor, references: tf.Tensor, by_name: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        with fused_arithmetic(b * r * length):
            at_window = GraphCopy(frozen, {route.sequence: windows, **by_name}, "window")

        def walk(some: tf.Tensor) -> dict[str, Walk]:
            with fused_arithmetic(b * r * length):
                return propagate(route, at_window, windows, some, controls=by_name, seeds=seeds)

        walks = in_chunks(walk, references)
        return {target: summarise(windows, references, walk) for target, walk in walks.items()}

    return compile_function(frozen, route.sequence, shape, controls=controls, compute=compute)


def compile_alone(
    route: Route,
    shape: tuple[int, int, int],
    *,
    controls: Mapping[str, tuple[int, ...]],
    seeds: Mapping[str, Seeds],
) -> BatchFunction:
    """Compile a walk back from the windows alone, for rules that compare them with nothing.

    Takes what `compile_batch` takes, and raises what it raises. The multipliers on the sequence are
    the hypothetical contributions.
    """
    b, _, length = shape
    frozen = route.frozen
    sinks = sorted({tensor for starts in seeds.values() for tensor in starts})
    check_windows_apart(frozen, route.path, sinks)

    def compute(
        windows: tf.Tensor, references: tf.Tensor, by_name: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        with fused_arithmetic(b * length):
            at_window = GraphCopy(frozen, {route.sequence: windows, **by_name}, "window")
            walks = propagate_alone(route, at_window, windows, seeds)
        return {
            target: {"hypothetical": walk.multipliers, "target": walk.target}
            for target, walk in walks.items()
        }

    return compile_function(frozen, route.sequence, shape, controls=controls, compute=compute)


def compile_function(
    frozen: FrozenGraph,
    sequence: str,
    shape: tuple[int, int, int],
    *,
    controls: Mapping[str, tuple[int | None, ...]],
    compute: Compute,
) -> BatchFunction:
    """Compile a method's function for one batch shape.

    Parameters
    ----------
    sequence
        Name of the sequence input.
    shape
        (B, R, L): windows per batch, references per window, bases per window.
    controls
        Name of each further input -> its shape without batch. Those that are no inputs of the graph
        are for `compute` only, and of the sequence's type.
    compute
        Takes windows (B, L, 4), references (B, R, L, 4) and the controls by name; returns for each
        target the arrays of the method.

    Returns
    -------
    Callable
        Takes windows, references and the controls in the order given, of any number type; returns
        the arrays of `compute`.

    Raises
    ------
    ModelError
        If the graph cannot be built for such a batch, as when a model has its own batch size.
    """
    b, r, length = shape

    def spec(name: str, *sizes: int | None) -> tf.TensorSpec:
        source = frozen.inputs.get(name, frozen.inputs[sequence])
        return tf.TensorSpec(sizes, frozen.tensor(source).dtype)

    specs = [spec(sequence, b, length, 4), spec(sequence, b, r, length, 4)]
    specs += [spec(name, b, *sizes) for name, sizes in controls.items()]

    @tf.function(autograph=False, input_signature=specs)
    def run(
        windows: tf.Tensor, references: tf.Tensor, *values: tf.Tensor
    ) -> dict[str, dict[str, tf.Tensor]]:
        return compute(windows, references, dict(zip(controls, values, strict=True)))

    try:
        run.get_concrete_function()
    except (TypeError, ValueError, tf.errors.OpError) as error:
        raise ModelError(
            f"The model cannot be evaluated on batches of {b} windows"
            + (f" with {r} references each: " if r else ": ")
            + f"{innermost(error)}."
        ) from error
    return _on_arrays(run, specs)


def _on_arrays(run: Callable[..., dict], specs: list[tf.TensorSpec]) -> BatchFunction:
    """Return the compiled function with NumPy arrays, of any number type, in place of tensors."""

    def call(*arrays: NDArray) -> dict[str, dict[str, NDArray[np.floating]]]:
        tensors = [
            tf.cast(tf.convert_to_tensor(array), wanted.dtype)
            for array, wanted in zip(arrays, specs, strict=True)
        ]
        try:
            results = run(*tensors)
        except tf.errors.OpError as error:
            raise ModelError(
                f"TensorFlow cannot compute the scores: {innermost(error)}."
            ) from error
        return {
            target: {name: values.numpy() for name, values in by_name.items()}
            for target, by_name in results.items()
        }

    return call
