"""SavedModel folders, read from their signatures."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics import attribute, load_model
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import LENGTH, predict, windows


class Plain(tf.Module):
    """A module of two outputs and two inputs, in another order than in the signature."""

    def __init__(self) -> None:
        super().__init__()
        rng = np.random.default_rng(0)
        self.kernel = tf.Variable(rng.normal(size=(5, 4, 3)), dtype=tf.float32)
        self.dense = tf.Variable(rng.normal(size=(4, 1)), dtype=tf.float32)

    def __call__(self, z_sequence: Any, a_control: Any) -> dict[str, Any]:
        x = tf.nn.relu(tf.nn.conv1d(z_sequence, self.kernel, 1, "VALID"))
        pooled = tf.concat([tf.reduce_mean(x, axis=1), a_control], axis=-1)
        return {"z_profile": x[:, :, 0] - x[:, :, 1], "a_counts": pooled @ self.dense}


def specification(name: str, *shape: int | None) -> tf.TensorSpec:
    return tf.TensorSpec(shape, tf.float32, name=name)


def save_plain(path: Path, *names: str, batch: int | None = None) -> Plain:
    module = Plain()
    function = tf.function(
        lambda z_sequence, a_control: module(z_sequence, a_control),
        input_signature=[
            specification("z_sequence", batch, LENGTH, 4),
            specification("a_control", batch, 1),
        ],
    )
    module.function = function
    tf.saved_model.save(module, str(path), signatures=dict.fromkeys(names, function))
    return module


@pytest.mark.parametrize("name", ["serving_default", "scores"])
def test_a_plain_module_by_its_signature(tmp_path: Path, name: str) -> None:
    module = save_plain(tmp_path / "model", name)
    model = load_model(tmp_path / "model")
    assert (model.name, model.sequence.name, model.window_length) == ("model", "z_sequence", LENGTH)
    assert [item.name for item in model.controls] == ["a_control"]
    assert {head.name: head.kind for head in model.heads} == {
        "a_counts": "counts",
        "z_profile": "profile",
    }
    control = [[1.0], [2.0]]
    found = predict(model, windows(), a_control=control)
    for head, values in module(windows(), np.float32(control)).items():
        np.testing.assert_allclose(found[head], values, rtol=1e-5, atol=1e-6)
    scores = attribute(model, windows(), windows(6).reshape(2, 3, LENGTH, 4), ["counts", "profile"])
    assert all(np.abs(item.residual).max() < 1e-5 * item.mass.max() for item in scores.values())


def test_several_signatures_and_none(tmp_path: Path) -> None:
    save_plain(tmp_path / "two", "first", "second")
    with pytest.raises(ModelError, match=r"no signature is called serving_default.*first, second"):
        load_model(tmp_path / "two")
    tf.saved_model.save(tf.Module(), str(tmp_path / "none"))
    with pytest.raises(ModelError, match="there are: none"):
        load_model(tmp_path / "none")
    save_plain(tmp_path / "usual", "serving_default", "other")
    assert load_model(tmp_path / "usual").window_length == LENGTH


def test_a_batch_of_fixed_size(tmp_path: Path) -> None:
    save_plain(tmp_path / "model", "serving_default", batch=8)
    with pytest.raises(ModelError, match=r"of its signature has the shape \(8, "):
        load_model(tmp_path / "model")


@pytest.mark.parametrize("name", ["training", "is_training", "keras_learning_phase"])
def test_a_flag_of_training_is_false(tmp_path: Path, name: str) -> None:
    module = Plain()

    def function(sequence: Any, flag: Any) -> Any:
        x = tf.nn.conv1d(sequence, module.kernel, 1, "VALID")
        x = tf.cond(flag, lambda: tf.nn.dropout(x, 0.5), lambda: tf.nn.relu(x))
        return {"counts": tf.reduce_sum(x, axis=(1, 2))[:, None]}

    spec = tf.TensorSpec((), tf.bool, name=name)
    module.function = tf.function(function, autograph=False).get_concrete_function(
        specification("sequence", None, LENGTH, 4), spec
    )
    tf.saved_model.save(module, str(tmp_path / "model"), signatures=module.function)
    model = load_model(tmp_path / "model")
    assert not model.controls
    expected = tf.reduce_sum(tf.nn.relu(tf.nn.conv1d(windows(), module.kernel, 1, "VALID")), (1, 2))
    np.testing.assert_allclose(predict(model, windows())["counts"][:, 0], expected, rtol=1e-5)
    scores = attribute(model, windows(), windows(6).reshape(2, 3, LENGTH, 4), ["counts"])["counts"]
    assert np.abs(scores.residual).max() < 1e-5 * scores.mass.max()


def test_export_of_keras_3(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="dna")
    x = layers.Conv1D(3, 5, activation="relu", name="motifs")(x0)
    logits = layers.Dense(2, activation="sigmoid", name="classes")(layers.Flatten()(x))
    keras_model = keras.Model(x0, logits)
    keras_model.export(tmp_path / "model", verbose=False)
    model = load_model(tmp_path / "model")
    expected = keras_model.predict(windows(), verbose=0)
    (head,) = model.heads
    assert (head.kind, head.activation) == ("logits", "sigmoid")
    np.testing.assert_allclose(predict(model, windows())[head.name], expected, rtol=1e-5)
    convolution = next(n for n in model.frozen.definition.node if n.op == "Conv2D")
    assert model.frozen.layer_of(convolution.name).startswith("motifs")


def test_digests_of_folders_follow_content_and_names(tmp_path: Path) -> None:
    save_plain(tmp_path / "a", "serving_default")
    before = load_model(tmp_path / "a").digest
    (tmp_path / "a").rename(tmp_path / "b")
    (tmp_path / "b" / ".DS_Store").write_text("no part of it")
    assert load_model(tmp_path / "b").digest == before
    (tmp_path / "b" / "assets").mkdir(exist_ok=True)
    (tmp_path / "b" / "assets" / "words.txt").write_text("part of it")
    assert load_model(tmp_path / "b").digest != before


def test_damaged_folders(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no saved_model\.pb in it"):
        load_model(tmp_path)
    save_plain(tmp_path / "model", "serving_default")
    with pytest.raises(ModelError, match="no Lambda layer 'x'"):
        load_model(tmp_path / "model", LoadOptions(lambdas={"x": "a:b"}))
    data = next((tmp_path / "model" / "variables").glob("*.data*"))
    data.write_bytes(data.read_bytes()[:10])
    with pytest.raises(ModelError, match="cannot be loaded as a SavedModel"):
        load_model(tmp_path / "model")
    (tmp_path / "model" / "saved_model.pb").write_text("nothing")
    with pytest.raises(ModelError, match="cannot be loaded as a SavedModel"):
        load_model(tmp_path / "model")
