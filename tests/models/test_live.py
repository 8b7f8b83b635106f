"""Keras models in memory: taken as they are, refused as files are refused."""

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics import LoadOptions, attribute, load_model
from deeplift_genomics.errors import InputError, ModelError
from tests.attribution.models import LENGTH, bpnet, sequences


def test_a_live_model_gives_the_scores_of_its_file(tmp_path) -> None:
    live = bpnet()
    live.save(tmp_path / "model.keras")
    windows, references = sequences(2, 2)
    ours, file = load_model(live), load_model(tmp_path / "model.keras")
    assert ours.name == live.name and ours.heads == file.heads and ours.library == "keras"
    assert load_model(ours) is ours
    one, other = (attribute(model, windows, references)["counts"] for model in (ours, file))
    np.testing.assert_array_equal(one.hypothetical, other.hypothetical)
    # its weights were copied: more training changes a model that is loaded again
    live.layers[-1].bias.assign_add([1.0, 1.0])
    again = attribute(ours, windows, references)["counts"]
    np.testing.assert_array_equal(again.target, one.target)
    moved = attribute(load_model(live), windows, references)["counts"].target - one.target
    np.testing.assert_allclose(moved, 2, rtol=1e-5)


def test_a_live_model_of_keras_2_is_taken() -> None:
    tf_keras = pytest.importorskip("tf_keras")
    x0 = tf_keras.layers.Input((LENGTH, 4), name="sequence")
    x = tf_keras.layers.Flatten()(tf_keras.layers.Conv1D(2, 5, activation="relu")(x0))
    model = load_model(tf_keras.Model(x0, tf_keras.layers.Dense(1, name="counts")(x)))
    assert model.library == "tf_keras" and [head.name for head in model.heads] == ["counts"]
    assert attribute(model, "ACGTG" * 12, targets="counts")["counts"].contributions.any()


class Own(keras.Model):
    """A subclassed model."""

    def __init__(self) -> None:
        super().__init__()
        self.flat, self.dense = layers.Flatten(), layers.Dense(1)

    def call(self, x):
        return self.dense(self.flat(x))


def test_a_subclassed_model_is_taken_once_it_was_called() -> None:
    model = Own()
    with pytest.raises(ModelError, match="was not called"):
        load_model(model)
    model(np.zeros((1, LENGTH, 4), np.float32))
    assert load_model(model).window_length == LENGTH


def test_an_open_length_is_given_with_the_model() -> None:
    x0 = layers.Input((None, 4))
    x = layers.GlobalAveragePooling1D()(layers.Conv1D(2, 5)(x0))
    live = keras.Model(x0, layers.Dense(1, name="counts")(x))
    assert load_model(live, LoadOptions(window_length=50)).window_length == 50


def test_what_is_no_model_or_is_called_as_in_training_is_refused() -> None:
    with pytest.raises(InputError, match=r"a int; expected a path or a Keras model"):
        load_model(42)
    with pytest.raises(InputError, match=r"a Dense; expected a path or a Keras model"):
        load_model(layers.Dense(1))
    with pytest.raises(InputError, match="allow_lambda is for files"):
        load_model(bpnet(), LoadOptions(allow_lambda=True))
    with pytest.raises(InputError, match="is loaded already, so that options"):
        load_model(load_model(bpnet()), LoadOptions(window_length=LENGTH))
    x0 = layers.Input((LENGTH, 4))
    x = layers.Dropout(0.5)(layers.Flatten()(x0), training=True)
    with pytest.raises(ModelError, match=r"training=True.*draws random numbers"):
        load_model(keras.Model(x0, layers.Dense(1)(x)))


def test_attribute_says_how_to_load_a_model() -> None:
    with pytest.raises(InputError, match=r"expected what load_model returns"):
        attribute(bpnet(), "ACGT" * 15)
