"""Choices that are written out keep their values; all others stay and are refused."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.errors import UnsupportedOperationError
from tests.engine.helpers import evaluate, frozen, route_of, types

where = tf.where
# -1 and 1 are among the values that are compared with them
NUMBERS = np.array([[-2, -1, -0.5, 0], [0.5, 1, 1.5, 3]], "float32")[None]

WRITTEN: dict[str, Callable] = {
    "greater": lambda x: where(x > 1, x, -x),
    "greater or equal": lambda x: where(x >= 1, x, -x),
    "less": lambda x: where(x < 1, x, -x),
    "less or equal": lambda x: where(x <= 1, x, -x),
    "equal": lambda x: where(tf.equal(x, 1), 7.0, x),
    "not equal": lambda x: where(tf.not_equal(x, 1), 7.0, x),
    "and": lambda x: where(tf.logical_and(x >= -1, x < 1), x, 2 * x),
    "or": lambda x: where(tf.logical_or(x < -1, x >= 1), x, 2 * x),
    "or, both": lambda x: where(tf.logical_or(x > -1, x >= 1), x, 2 * x),
    "not": lambda x: where(tf.logical_not(x < 1), x, 2 * x),
    "zeros": lambda x: where(x > 1, tf.zeros_like(x), x),
    "one within another": lambda x: where(x > 1, 0.0, where(x < -1, -3 * x, tf.exp(x))),
    "a condition as a number": lambda x: x * tf.cast(x >= 1, tf.float32),
    "as of old": lambda x: tf.raw_ops.Select(condition=x > 1, x=x, y=-x),
    "of a product of two": lambda x: hard(x * tf.reverse(x, [1])),
    "of what another layer gave": lambda x: hard(tf.nn.relu(x + tf.reverse(x, [2]))),
    "relu with all options": lambda x: keras.activations.relu(x, 0.1, 2, 1),
}
# name -> (operations that are not used, function)
DECIDED: dict[str, tuple[str, Callable]] = {
    "true": ("Floor", lambda x: where(tf.constant(True), -x, tf.floor(x))),
    "false": ("Floor", lambda x: where(tf.identity(tf.constant(False)), tf.floor(x), -x)),
    "as of old": ("Floor", lambda x: tf.raw_ops.Select(condition=True, x=-x, y=tf.floor(x))),
}
GUARDS: dict[str, Callable] = {
    "finite": lambda x: where(tf.math.is_finite(x), x, 5.0),
    "not a number": lambda x: where(tf.math.is_nan(x), 5.0, x),
    "infinite": lambda x: where(tf.math.is_inf(x), 5.0, x),
}
STAYING: dict[str, Callable] = {
    "two tensors": lambda x: where(x[:, :1] > 0, x[:, 1:], 0.0),
    "a sum": lambda x: where(tf.reduce_sum(x, axis=2, keepdims=True) > 0, x, 0.0),
    "a comparison with another place": lambda x: where(x > tf.reverse(x, [1]), x, 0.0),
    "an integer": lambda x: where(tf.argmax(x, -1)[..., None] > 1, x, 0.0),
    "rows": lambda x: tf.raw_ops.Select(condition=x[:, 0, 0] > 0, x=x, y=-x),
    "any": lambda x: x * tf.cast(tf.reduce_any(x > 0, -1, keepdims=True), tf.float32),
    "not finite, turned round": lambda x: where(~tf.math.is_finite(x), 5.0, x),
}


def hard(x: tf.Tensor) -> tf.Tensor:
    return keras.activations.hard_shrink(x, 1.0)


@pytest.mark.parametrize("case", WRITTEN)
def test_elementwise_choices_become_arithmetic(case: str) -> None:
    graph = frozen(WRITTEN[case], (2, 4))
    route_of(WRITTEN[case], (2, 4), "float32")  # every operation has a rule
    np.testing.assert_array_equal(evaluate(graph, NUMBERS), WRITTEN[case](tf.constant(NUMBERS)))


@pytest.mark.parametrize("case", GUARDS)
def test_guards_are_the_finite_branch_and_never_silently_wrong(case: str) -> None:
    graph = frozen(GUARDS[case], (2, 4))
    assert not types(graph) & {"Select", "SelectV2"}
    np.testing.assert_array_equal(evaluate(graph, NUMBERS), NUMBERS)
    for value in (np.nan, np.inf, -np.inf):
        wrong = NUMBERS.copy()
        wrong[0, 1, 2] = value
        found = evaluate(graph, wrong)
        assert np.isnan(found[0, 1, 2])
        assert np.isfinite(found).sum() == 7


@pytest.mark.parametrize("case", STAYING)
def test_other_choices_are_refused(case: str) -> None:
    with pytest.raises(UnsupportedOperationError, match="no exact rule"):
        route_of(STAYING[case], (2, 4), "float32")


@pytest.mark.parametrize("case", DECIDED)
def test_a_choice_by_a_constant_is_its_branch(case: str) -> None:
    unused, function = DECIDED[case]
    route = route_of(function, NUMBERS.shape[1:], "float32")
    assert unused not in {item.type for item in route.path}
    np.testing.assert_array_equal(evaluate(frozen(function, NUMBERS.shape[1:]), NUMBERS), -NUMBERS)


def test_a_constant_that_spreads_a_branch_stays() -> None:
    """The branch has fewer numbers than the choice."""
    graph = frozen(lambda x: where(True, x[:, :1], x), NUMBERS.shape[1:])
    np.testing.assert_array_equal(
        evaluate(graph, NUMBERS), np.broadcast_to(NUMBERS[:, :1], NUMBERS.shape)
    )
