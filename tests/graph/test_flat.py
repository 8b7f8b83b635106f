"""Conditions that are constant are folded, and a model keeps its values; others stay."""

import gc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph import variables
from deeplift_genomics.graph.folding import value_of
from tests.engine.helpers import evaluate, frozen, types

RNG = np.random.default_rng(3)
X = RNG.normal(size=(3, 6, 4)).astype("float32")
CONTROL = {"If", "StatelessIf", "Case", "StatelessCase", "Switch", "Merge", "While"}
v1 = tf.compat.v1


class Flags(tf.Module):
    """Variables that never change: a flag, a number, and weights under a condition."""

    def __init__(self) -> None:
        super().__init__()
        self.training = tf.Variable(False)
        self.number = tf.Variable(2)
        self.count = tf.Variable(0)
        self.matrix = tf.Variable(RNG.normal(size=(4, 4)), dtype=tf.float32)

    def by_flag(self, x: tf.Tensor) -> tf.Tensor:
        return tf.cond(self.training, lambda: x * tf.random.uniform([]), lambda: x @ self.matrix)

    def by_number(self, x: tf.Tensor) -> tf.Tensor:
        branches = [lambda: x, lambda: -x, lambda: 3 * x @ self.matrix, lambda: x * 0]
        return tf.switch_case(self.number + 0, branches)

    def by_flag_within(self, x: tf.Tensor) -> tf.Tensor:
        on = tf.logical_not(self.training)
        return tf.cond(on, lambda: tf.cond(on, lambda: self.by_flag(x), lambda: -x), lambda: x)

    def counted(self, x: tf.Tensor) -> tf.Tensor:
        """Count calls, as Keras counts steps: nothing reads the number."""
        self.count.assign_add(1)
        return x @ self.matrix

    def by_called(self, x: tf.Tensor) -> tf.Tensor:
        return tf.function(tf.function(self.counted, autograph=False), autograph=False)(x)

    def by_length(self, x: tf.Tensor) -> tf.Tensor:
        long = tf.greater(tf.shape(x)[1], 5)
        return tf.cond(long, lambda: x @ self.matrix, lambda: tf.random.normal(tf.shape(x)))

    def by_default(self, x: tf.Tensor) -> tf.Tensor:
        flag = v1.placeholder_with_default(tf.constant(False), ())
        return tf.cond(flag, lambda: -x, lambda: x @ self.matrix)


FOLDED = {
    "by_flag": lambda x, m: x @ m,
    "by_number": lambda x, m: 3 * x @ m,
    "by_flag_within": lambda x, m: x @ m,
    "counted": lambda x, m: x @ m,
    "by_called": lambda x, m: x @ m,
    "by_length": lambda x, m: x @ m,
    "by_default": lambda x, m: x @ m,
}


def as_called(function: Callable) -> Callable:
    """Return a function that stays apart when it is called, as those of a SavedModel do."""
    spec = tf.TensorSpec((None, 6, 4), tf.float32)
    return tf.function(function, autograph=False).get_concrete_function(spec)


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize("case", FOLDED)
def test_conditions_that_are_constant_are_folded(case: str, apart: bool) -> None:
    flags = Flags()
    function = getattr(flags, case)
    graph = frozen(as_called(function) if apart else function, (6, 4))
    assert not types(graph) & (CONTROL | {"PartitionedCall", "StatefulPartitionedCall"})
    assert not any("Assign" in kind for kind in types(graph))
    np.testing.assert_allclose(evaluate(graph, X), FOLDED[case](X, flags.matrix.numpy()), atol=1e-5)


@pytest.mark.parametrize("case", ["sequence", "size of the batch"])
def test_a_condition_that_is_not_constant_stays(case: str) -> None:
    def function(x: tf.Tensor) -> tf.Tensor:
        true = tf.reduce_sum(x) > 0 if case == "sequence" else tf.shape(x)[0] > 10
        return tf.cond(true, lambda: x, lambda: -x)

    graph = frozen(as_called(function), (6, 4))
    assert types(graph) & {"If", "StatelessIf"}
    gc.collect()  # the model's own functions are gone; the graph keeps its own
    for same in (graph, graph.in_float64()):
        assert same.tensor(same.outputs["y"]).dtype == evaluate(same, X).dtype
        np.testing.assert_allclose(evaluate(same, X), function(tf.constant(X)), rtol=1e-6)


def test_a_variable_that_is_changed_and_read_is_refused() -> None:
    flags = Flags()

    def function(x: tf.Tensor) -> tf.Tensor:
        flags.count.assign_add(1)
        return x * tf.cast(flags.count, tf.float32)

    with pytest.raises(
        ModelError, match=r"changes a variable .* and then reads it .*training=False"
    ):
        frozen(as_called(function), (6, 4))


def conditions_of_tensorflow_1(path: Path) -> np.ndarray:
    """Save a model with dropout and batch normalisation by a flag; return its outputs of X."""
    with tf.Graph().as_default(), v1.Session() as session:
        v1.disable_control_flow_v2()
        x = v1.placeholder(tf.float32, (None, 6, 4), name="sequence")
        training = v1.placeholder_with_default(False, ())
        matrix = v1.get_variable("matrix", (4, 4), use_resource=True)
        y = tf.matmul(x, matrix)
        y = tf.cond(training, lambda: tf.nn.dropout(y, rate=0.5), lambda: tf.identity(y))
        y = tf.cond(training, lambda: y * 0, lambda: tf.tanh(y + matrix[0]))
        session.run(v1.global_variables_initializer())
        v1.saved_model.simple_save(session, str(path), {"sequence": x}, {"y": y})
        v1.enable_control_flow_v2()
        return session.run(y, {x: X})


def test_conditions_of_tensorflow_1(tmp_path: Path) -> None:
    expected = conditions_of_tensorflow_1(tmp_path / "model")
    model = tf.saved_model.load(str(tmp_path / "model"))
    graph = frozen(lambda x: model.signatures["serving_default"](sequence=x)["y"], (6, 4))
    assert not types(graph) & CONTROL
    np.testing.assert_allclose(evaluate(graph, X), expected, atol=1e-6)


def test_a_value_is_constant_only_without_inputs_and_chance() -> None:
    with tf.Graph().as_default() as graph:
        given = v1.placeholder(tf.float32, (), name="given")
        tf.identity(tf.constant(2.0) * tf.constant([3.0]), name="constant")
        tf.add(given, 1.0, name="open")
        tf.raw_ops.RandomUniform(shape=[1], dtype=tf.float32, name="random")
    nodes = {node.name: node for node in graph.as_graph_def().node}
    assert value_of(nodes, "constant") == 6
    assert value_of(nodes, "open") is None
    assert value_of(nodes, "random") is None


def test_large_weights_stay_outside_the_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variables, "LARGE", 16)
    flags = Flags()
    embedded = RNG.normal(size=(4, 4))

    def function(x: tf.Tensor) -> tf.Tensor:
        return tf.nn.tanh(x @ flags.matrix @ tf.constant(embedded, tf.float32))

    expected = np.tanh(X @ flags.matrix.numpy() @ embedded)
    for called in (function, as_called(function)):
        graph = frozen(called, (6, 4))
        assert len(graph.weights) == 2
        for other in (graph, graph.made_faster(), graph.in_float64()):
            assert len(other.definition.SerializeToString()) < 3000
            np.testing.assert_allclose(evaluate(other, X), expected, atol=1e-5)


def test_a_large_constant_of_several_functions_is_kept_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(variables, "LARGE", 16)
    matrix = RNG.normal(size=(4, 4)).astype("float32")
    parts = [tf.function(lambda x: tf.nn.tanh(x @ tf.constant(matrix))) for _ in range(2)]
    graph = frozen(as_called(lambda x: parts[1](parts[0](x))), (6, 4))
    first, second = graph.weights.values()
    assert first is second
    for name in graph.weights:
        np.testing.assert_array_equal(graph.value(name), matrix)
    assert matrix.tobytes() not in graph.definition.SerializeToString()  # nor in its functions
    np.testing.assert_allclose(evaluate(graph, X), np.tanh(np.tanh(X @ matrix) @ matrix), atol=1e-5)
