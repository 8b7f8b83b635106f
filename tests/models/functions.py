"""A user's own functions and layers, for the models in these tests."""

from typing import Any

import keras
import tensorflow as tf

NO_FUNCTION = 3


def best(x: Any) -> Any:
    return tf.reduce_max(x, axis=1)


def scaled(x: Any, factor: float = 1.0) -> Any:
    return factor * x


class Double(keras.layers.Layer):
    def call(self, inputs: Any) -> Any:
        return 2 * inputs


def objects() -> dict[str, Any]:
    return {"Double": Double}


def no_objects() -> list[Any]:
    return [Double]


def fails() -> dict[str, Any]:
    raise KeyError("nothing there")


def twice(x: Any) -> Any:
    return x * 2 + tf.reduce_max(x, axis=1, keepdims=True)


def objects_of_keras2() -> dict[str, Any]:
    """Return the layer of the models in layers_*.zip."""
    import tf_keras

    class ReLU(tf_keras.layers.Layer):
        def call(self, inputs: Any) -> Any:
            return tf.maximum(inputs, 0.3 * inputs)

    return {"ReLU": ReLU}


def objects_of_keras3() -> dict[str, Any]:
    return {"ReLU": Double}
