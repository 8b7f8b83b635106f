"""A graph of several floating-point types is computed in one of them."""

import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.graph.number_types import converted
from tests.engine.helpers import evaluate, frozen, types

RNG = np.random.default_rng(4)
X = RNG.normal(size=(3, 6, 4)).astype("float32")
MATRIX = RNG.normal(size=(4, 5))  # numbers that no shorter type has


def mixed(x: tf.Tensor, kind: str, weights: str = "float32") -> tf.Tensor:
    """Compute as a layer of mixed precision does: weights of one type, products of another."""
    y = tf.cast(x, kind) @ tf.cast(tf.constant(MATRIX, weights), kind)
    y = tf.nn.relu(y + tf.constant(0.1, kind))
    return tf.cast(tf.reduce_sum(y, axis=1), "float32")


def expected(matrix: np.ndarray, bias: float) -> np.ndarray:
    return np.maximum(X.astype(float) @ matrix + bias, 0).sum(axis=1)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_weights_keep_their_values(kind: str) -> None:
    graph = frozen(lambda x: mixed(x, kind), (6, 4))
    assert graph.types == tuple(sorted({kind, "float32"}))
    assert {node.attr["T"].type for node in graph.definition.node if node.op == "Relu"} == {
        tf.as_dtype("float64" if kind == "float64" else "float32").as_datatype_enum
    }
    assert "Cast" not in types(graph.made_faster())
    values = expected(MATRIX.astype("float32"), float(tf.cast(tf.constant(0.1, kind), "float64")))
    single, double = evaluate(graph.made_faster(), X), evaluate(graph.in_float64(), X)
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    np.testing.assert_allclose(single, values, rtol=1e-5)
    np.testing.assert_allclose(double, values, rtol=1e-14)


def test_weights_in_double_precision_keep_all_digits() -> None:
    graph = frozen(lambda x: mixed(x, "float64", "float64"), (6, 4))
    assert graph.types == ("float64",)
    np.testing.assert_allclose(evaluate(graph.in_float64(), X), expected(MATRIX, 0.1), rtol=1e-14)
    np.testing.assert_allclose(evaluate(graph.made_faster(), X), expected(MATRIX, 0.1), rtol=1e-5)


def test_weights_in_half_precision_are_those_of_the_model() -> None:
    graph = frozen(lambda x: mixed(x, "float16", "float16"), (6, 4))
    assert graph.types == ("float16",)
    half = expected(MATRIX.astype("float16").astype(float), float(np.float16(0.1)))
    np.testing.assert_allclose(evaluate(graph.made_faster(), X), half, rtol=1e-5)


def test_an_operation_in_float32_only_is_computed_within_float64() -> None:
    """TensorFlow's interpolation gives float32, whatever it takes."""

    def function(x: tf.Tensor) -> tf.Tensor:
        wide = tf.image.resize(tf.cast(x, "float64")[..., None], (12, 4))
        return tf.cast(tf.reduce_sum(wide, axis=(1, 3)), "float64") * MATRIX[:, 0]

    graph = frozen(function, (6, 4))
    double, single = evaluate(graph.in_float64(), X), evaluate(graph.made_faster(), X)
    assert (single.dtype, double.dtype) == (np.float32, np.float64)
    np.testing.assert_allclose(double, single, rtol=1e-5, atol=1e-6)


def test_whole_numbers_stay_whole() -> None:
    """Keras converts the number of repeats to the type that it has."""

    def function(x: tf.Tensor) -> tf.Tensor:
        repeats = tf.raw_ops.Cast(x=tf.shape(x)[1] // 3, DstT=tf.int32)
        return tf.tile(tf.cast(x, "float16"), tf.stack([1, repeats, 1]))

    graph = frozen(function, (6, 4))
    np.testing.assert_allclose(evaluate(graph.in_float64(), X), np.tile(X, (1, 2, 1)))


def test_a_graph_that_float64_does_not_know_stays_in_float32() -> None:
    """Local response normalisation, beside numbers in double precision."""

    def function(x: tf.Tensor) -> tf.Tensor:
        y = tf.raw_ops.LRN(input=x[:, None])
        return tf.cast(tf.cast(y, "float64") * MATRIX[:, 0], "float32")

    graph = frozen(function, (6, 4))
    assert "Cast" not in types(graph)
    np.testing.assert_allclose(
        evaluate(graph.made_faster(), X), function(tf.constant(X)), rtol=1e-5
    )


def test_numbers_that_do_not_fit_keep_their_use() -> None:
    """Masks stay large, and what keeps from dividing by zero stays above zero."""
    values = np.array([-1e300, 1e-300, -1e-60, 0.0, -0.0, np.inf, -np.inf, np.nan, 0.1])
    found = converted(values, tf.float32)
    limits = np.finfo(np.float32)
    kept = [-limits.max, limits.tiny, -limits.tiny, 0, 0, np.inf, -np.inf, np.nan, np.float32(0.1)]
    np.testing.assert_array_equal(found, np.float32(kept))
    half = np.array([65504, -65504, 6e-8, -np.inf], "float16")
    np.testing.assert_array_equal(converted(half, tf.float32), half.astype("float32"))
