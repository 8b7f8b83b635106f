"""Methods that look at layers: where layers are, which there are, and what is refused."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.engine.places import find_places
from deeplift_genomics.errors import ConfigError, ModelError, UnsupportedOperationError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.settings.methods import choose
from tests.attribution.models import LENGTH, bpnet, randomise, sequences


def built(x0: object, x: object) -> keras.Model:
    return randomise(keras.Model(x0, layers.Dense(1, name="counts")(x)), seed=5)


def test_positions_are_where_the_model_reads() -> None:
    """Strides, pooling and crops: (layers, position -> first and last base that it reads)."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(3, 5, activation="relu")(x0)  # i: i .. i + 4
    x = layers.MaxPooling1D(4)(x)  # 4i .. 4i + 7
    x = layers.Cropping1D(2)(x)  # 4i + 8 .. 4i + 15
    x = layers.Conv1D(3, 3, strides=1, activation="relu", name="last")(x)  # 4i + 8 .. 4i + 23
    model = from_keras(built(x0, layers.GlobalAveragePooling1D()(x)))
    name = next(
        node.name
        for node in model.frozen.definition.node
        if node.op == "Relu" and model.frozen.layer_of(node.name) == "last"
    )
    places = find_places(model.frozen, "sequence", f"{name}:0", axis=1, length=LENGTH)
    assert places.known
    np.testing.assert_array_equal(places.centres, 15.5 + 4 * np.arange(8))
    matrix = places.to_bases(tf.float64).numpy()
    np.testing.assert_allclose(matrix.sum(axis=0), 1)
    np.testing.assert_allclose(matrix[:2, 17], [0.625, 0.375])


def test_a_layer_is_named_as_its_author_named_it() -> None:
    """Keras numbers layers that it names, and tracing numbers scopes: conv1d_1 may be conv1d."""
    keras.utils.clear_session()
    model = from_keras(bpnet())
    x = sequences(1, 1)[0]
    with pytest.raises(ModelError) as caught:
        attribute(model, x, None, "counts", method="grad_cam", options={"layer": "conv9"})
    message = str(caught.value)
    assert "has no layer 'conv9'" in message
    assert "conv1d, conv1d_1, cropping1d, add, conv1d_2, cropping1d_1, add_1." in message
    named = message.split(": ")[-1].rstrip(".").split(", ")
    for layer in named:  # the advice is followed
        attribute(model, x, None, "counts", method="grad_cam", options={"layer": layer})


def test_a_model_without_convolutions_needs_a_named_layer() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Dense(3, activation="relu", name="per_base")(x0)
    model = from_keras(built(x0, layers.GlobalAveragePooling1D()(x)))
    windows = sequences(1, 1)[0]
    with pytest.raises(ModelError, match=r"no convolution before its head.*: per_base"):
        attribute(model, windows, None, "counts", method="grad_cam")
    attribute(model, windows, None, "counts", method="grad_cam", options={"layer": "per_base"})


def test_a_layer_without_weights_is_refused() -> None:
    """The weights of a profile of one strand add up to 0 in the layer before its head."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(3, 5, activation="relu", name="first")(x0)
    x = layers.Conv1D(3, 5, activation="relu", name="second")(x)
    x = layers.Flatten(name="profile")(layers.Conv1D(1, 3)(x))
    model = from_keras(randomise(keras.Model(x0, x)))
    windows = sequences(1, 1)[0]
    with pytest.raises(ModelError, match="'profile' at layer second add up to 0"):
        attribute(model, windows, None, "profile", method="grad_cam", options={"layer": "second"})
    found = attribute(model, windows, None, "profile", method="grad_cam")["profile"]
    named = attribute(
        model, windows, None, "profile", method="grad_cam", options={"layer": "first"}
    )["profile"]
    np.testing.assert_array_equal(found.positions, named.positions)


class ByHand(layers.Layer):
    """Attention by hand: two heads, folded into the batch or not, softmax written out or not."""

    def __init__(self, kind: str, **options: object) -> None:
        super().__init__(**options)
        self.kind = kind

    def call(self, x: tf.Tensor) -> tf.Tensor:
        if self.kind == "folded":
            x = tf.concat(tf.split(x, 2, axis=2), axis=0)
        logits = tf.matmul(x, x, transpose_b=True) / 2.0
        attention = tf.nn.softmax(logits)
        if self.kind == "written out":
            powers = tf.exp(logits - tf.reduce_max(logits, axis=-1, keepdims=True))
            attention = powers / tf.reduce_sum(powers, axis=-1, keepdims=True)
        x = attention @ x
        return tf.concat(tf.split(x, 2, axis=0), axis=2) if self.kind == "folded" else x


class ClassToken(layers.Layer):
    def call(self, x: tf.Tensor) -> tf.Tensor:
        return tf.concat([tf.ones_like(x[:, :1]), x], axis=1)


def with_attention(kind: str) -> keras.Model:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.MaxPooling1D(4)(layers.Conv1D(4, 5, padding="same", activation="tanh")(x0))
    if kind == "class":
        x = ClassToken()(x)
    x = ByHand(kind, name="reads")(x)
    return built(x0, x[:, 0] if kind == "class" else layers.GlobalAveragePooling1D()(x))


METHODS = ("attention", "attention_rollout", "attention_x_gradient")


def test_attention_by_hand_is_found() -> None:
    windows = sequences(2, 1)[0]
    found = {
        (kind, name): attribute(
            from_keras(with_attention(kind)), windows, None, "counts", method=name, batch_size=2
        )["counts"].contributions.sum(axis=2)
        for kind in ("plain", "written out", "folded", "class")
        for name in METHODS
    }
    for name in METHODS:
        assert found["plain", name].std() > 0
        np.testing.assert_allclose(found["plain", name], found["written out", name], atol=1e-6)
    # each base has the attention to its token; folded heads are told apart, window by window
    for kind in ("plain", "folded"):
        np.testing.assert_allclose(found[kind, "attention"].sum(axis=1), 4, rtol=1e-4)
    # what is read of the token for the class is at no base
    assert (found["class", "attention"].sum(axis=1) < 3.9).all()


def test_attention_is_refused_by_name_without() -> None:
    windows = sequences(1, 1)[0]
    for name in METHODS:
        with pytest.raises(ModelError, match=f"{name}: model has no attention on the way"):
            attribute(from_keras(bpnet()), windows, None, "counts", method=name)
    model = from_keras(with_attention("plain"))
    options = {"layer": "read"}
    with pytest.raises(ModelError, match=r"layer 'read'.*Its layers with attention: reads"):
        attribute(model, windows, None, "counts", method="attention", options=options)
    with pytest.raises(ConfigError, match="attention_rollout has no option 'layer'; it is one of"):
        choose("attention_rollout", options)


@pytest.mark.parametrize("name", ["guided_backpropagation", "deconvolution", "lrp"])
def test_operations_without_a_rule_are_refused_at_once(name: str) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(built(x0, layers.GRU(2, name="memory")(x0)))
    with pytest.raises(UnsupportedOperationError, match=r"While.* in memory[\s\S]*Unroll"):
        attribute(model, sequences(1, 1)[0], None, "counts", method=name)


def test_which_activations_count_as_relu() -> None:
    """Where -1 arrives at an activation, guided backpropagation lets nothing below 0 through."""
    functions = {
        "relu": tf.nn.relu,
        "by_hand": lambda x: tf.maximum(0.0, x),
        "zeros_like": lambda x: tf.maximum(x, tf.zeros_like(x)),
        "elu": tf.nn.elu,
        "leaky": tf.nn.leaky_relu,
        "softplus": tf.nn.softplus,
        "floor": lambda x: tf.maximum(x, -9.0),
    }
    x0 = layers.Input((LENGTH, 4), name="sequence")
    outputs = [
        layers.Lambda(lambda x, f=function: -tf.reduce_sum(f(x), axis=(1, 2))[:, None], name=name)(
            x0
        )
        for name, function in functions.items()
    ]
    texts = [f"output:{name}[0]" for name in functions]
    found = attribute(
        from_keras(keras.Model(x0, outputs)),
        sequences(1, 1)[0],
        None,
        texts,
        method="guided_backpropagation",
    )
    passing = [text for text in texts if found[text].hypothetical.any()]
    assert passing == ["output:softplus[0]", "output:floor[0]"]
