"""The derivative of explained tensors at given sequences, by a walk with the rules of calculus.

The walk goes where TensorFlow's own gradient does, operation by operation, with two differences. An
operation that gives its input unchanged passes its multiplier on, also where TensorFlow's gradient
stops. And nothing is a zero in silence: an operation that TensorFlow cannot differentiate is
refused by name, as is a model whose derivative is zero because all ways to the sequence lead
through steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from deeplift_genomics.engine.alike import (
    NUMBERS,
    Alike,
    BatchFunction,
    Found,
    Targets,
    compile_targets,
)
from deeplift_genomics.engine.batch import compile_function
from deeplift_genomics.engine.chunks import one_by_one
from deeplift_genomics.engine.derivative import derivative, is_differentiable
from deeplift_genomics.engine.evaluated import Rule
from deeplift_genomics.engine.fusion import fused_arithmetic
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import GraphCopy, PathOperation
from deeplift_genomics.engine.propagate import evaluated, walk_back
from deeplift_genomics.engine.rule_sets import LOOPS, Pass, Plain, Route, RuleSet, find_route
from deeplift_genomics.engine.rules import find_rule, identity, linear
from deeplift_genomics.errors import UnsupportedOperationError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import having

STEPS = having("step")
# (graph at the points, further inputs) -> target -> explained tensor -> its multiplier
Starts = Callable[[GraphCopy, Mapping[str, tf.Tensor]], dict[str, dict[str, tf.Tensor]]]
# from explained tensor -> its multiplier, to the "slopes" on the sequence
WalkFrom = Callable[[Mapping[str, tf.Tensor]], dict[str, tf.Tensor]]


def find_derivative(item: PathOperation, operation: tf.Operation) -> tuple[Rule | None, str]:
    """Return the rule of calculus for an operation on the path, or None and a reason."""
    rule, reason = find_rule(item, operation)
    if rule in (identity, linear):
        return rule, ""
    if item.type.startswith(LOOPS):
        return None, "a loop"
    real = [tensor for tensor in operation.outputs if tensor.dtype.is_floating]
    if not real:  # a condition, or a place: on its way there is no derivative
        return derivative, ""
    if not any(operation.inputs[i].dtype.is_floating for i in item.live):
        return None, reason or "chooses by a whole number or a condition"
    return (derivative, "") if is_differentiable(operation) else (None, "has no derivative")


def find_derivatives(
    frozen: FrozenGraph, sequence: str, sinks: Sequence[str], *, method: str
) -> Route:
    """Return the route from the sequence to tensors, by which their derivatives are computed.

    Raises
    ------
    UnsupportedOperationError
        As `find_route` raises it, with the name of the `method`; and if the derivative of a tensor
        that depends on the sequence is zero everywhere, because of steps.
    ModelError
        As `check_windows_apart` raises it.
    """
    route = find_route(frozen, sequence, sinks, RuleSet(method, find_derivative, Plain))
    _check_sloped(route, sinks)
    check_windows_apart(frozen, route.path, sinks)
    return route


def _check_sloped(route: Route, sinks: Sequence[str]) -> None:
    """Raise UnsupportedOperationError if all ways to an explained tensor lead through steps."""
    sloped, steps = {route.frozen.tensor(route.source).op.name}, []
    for item in route.path:
        operation = route.frozen.graph.get_operation_by_name(item.name)
        if item.type in STEPS or not any(y.dtype.is_floating for y in operation.outputs):
            steps.append(item)
        elif any(operation.inputs[i].op.name in sloped for i in item.live):
            sloped.add(item.name)
    on_path = {item.name for item in route.path}
    flat = {route.frozen.tensor(sink).op.name for sink in sinks} & on_path - sloped
    if flat:
        named = dict.fromkeys(f"{i.type} in {route.frozen.layer_of(i.name)}" for i in steps)
        raise UnsupportedOperationError(
            f"{route.rule_set.method} is made of derivatives, and the derivative by the sequence "
            f"is zero everywhere: all ways lead through steps, {', '.join(named)}. Nothing was "
            "computed. Use deeplift, which has a rule for steps, or a method that changes bases, "
            "such as in_silico_mutagenesis."
        )


def compile_derivatives(
    route: Route,
    shape: tuple[int, int],
    *,
    controls: Mapping[str, tuple[int, ...]],
    further: Mapping[str, tuple[int | None, ...]],
    targets: Targets,
    starts: Starts,
    points: int,
) -> BatchFunction:
    """Compile the derivatives at the points of one chunk.

    Parameters
    ----------
    shape
        (n, L): points, and bases of each.
    controls, further
        Name of each control input, and of each further input of `starts` -> its shape without n.
    targets
        The targets. The seeds of those that are alike do not depend on the further inputs.
    starts
        From the graph at the points, and the further inputs, to the multipliers of the walks of
        targets apart.
    points
        How many points will be computed for a batch, in all chunks.

    Returns
    -------
    Callable
        Takes points (n, L, 4), an array (n, 0, L, 4), the controls and the further inputs in the
        order given; returns "slopes" (n, L, 4) for each target.

    Raises
    ------
    ModelError
        As `compile_function` raises it.
    """
    n, length = shape
    fused = partial(fused_arithmetic, points * length)

    def begin(at: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> tuple[GraphCopy, WalkFrom]:
        return _begin(route, at, {name: by_name[name] for name in controls})

    def apart(at: tf.Tensor, _: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> Found:
        with fused():
            copy, walk = begin(at, by_name)
            return {target: walk(seeds) for target, seeds in starts(copy, by_name).items()}

    def alike(group: Alike, at: tf.Tensor, _: tf.Tensor, by_name: Mapping[str, tf.Tensor]) -> Found:
        with fused():
            copy, walk = begin(at, by_name)

        def one(numbers: tf.Tensor) -> dict[str, tf.Tensor]:
            with fused():
                seeds = group.seeds(numbers).items()
                return walk({t: make(*[copy.tensor(t)] * 2).multiplier for t, make in seeds})

        return {NUMBERS: one_by_one(one, by_name[NUMBERS])}

    return compile_targets(
        partial(
            compile_function,
            route.frozen,
            route.sequence,
            (n, 0, length),
            controls={**controls, **further},
        ),
        targets,
        apart=apart,
        alike=lambda group: partial(alike, group),
        kept=n * length * 4,
    )


def _begin(
    route: Route, at: tf.Tensor, controls: Mapping[str, tf.Tensor]
) -> tuple[GraphCopy, WalkFrom]:
    """Return the graph at some points, and what builds a walk back from explained tensors."""
    copy = GraphCopy(route.frozen, {route.sequence: at, **controls}, "points")
    ruled = Plain(Pass(route, evaluated(route, copy, copy), tf.zeros_like(at)))

    def walk(multipliers: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        slopes = walk_back(route, ruled, multipliers)
        return {"slopes": tf.zeros_like(at) if slopes is None else slopes}

    return copy, walk
