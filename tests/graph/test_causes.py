"""Messages of Keras and TensorFlow, as those libraries write them, and what is shown of them."""

import keras
import pytest
import tensorflow as tf

from deeplift_genomics.graph.causes import innermost


def raised(function: object) -> Exception:
    with pytest.raises(Exception) as caught:
        function()  # type: ignore[operator]
    return caught.value


def unknown_argument() -> None:
    layer = keras.layers.Conv1D(2, 3)
    config = {**layer.get_config(), "query_shape": [None, 3]}
    keras.saving.deserialize_keras_object(
        {**keras.saving.serialize_keras_object(layer), "config": config}
    )


def in_a_layer() -> None:
    layer = keras.layers.Lambda(lambda x: keras.ops.reshape(x, (7, 7)))
    layer(keras.ops.ones((2, 3)))


def in_traced_code() -> None:
    @tf.function
    def f(x: tf.Tensor) -> tf.Tensor:
        return g(x)

    @tf.function
    def g(x: tf.Tensor) -> tf.Tensor:
        raise ValueError("the heart of it\nin two lines")

    f(tf.ones(3))


def in_a_running_graph() -> None:
    @tf.function
    def f(x: tf.Tensor) -> tf.Tensor:
        tf.debugging.assert_less(x, 2.0, message="too large")
        return x

    f(tf.constant([1.0, 3.0]))


def of_a_shape() -> None:
    tf.matmul(tf.ones((2, 3)), tf.ones((2, 3)))


def chained() -> None:
    try:
        raise KeyError("kernel")
    except KeyError as error:
        raise TypeError("x" * 5000) from error


@pytest.mark.parametrize(
    ("function", "begins", "never"),
    [
        (unknown_argument, "Unrecognized keyword arguments passed to Conv1D", "glorot"),
        (in_a_layer, "", "Arguments received"),
        (in_traced_code, "ValueError: the heart of it in two lines", "in user code"),
        (in_a_running_graph, "assertion failed: [too large]", "[[{{node"),
        (of_a_shape, "", "[Op:"),
        (chained, "'kernel'", "xx"),
        (lambda: (_ for _ in ()).throw(OSError()), "OSError", "\n"),
    ],
)
def test_the_innermost_cause(function: object, begins: str, never: str) -> None:
    found = innermost(raised(function))
    assert found.startswith(begins)
    assert found
    assert never not in found
    assert "\n" not in found
    assert "\x1b" not in found


def test_the_cause_is_not_cut() -> None:
    last = "word " * 400 + "end"
    assert innermost(ValueError(f"A config={{}}.\n\nException encountered: {last}.")) == last
