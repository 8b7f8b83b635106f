"""Models that cannot be explained are refused before anything runs, and the message says why."""

import re

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.errors import UnsupportedOperationError as Unsupported
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import LENGTH, bpnet, explainer, sequences


def either(x: tf.Tensor) -> tf.Tensor:
    """Choose one of two tensors by a comparison with another place."""
    return keras.ops.where(x[:, :-1] > x[:, 1:], x[:, :-1], 0.0)


class Noise(layers.Layer):
    def call(self, x: tf.Tensor) -> tf.Tensor:
        return x + tf.random.normal(tf.shape(x))


def test_operations_without_a_rule_are_all_named_before_anything_runs() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 3, name="first")(x0)
    x = layers.Activation(keras.ops.floor, name="steps")(x)
    x = layers.Activation(either, name="either")(x)
    x = Noise(name="noise")(x)
    x = layers.LSTM(3, name="memory")(x)
    codes = keras.ops.argmax(x, axis=-1)
    x = layers.Embedding(4, 2, name="looked_up")(codes)
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(layers.Flatten()(x))))
    with pytest.raises(Unsupported) as caught:
        explainer(model, ["counts"], 2)
    message = str(caught.value)
    chosen = r"\(chooses by an integer or a condition that depends on the sequence\)"
    for line in (
        r"Floor \(no rule for this operation\) in steps$",
        rf"SelectV2 {chosen} in .*\beither\b",
        r"RandomStandardNormal \(gives other numbers every time\) in noise$",
        r"While \(no rule for this operation\) in memory$",
        rf"GatherV2 {chosen} in looked_up$",
    ):
        assert re.search(line, message, re.MULTILINE), line
    assert "CONTRIBUTING.md" in message and "unroll" in message


def test_a_layer_of_a_model_within_the_model_is_named_with_it() -> None:
    x0 = layers.Input((LENGTH, 4), name="inner_sequence")
    inner = keras.Model(x0, layers.Activation(keras.ops.floor, name="steps")(x0), name="block")
    x = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x, layers.Dense(1, name="counts")(layers.Flatten()(inner(x)))))
    with pytest.raises(Unsupported, match=r"Floor \(no rule for this operation\) in block/steps\n"):
        explainer(model, ["counts"], 2)


def test_noise_beside_the_sequence_is_refused_too() -> None:
    """It does not depend on the sequence, and differs between window and reference all the same."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x0, layers.Dense(1)(layers.Flatten()(Noise(name="noise")(x0)))))
    with pytest.raises(Unsupported, match=r"gives other numbers every time\) in noise") as caught:
        explainer(model, ["logit[0]"], 2)
    assert "inference mode" in str(caught.value) and "add a rule" not in str(caught.value)


def test_only_the_path_to_the_heads_asked_for_must_have_rules() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(x0)
    outputs = [
        layers.Dense(1, name="counts")(x),
        layers.Dense(99, name="other")(keras.ops.floor(x)),
    ]
    model = from_keras(keras.Model(x0, outputs))
    windows, references = sequences(1, 2)
    assert attribute(model, windows, references, ["counts"])["counts"].target.shape == (1,)
    with pytest.raises(Unsupported, match="Floor"):
        attribute(model, windows, references, ["counts", "profile"])


def test_a_value_that_depends_on_the_sequence_through_an_integer_is_refused() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    best = keras.ops.one_hot(keras.ops.argmax(x0, axis=-1), 4)
    x = layers.Flatten()(layers.Add()([x0, best]))
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
    with pytest.raises(Unsupported, match="ArgMax"):
        explainer(model, ["counts"], 2)


def test_recurrent_layers_are_refused_by_name() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.GRU(2, name="memory")(x0)
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
    with pytest.raises(Unsupported, match=r"While.* in memory"):
        explainer(model, ["counts"], 2)


def test_a_loop_beside_the_head_asked_for_does_no_harm_in_float64() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    counts = layers.Dense(1, name="counts")(layers.Flatten()(x0))
    model = from_keras(keras.Model(x0, [counts, layers.GRU(3, name="memory")(x0)]))
    name = "counts:counts"
    found = attribute(model, *sequences(1, 2), [name], float64=True)[name]
    assert found.residual is not None and np.abs(found.residual).max() < 1e-12


@pytest.mark.parametrize("dtype", ["int8", "bool", "float16", "bfloat16", "float64"])
def test_inputs_of_other_types_are_one_hot_all_the_same(dtype: str) -> None:
    windows, references = sequences(2, 2)
    dense = layers.Dense(1, name="counts")

    def scores(dtype: str, references: np.ndarray) -> np.ndarray:
        x0 = layers.Input((LENGTH, 4), name="sequence", dtype=dtype)
        x = layers.Flatten()(keras.ops.cast(x0, "float32"))
        model = from_keras(keras.Model(x0, dense(x)))
        return attribute(model, windows, references, ["counts"])["counts"].hypothetical

    np.testing.assert_array_equal(scores(dtype, references), scores("float32", references))
    flat = np.full_like(references, 0.25)
    if "float" in dtype:
        np.testing.assert_array_equal(scores(dtype, flat), scores("float32", flat))
    else:
        with pytest.raises(InputError, match=r"zeros and ones; one of them has 0\.25.*float32"):
            scores(dtype, flat)


def test_whole_numbers_that_look_something_up_are_refused() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence", dtype="int8")
    x = layers.Flatten()(layers.Embedding(2, 3, name="looked_up")(x0))
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
    with pytest.raises(Unsupported, match=r"Cast \(converts to or from whole numbers"):
        explainer(model, ["counts"], 2)


def test_statistics_of_the_batch_are_refused_by_name() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Lambda(lambda x: x - keras.ops.mean(x, axis=0), name="centred")(x0)
    outputs = [
        layers.Dense(1, name="counts")(layers.Flatten()(x0)),
        layers.Dense(99, name="other")(layers.Flatten()(x)),
    ]
    model = from_keras(keras.Model(x0, outputs))
    assert explainer(model, ["counts"], 2)
    with pytest.raises(ModelError, match=r"^Mean in centred mixes.*no score of its own"):
        explainer(model, ["counts", "profile"], 2)


def test_windows_of_other_types_are_right() -> None:
    windows, references = sequences(2, 2)
    found = attribute(from_keras(bpnet()), windows.astype("int8"), references.astype(bool))
    expected = attribute(from_keras(bpnet()), windows, references)
    np.testing.assert_array_equal(found["counts"].hypothetical, expected["counts"].hypothetical)


def test_a_model_with_its_own_batch_size() -> None:
    x0 = layers.Input(batch_shape=(2, LENGTH, 4), name="sequence")
    x = keras.ops.reshape(x0, (2, -1))
    with pytest.raises(ModelError, match=r"cannot be (evaluated on|traced)"):
        model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(x)))
        explainer(model, ["counts"], 3)


@pytest.mark.parametrize("shape", [(LENGTH, 5), (2, LENGTH, 4), (4, 4, LENGTH)])
def test_a_model_without_a_sequence_input(shape: tuple[int, ...]) -> None:
    x0 = layers.Input(shape, name="image")
    model = keras.Model(x0, layers.Dense(1)(layers.Flatten()(x0)))
    with pytest.raises(ModelError, match=r"no input of shape \(L, 4\).*image \("):
        from_keras(model)


def test_open_length_is_refused() -> None:
    x0 = layers.Input((None, 4), name="sequence")
    model = keras.Model(x0, layers.GlobalMaxPooling1D()(x0))
    with pytest.raises(ModelError, match="length of input sequence is open"):
        from_keras(model)
