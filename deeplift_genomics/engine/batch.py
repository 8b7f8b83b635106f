"""One batch of fixed shape, compiled: from windows and references to the arrays of a method."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from functools import partial

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.alike import (
    NUMBERS,
    Alike,
    BatchFunction,
    Compute,
    Found,
    Targets,
    compile_targets,
    together,
)
from deeplift_genomics.engine.chunks import IN_TILES, TOGETHER, in_chunks, one_by_one
from deeplift_genomics.engine.fusion import fused_arithmetic
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.engine.propagate import Walk, WalkBack, propagate, propagate_alone
from deeplift_genomics.engine.rule_sets import Route
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.graph.frozen import FrozenGraph

# (windows (B, L, 4), references (B, R, L, 4), walk with (B, R) first) -> name of array -> array
Summarise = Callable[[tf.Tensor, tf.Tensor, Walk], dict[str, tf.Tensor]]


def compile_batch(
    route: Route,
    shape: tuple[int, int, int],
    *,
    controls: Mapping[str, tuple[int, ...]],
    targets: Targets,
    summarise: Summarise,
) -> BatchFunction:
    """Compile both passes for one batch shape, for methods that walk back by rules.

    Parameters
    ----------
    shape, controls
        As `compile_function` takes them.
    targets
        The targets; those that are alike share a walk.
    summarise
        The method's formula: from a target's walk to the arrays that it returns.

    Raises
    ------
    ModelError
        As `check_windows_apart` and `compile_function` raise it.
    """
    b, r, length = shape
    frozen = route.frozen
    check_windows_apart(frozen, route.path, targets.sinks)
    fused = partial(fused_arithmetic, b * r * length)

    def begin(windows: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> Callable[..., WalkBack]:
        with fused():
            return _forward(route, windows, {name: by_name[name] for name in controls})

    def apart(windows: tf.Tensor, references: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> Found:
        begun = begin(windows, by_name)

        def walk(some: tf.Tensor) -> dict[str, Walk]:
            with fused():
                back = begun(some)
                return {target: back(seeds) for target, seeds in targets.apart.items()}

        walks = in_chunks(walk, references, together=IN_TILES if frozen.minimal else TOGETHER)
        return {target: summarise(windows, references, walk) for target, walk in walks.items()}

    def alike(
        group: Alike, windows: tf.Tensor, references: tf.Tensor, by_name: Mapping[str, tf.Tensor]
    ) -> Found:
        begun = begin(windows, by_name)

        def walk(some: tf.Tensor) -> Walk:
            with fused():
                back = begun(some)
            return one_by_one(_each(group, back, fused), by_name[NUMBERS])

        walks = in_chunks(walk, references, axis=1, together=together(frozen, length))
        return {NUMBERS: one_by_one(partial(summarise, windows, references), walks)}

    return compile_targets(
        partial(compile_function, frozen, route.sequence, shape, controls=controls),
        targets,
        apart=apart,
        alike=lambda group: partial(alike, group),
        kept=b * r * length * 4,
    )


def _forward(
    route: Route, windows: tf.Tensor, controls: Mapping[str, tf.Tensor]
) -> Callable[..., WalkBack]:
    """Build the forward pass of windows, and return what takes that of references from there."""
    at_window = GraphCopy(route.frozen, {route.sequence: windows, **controls}, "window")
    return partial(propagate, route, at_window, windows, controls=controls)


def _each(
    group: Alike, back: WalkBack, fused: Callable[[], AbstractContextManager[object]]
) -> Callable[[tf.Tensor], Walk]:
    """Return what walks back from the numbers of one target of a group."""

    def one(numbers: tf.Tensor) -> Walk:
        with fused():
            return back(group.seeds(numbers), at=group.position(numbers))

    return one


def compile_alone(
    route: Route,
    shape: tuple[int, int, int],
    *,
    controls: Mapping[str, tuple[int, ...]],
    targets: Targets,
) -> BatchFunction:
    """Compile a walk back from the windows alone, for rules that compare them with nothing.

    Takes what `compile_batch` takes, and raises what it raises. The multipliers on the sequence are
    the hypothetical contributions.
    """
    b, _, length = shape
    frozen = route.frozen
    check_windows_apart(frozen, route.path, targets.sinks)
    fused = partial(fused_arithmetic, b * length)

    def begin(windows: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> WalkBack:
        given = {route.sequence: windows, **{name: by_name[name] for name in controls}}
        return propagate_alone(route, GraphCopy(frozen, given, "window"), windows)

    def apart(windows: tf.Tensor, _: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> Found:
        with fused():
            back = begin(windows, by_name)
            return {target: _alone(back(seeds)) for target, seeds in targets.apart.items()}

    def alike(
        group: Alike, windows: tf.Tensor, _: tf.Tensor, by_name: Mapping[str, tf.Tensor]
    ) -> Found:
        with fused():
            back = begin(windows, by_name)
        return {NUMBERS: _alone(one_by_one(_each(group, back, fused), by_name[NUMBERS]))}

    return compile_targets(
        partial(compile_function, frozen, route.sequence, shape, controls=controls),
        targets,
        apart=apart,
        alike=lambda group: partial(alike, group),
        kept=b * length * 4,
    )


def _alone(walk: Walk) -> dict[str, tf.Tensor]:
    """Return the arrays of a walk without references."""
    return {"hypothetical": walk.multipliers, "target": walk.target}


def compile_function(
    frozen: FrozenGraph,
    sequence: str,
    shape: tuple[int, int, int],
    *,
    controls: Mapping[str, tuple[int | None, ...]],
    compute: Compute,
    numbers: tuple[int, ...] | None = None,
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
    numbers
        Shape of a last input of whole numbers, which `compute` takes as the control `NUMBERS`.

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
    names = [*controls]
    if numbers is not None:
        specs, names = [*specs, tf.TensorSpec(numbers, tf.int32)], [*names, NUMBERS]

    @tf.function(autograph=False, input_signature=specs)
    def run(windows: tf.Tensor, references: tf.Tensor, *values: tf.Tensor) -> Found:
        return compute(windows, references, dict(zip(names, values, strict=True)))

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
