"""The engine, run on a plain TensorFlow function."""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from deeplift_genomics.attribution.deeplift import RULE_SETS
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.engine.propagate import Seed, propagate
from deeplift_genomics.engine.rule_sets import Route, find_route
from deeplift_genomics.graph.frozen import FrozenGraph, freeze


def frozen(function: Callable, shape: tuple[int, ...]) -> FrozenGraph:
    """Freeze a function of one float32 batch."""
    spec = {"x": tf.TensorSpec((None, *shape), tf.float32)}
    return freeze(lambda x: [function(x)], spec, ["y"])


def evaluate(graph: FrozenGraph, x: np.ndarray) -> np.ndarray:
    """Return the output of a frozen graph."""

    @tf.function(autograph=False)
    def run(x: tf.Tensor) -> tf.Tensor:
        return GraphCopy(graph, {"x": x}, "copy").tensor(graph.outputs["y"])

    return run(tf.constant(x, graph.tensor(graph.inputs["x"]).dtype)).numpy()


def types(graph: FrozenGraph) -> set[str]:
    """Return the types of all operations of a graph."""
    return {node.op for node in graph.definition.node}


def frozen_batch(function: Callable, shape: tuple[int, ...], dtype: str) -> FrozenGraph:
    """Freeze a function from the input `sequence` to the output `head`."""
    spec = {"sequence": tf.TensorSpec((None, *shape), dtype)}
    return freeze(lambda x: [function(x)], spec, ["head"])


def route_of(
    function: Callable, shape: tuple[int, ...], dtype: str = "float64", rules: str = "rescale"
) -> Route:
    """Return the route through a function of one batch of sequences."""
    frozen = frozen_batch(function, shape, dtype)
    return find_route(frozen, "sequence", [frozen.outputs["head"]], RULE_SETS[rules])


def multipliers_of(
    function: Callable,
    windows: np.ndarray,
    references: np.ndarray,
    m: np.ndarray,
    rules: str = "rescale",
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Route]:
    """Walk back from the multipliers `m` on the output of one example.

    `windows` (B, L, 4), `references` (B, R, L, 4), `m` of the output's shape without batch.
    Returns multipliers (B, R, L, 4), sum m y (B, R) at windows and at references, and the route.
    """
    route = route_of(function, windows.shape[1:], windows.dtype.name, rules)
    b, r = references.shape[:2]
    constant = tf.constant(m, windows.dtype)

    def seed(x: tf.Tensor, x0: tf.Tensor) -> Seed:
        axes = list(range(1, x0.shape.rank))
        return Seed(
            tf.broadcast_to(constant, x0.shape),
            tf.reduce_sum(constant * x, axis=axes),
            tf.reduce_sum(constant * x0, axis=axes),
            tf.reduce_sum(tf.abs(constant * x0), axis=axes),
        )

    @tf.function(autograph=False)
    def run(windows: tf.Tensor, references: tf.Tensor) -> tuple[tf.Tensor, ...]:
        seeds = {route.frozen.outputs["head"]: seed}
        at_window = GraphCopy(route.frozen, {"sequence": windows}, "window")
        back = propagate(route, at_window, windows, references, controls={})
        return back(seeds)[:3]

    flat = references.reshape(b * r, *references.shape[2:])
    found, target, reference_target = (
        values.numpy() for values in run(tf.constant(windows), tf.constant(flat))
    )
    return (
        found.reshape(references.shape),
        target.reshape(b, r),
        reference_target.reshape(b, r),
        route,
    )
