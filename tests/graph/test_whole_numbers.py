"""A one-hot input of whole numbers is held as real numbers, wherever it is only copied."""

from collections.abc import Callable

import numpy as np
import pytest
import tensorflow as tf

from tests.engine.helpers import evaluate, frozen, multipliers_of, types

RNG = np.random.default_rng(5)
X = np.eye(4, dtype="float32")[RNG.integers(0, 4, (3, 6))]
MATRIX = RNG.normal(size=(4, 5)).astype("float32")
KINDS = ["bool", "int8", "uint8", "int16", "uint16", "int32", "int64", "uint32", "uint64"]


def identity(x: tf.Tensor) -> tf.Tensor:
    return x


COPIES: dict[str, Callable] = {
    "nothing": identity,
    "turned": lambda x: tf.transpose(tf.reverse(x, [1, 2]), (0, 2, 1)),
    "with an axis": lambda x: tf.squeeze(x[:, :, None], 2),
    "both strands": lambda x: tf.concat([x, tf.reverse(x, [1, 2])], axis=1),
    "strands beside each other": lambda x: tf.stack([x, tf.reverse(x, [1, 2])], axis=-1),
    "cut": lambda x: x[:, 1:-1],
    "other order of bases": lambda x: tf.gather(x, [0, 2, 1, 3], axis=2),
    "padded": lambda x: tf.pad(x, [[0, 0], [2, 1], [0, 0]]),
    "repeated": lambda x: tf.tile(x, (1, 2, 1)),
    "of two types": lambda x: tf.cast(x, "int32") if x.dtype != tf.int32 else tf.cast(x, "int8"),
    "split": lambda x: tf.split(x, 2, axis=1)[1],
    "beside zeros": lambda x: tf.concat([x, tf.zeros((3, 2, 4), x.dtype)], axis=1),
}


def test_multipliers_are_those_of_the_real_numbers() -> None:
    windows, references = X[:2].astype("float64"), X[:2, None, ::-1].astype("float64")
    m = RNG.normal(size=(6, 4))
    for kind in KINDS:

        def function(x: tf.Tensor, kind: str = kind) -> tf.Tensor:
            return 3 * tf.cast(tf.cast(x, kind), "float64")

        found = multipliers_of(function, windows, references, m)[0]
        np.testing.assert_allclose(found, np.broadcast_to(3 * m, found.shape), rtol=1e-6)


@pytest.mark.parametrize("case", COPIES)
def test_copies_of_whole_numbers_are_copies_of_real_ones(case: str) -> None:
    kind = "bool" if case == "turned" else "int8"

    def function(x: tf.Tensor) -> tf.Tensor:
        return tf.cast(COPIES[case](tf.cast(x, kind)), "float32")

    graph = frozen(function, (6, 4))
    assert graph.whole
    np.testing.assert_array_equal(evaluate(graph, X), function(tf.constant(X)))
    # what is left of the whole numbers leads nowhere
    real = evaluate(graph, 0.5 * X)
    np.testing.assert_array_equal(real, 0.5 * np.asarray(function(tf.constant(X))))


OTHERS: dict[str, Callable] = {
    "looked up": lambda x: tf.gather(MATRIX, tf.argmax(tf.cast(x, "int8"), axis=-1)),
    "computed": lambda x: tf.cast(tf.cast(x, "int8") // 2, "float32") @ MATRIX,
    "beside others": lambda x: tf.cast(tf.cast(tf.concat([x, 3 * x], 1), "int8"), "float32"),
    "later": lambda x: tf.cast(tf.cast(3 * x @ MATRIX, "int8"), "float32"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_other_uses_stay(case: str) -> None:
    graph = frozen(OTHERS[case], (6, 4))
    assert not graph.whole
    assert "Cast" in types(graph)
