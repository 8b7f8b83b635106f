"""LRP against zennit's numbers, and what its rules promise."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.errors import ConfigError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from tests.attribution.models import bpnet, randomise, sequences
from tests.attribution.zennit.network import EPSILON, NORMALISED, L, weights, windows

EXPECTED = json.loads((Path(__file__).parent / "zennit" / "expected.json").read_text("utf-8"))
# name in expected.json -> options
OPTIONS: dict[str, dict[str, object]] = {
    "epsilon": {"convolution": "epsilon", "epsilon": 1e-6},
    "large epsilon": {"convolution": "epsilon", "epsilon": 0.25},
    "gamma": {"convolution": "gamma", "dense": "gamma", "gamma": 0.25},
    "alpha_beta": {"convolution": "alpha_beta", "dense": "alpha_beta", "alpha": 2.0, "beta": 1.0},
    "z_plus": {"convolution": "z_plus"},
    "flat": {"convolution": "z_plus", "input": "flat"},
}


@pytest.fixture(scope="module")
def twin() -> Model:
    """The network of zennit's numbers."""
    x0 = layers.Input((L, 4), name="sequence")
    made = {
        "conv_1": layers.Conv1D(5, 4, name="conv_1"),
        "conv_2": layers.Conv1D(4, 3, dilation_rate=2, name="conv_2"),
        "dense_1": layers.Dense(6, name="dense_1"),
        "dense_2": layers.Dense(2, name="dense_2"),
    }
    x = x0
    norms = {name: layers.BatchNormalization(epsilon=EPSILON) for name in NORMALISED}
    for name, layer in made.items():
        x = layers.Flatten()(layers.AveragePooling1D(2)(x)) if name == "dense_1" else x
        x = layer(x)
        x = norms[name](x) if name in norms else x
        x = layers.ReLU()(x) if name != "dense_2" else x
    model = keras.Model(x0, x)
    given = weights()
    for name, layer in made.items():
        layer.set_weights([given[f"{name}/{what}"] for what in ("kernel", "bias")])
    for name, norm in norms.items():
        norm.set_weights(
            [given[f"{name}/{what}"] for what in ("gamma", "beta", "mean", "variance")]
        )
    return from_keras(model)


@pytest.mark.parametrize("case", OPTIONS)
def test_relevances_equal_those_of_zennit(case: str, twin: Model) -> None:
    assert set(EXPECTED) == set(OPTIONS)
    found = attribute(twin, windows(), None, "logit[1]", method="lrp", options=OPTIONS[case])
    expected = np.array(EXPECTED[case])
    if case == "flat":  # zennit's goes to all four bases of a position alike
        expected = expected.sum(axis=2, keepdims=True) * windows()
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(found["logit[1]"].contributions, expected, atol=1e-5)


def without_biases(model: keras.Model) -> Model:
    """Set biases to 0, so that they take no relevance."""
    for variable in model.variables:
        if any(word in variable.path for word in ("bias", "beta", "moving_mean")):
            variable.assign(np.zeros(variable.shape))
    return from_keras(model)


@pytest.mark.parametrize("case", ["epsilon", "gamma", "flat"])
def test_relevance_is_conserved_without_biases(case: str) -> None:
    model, options = without_biases(bpnet()), {**OPTIONS[case], "epsilon": 1e-9}
    x = sequences(2, 1)[0]
    for found in attribute(model, x, float64=True, method="lrp", options=options).values():
        np.testing.assert_allclose(found.contributions.sum(axis=(1, 2)), found.target, rtol=1e-4)
        alike = found.hypothetical == found.hypothetical[..., :1]
        assert alike.all() == (case == "flat")


def test_lrp_0_is_gradient_x_input_on_a_relu_network_without_biases() -> None:
    model, zero = without_biases(bpnet()), {"convolution": "epsilon", "epsilon": 0.0}
    x = sequences(3, 1)[0]
    lrp = attribute(model, x, None, "counts", method="lrp", options=zero)["counts"]
    gradient = attribute(model, x, None, "counts", method="gradient")["counts"]
    np.testing.assert_allclose(lrp.hypothetical, gradient.hypothetical, atol=1e-7)


class Attention(layers.Layer):
    """Attention by hand: softmax(x x^T) x."""

    def call(self, x: tf.Tensor) -> tf.Tensor:
        return tf.matmul(tf.nn.softmax(tf.matmul(x, x, transpose_b=True)), x)


def silu(x: tf.Tensor) -> tf.Tensor:
    return x * tf.sigmoid(x)


# name -> layers whose relevance is that of their input, without biases
CONSERVING = {
    "gelu": [layers.Activation("gelu")],
    "silu": [layers.Activation(silu)],
    "activations": [layers.Activation(name) for name in ("tanh", "leaky_relu", "elu", "relu6")],
    "normalisation": [layers.LayerNormalization(center=False), layers.BatchNormalization()],
    "pooling": [layers.MaxPooling1D(2), layers.AveragePooling1D(2), layers.UpSampling1D(2)],
    "separable": [layers.SeparableConv1D(6, 3, use_bias=False, activation="relu")],
    "transposed": [layers.Conv1DTranspose(6, 3, strides=2, use_bias=False, activation="relu")],
    "attention": [Attention()],
    "dense": [layers.Dense(5, use_bias=False, activation="relu")],
}


@pytest.mark.parametrize("case", CONSERVING)
def test_other_layers_conserve_relevance(case: str) -> None:
    keras.utils.set_random_seed(4)
    x0 = layers.Input((60, 4), name="sequence")
    x = layers.Conv1D(6, 5, use_bias=False)(x0)
    for layer in CONSERVING[case]:
        x = type(layer).from_config(layer.get_config())(x)
    x = layers.GlobalMaxPooling1D()(x)
    model = without_biases(randomise(keras.Model(x0, layers.Dense(1, name="counts")(x))))
    options = {"convolution": "gamma", "dense": "gamma", "epsilon": 0.0}
    found = attribute(
        model, sequences(2, 1)[0], None, "counts", float64=True, method="lrp", options=options
    )["counts"]
    assert np.abs(found.target).min() > 1e-3
    np.testing.assert_allclose(found.contributions.sum(axis=(1, 2)), found.target, rtol=1e-5)


def test_numbers_that_do_not_conserve_are_refused(twin: Model) -> None:
    with pytest.raises(ConfigError, match=r"alpha - beta must be 1.*Write beta: 2"):
        attribute(twin, windows(), method="lrp", options={"alpha": 3.0})
    attribute(twin, windows(1), None, "logit[0]", method="lrp", options={"alpha": 3.0, "beta": 2.0})
    with pytest.raises(ConfigError, match="expected one of epsilon, gamma, alpha_beta, z_plus"):
        attribute(twin, windows(), method="lrp", options={"dense": "flat"})
