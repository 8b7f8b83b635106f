"""Layers called as in training, in files of Keras 3; those of Keras 2 are in the matrix."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.load import load_model
from tests.models.helpers import LENGTH, predict, windows


def model_of(body: Callable[[Any], Any]) -> keras.Model:
    keras.utils.set_random_seed(0)
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = body(layers.Conv1D(3, 5, name="motifs")(x0))
    return keras.Model(x0, layers.Dense(2, name="out")(layers.Flatten()(x)))


def inner(*parts: Any) -> keras.Model:
    return keras.Sequential([layers.Input((26, 3)), *parts], name="inner")


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: layers.BatchNormalization(name="n"), "n (BatchNormalization) mixes the windows"),
        (lambda: layers.SpatialDropout1D(0.1, name="d"), "d (SpatialDropout1D) draws"),
        (lambda: layers.GaussianNoise(0.1, name="d"), "d (GaussianNoise) draws random numbers"),
        (lambda: layers.LSTM(2, dropout=0.1, name="r"), "r (LSTM) draws"),
        (lambda: inner(layers.Dropout(0.2, name="deep")), "deep (Dropout) draws random numbers"),
    ],
)
def test_a_layer_that_computes_another_function_in_training(
    tmp_path: Path, name: str, make: Callable[[], Any], message: str
) -> None:
    model_of(lambda x: make()(x, training=True)).save(tmp_path / name)
    with pytest.raises(ModelError) as caught:
        load_model(tmp_path / name)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        lambda x: layers.BatchNormalization()(x, training=False),
        lambda x: layers.BatchNormalization(trainable=False)(x, training=True),
        lambda x: layers.Dropout(0)(x, training=True),
        lambda x: layers.MultiHeadAttention(1, 2)(x, x, training=True),
        lambda x: inner(layers.Conv1D(2, 3))(x, training=True),
    ],
)
def test_a_layer_to_which_training_makes_no_difference(
    tmp_path: Path, body: Callable[[Any], Any]
) -> None:
    model = model_of(body)
    model.save(tmp_path / "model.keras")
    found = predict(load_model(tmp_path / "model.keras"), windows())["out"]
    np.testing.assert_allclose(found, model.predict(windows(), verbose=0), rtol=1e-5, atol=1e-6)


def test_the_way_out(tmp_path: Path) -> None:
    """Built without training=True, with the same weights, as the message advises."""
    model = model_of(lambda x: layers.BatchNormalization(name="n")(x, training=True))
    model.save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match=r"new\.set_weights\(model\.get_weights\(\)\)"):
        load_model(tmp_path / "model.keras")
    new = model_of(lambda x: layers.BatchNormalization(name="n")(x))
    new.set_weights(model.get_weights())
    new.save(tmp_path / "model.keras")
    found = predict(load_model(tmp_path / "model.keras"), windows())["out"]
    np.testing.assert_allclose(found, new.predict(windows(), verbose=0), rtol=1e-5, atol=1e-6)
