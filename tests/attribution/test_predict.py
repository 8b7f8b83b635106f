"""Predictions: equal to a call of the Keras model, whatever the batch, heads, controls or folds."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import LENGTH, bpnet, classifier, randomise, sequences

WINDOWS = sequences(7, 1)[0]


def tracks() -> keras.Model:
    """Build a model of a head (bins, tracks) whose sequence is (4, L)."""
    x0 = layers.Input((4, LENGTH), name="sequence")
    x = layers.AveragePooling1D(6)(layers.Conv1D(8, 5, padding="same")(layers.Permute((2, 1))(x0)))
    return randomise(keras.Model(x0, layers.Dense(5, activation="softplus", name="tracks")(x)))


@pytest.mark.parametrize("make", [bpnet, classifier, tracks])
def test_predictions_are_those_of_the_keras_model(make: Callable[[], keras.Model]) -> None:
    model = make()
    turned = WINDOWS.transpose(0, 2, 1) if make is tracks else WINDOWS
    outputs = model(turned)
    expected = outputs if isinstance(outputs, list) else [outputs]
    predictor = Predictor([from_keras(model)], batch_size=3)
    for windows in (WINDOWS, codes_of(WINDOWS)):
        found = predictor(windows)
        for values, output in zip(found.values(), expected, strict=True):
            np.testing.assert_allclose(values, output, rtol=1e-5, atol=1e-6)


def test_controls_are_those_given_or_zero() -> None:
    model = bpnet(with_controls=True)
    predictor = Predictor([from_keras(model)], batch_size=4)
    rng = np.random.default_rng(0)
    controls = {
        item.name: rng.random((7, *item.shape)).astype("float32")
        for item in predictor.models[0].controls
    }
    for given in (controls, {}):
        values = {k: given.get(k, np.zeros_like(v)) for k, v in controls.items()}
        expected = model([values["control_logcount"], WINDOWS, values["control_profile"]])
        found = predictor(WINDOWS, given)
        for head, output in zip(("profile", "counts"), expected, strict=True):
            np.testing.assert_allclose(found[head], output, rtol=1e-5, atol=1e-6)


def test_folds_are_averaged() -> None:
    models = [randomise(bpnet(), seed) for seed in (3, 4)]
    found = Predictor([from_keras(model) for model in models])(WINDOWS)
    expected = np.mean([model(WINDOWS)[1] for model in models], axis=0)
    np.testing.assert_allclose(found["counts"], expected, rtol=1e-5, atol=1e-6)
    with pytest.raises(ModelError, match="no folds of one model"):
        Predictor([from_keras(models[0]), from_keras(classifier())])


def test_values_do_not_depend_on_how_windows_are_split() -> None:
    predictor = Predictor([from_keras(bpnet())], batch_size=4)
    together = predictor(WINDOWS)["profile"]
    one_by_one = [predictor(WINDOWS[i : i + 1])["profile"][0] for i in range(7)]
    np.testing.assert_array_equal(together, one_by_one)
    assert predictor(WINDOWS[:0])["profile"].shape == (0, 76)


def test_an_activation_leaves_both_values() -> None:
    predictor = Predictor([from_keras(classifier())])
    (values,) = predictor.batch(WINDOWS)
    odds = np.exp(values["classes"].explained)
    shares = odds / odds.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(values["classes"].output, shares, rtol=1e-5)


def test_heads_without_a_value_of_their_own_are_left_out(caplog: pytest.LogCaptureFixture) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Dense(2)(layers.Flatten()(x0))
    outputs = {
        "sound": x,
        "mixing": layers.Lambda(lambda x: x - tf.reduce_mean(x, axis=0))(x),
        "random": layers.Lambda(lambda x: x + tf.random.normal(tf.shape(x)))(x),
        "whole": layers.Lambda(lambda x: tf.argmax(x, axis=1))(x),
    }
    model = from_keras(randomise(keras.Model(x0, outputs)))
    assert [head.name for head in Predictor([model]).heads] == ["sound"]
    assert "mixing is left out: its value for a window depends on other windows" in caplog.text
    assert "random is left out: it is random" in caplog.text
    assert "whole is left out: it is of whole numbers" in caplog.text


@pytest.mark.parametrize("windows", [WINDOWS[:, 1:], WINDOWS[0], codes_of(WINDOWS).astype(float)])
def test_windows_of_another_shape_are_refused(windows: np.ndarray) -> None:
    with pytest.raises(InputError, match=rf"needs one-hot \(N, {LENGTH}, 4\)"):
        Predictor([from_keras(bpnet())])(windows)
