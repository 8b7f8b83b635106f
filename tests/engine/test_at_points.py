"""Derivatives at points against finite differences, and what has no derivative refused by name."""

import re
from collections.abc import Callable, Mapping

import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.engine.alike import Targets
from deeplift_genomics.engine.at_points import compile_derivatives, find_derivatives
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.errors import UnsupportedOperationError
from tests.engine.helpers import frozen_batch
from tests.engine.test_rules import LINEAR, NONLINEAR, SHAPE, const

# functions that have no rule but a derivative, and those at which TensorFlow's gradient stops
FURTHER: dict[str, Callable] = {
    "cumulative product": lambda x: tf.math.cumprod(x, axis=1),
    "choice by another": lambda x: tf.where(x[:, :3] > x[:, 3:], x[:, :3], 2 * x[:, 3:]),
    "gradient stopped": lambda x: tf.stop_gradient(tf.tanh(x)) * x,
    "sorted": lambda x: tf.sort(x, -1)[..., :2],
    "step beside a way": lambda x: tf.floor(x) + tf.tanh(x),
}
OF_RULES = (
    "convolution", "dense", "crop", "stopped gradient", "relu", "power", "above a threshold",
    "function in pieces", "quotient", "log sum exp", "attention", "larger of two", "softmax",
    "masked softmax", "overlapping max pooling", "global minimum", "normalisation by group",
)  # fmt: skip
CASES = {name: row[1] for name, row in (NONLINEAR | LINEAR).items() if name in OF_RULES} | FURTHER


def derivatives_of(function: Callable, points: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Return the derivative of sum m y at points (n, L, 4)."""
    graph = frozen_batch(function, points.shape[1:], "float64")
    head = graph.outputs["head"]

    def starts(copy: GraphCopy, _: Mapping[str, tf.Tensor]) -> dict[str, dict[str, tf.Tensor]]:
        y = copy.tensor(head)
        return {"t": {head: tf.broadcast_to(tf.constant(m, y.dtype), y.shape)}}

    route = find_derivatives(graph, "sequence", [head], method="gradient")
    run = compile_derivatives(
        route,
        points.shape[:2],
        controls={},
        further={},
        targets=Targets({"t": {}}),
        starts=starts,
        points=1,
    )
    return run(points, np.zeros((len(points), 0, *points.shape[1:])))["t"]["slopes"]


@pytest.mark.parametrize("case", CASES)
def test_derivatives_equal_finite_differences(case: str) -> None:
    function, rng = CASES[case], np.random.default_rng(4)
    points = rng.normal(size=(2, *SHAPE))
    m = rng.normal(size=function(tf.constant(points)).shape[1:])
    found = derivatives_of(function, points, m)
    for row, point in enumerate(points):
        bumps = 1e-6 * np.eye(point.size).reshape(-1, *point.shape)
        up, down = (function(tf.constant(point + sign * bumps)).numpy() for sign in (1, -1))
        expected = ((up - down) * m).reshape(len(bumps), -1).sum(axis=1) / 2e-6
        np.testing.assert_allclose(found[row].ravel(), expected, atol=1e-5, rtol=1e-5)


def in_a_loop(x: tf.Tensor) -> tf.Tensor:
    return tf.while_loop(lambda i, y: i < 3, lambda i, y: (i + 1, tf.tanh(y)), (0, x))[1]


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (tf.sign, "the derivative by the sequence is zero everywhere.*Sign in Sign"),
        (lambda x: tf.floor(3 * x), "zero everywhere.*steps, Floor in Floor.*Use deeplift"),
        (lambda x: tf.cast(x[:, :3] > x[:, 3:], x.dtype), "Cast \\(converts to or from whole"),
        (lambda x: tf.gather(const(np.arange(4.0), x), tf.argmax(x, -1)), "GatherV2 \\(chooses by"),
        (in_a_loop, "StatelessWhile \\(a loop\\)"),
        (lambda x: x * tf.random.normal((6, 4), dtype=x.dtype), "RandomStandardNormal"),
    ],
)
def test_what_has_no_derivative_is_refused_by_name(function: Callable, message: str) -> None:
    graph = frozen_batch(function, SHAPE, "float64")
    with pytest.raises(UnsupportedOperationError, match=re.compile(message, re.DOTALL)):
        find_derivatives(graph, "sequence", [graph.outputs["head"]], method="gradient")


def test_of_what_does_not_depend_on_the_sequence_it_is_zero() -> None:
    points = np.ones((2, *SHAPE))
    assert not derivatives_of(lambda x: tf.ones_like(x), points, np.ones(SHAPE)).any()
