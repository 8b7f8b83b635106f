"""Models whose inputs have an open length: by an option, or by the lines that a refusal gives."""

import importlib
import textwrap
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics import LoadOptions, attribute, load_model
from deeplift_genomics.errors import DeepLiftGenomicsError, ModelError
from deeplift_genomics.models.freezing import from_keras
from tests.models.helpers import LENGTH, predict, windows

GIVEN = LoadOptions(window_length=LENGTH)


def build(package: Any, kind: str) -> Any:
    """Return a model of two heads and dilated convolutions, or one in a row of layers."""
    layers = package.layers
    package.utils.set_random_seed(0)
    x0 = layers.Input((None, 4), name="sequence")
    convolutions = [
        layers.Conv1D(3, 5, padding="same", dilation_rate=rate, activation="relu", name=f"c{rate}")
        for rate in (1, 2)
    ]
    counts = [layers.GlobalAveragePooling1D(), layers.Dense(1, name="counts")]
    if kind == "sequential":
        return package.Sequential([x0, *convolutions, *counts])
    x = convolutions[1](convolutions[0](x0))
    profile = layers.Conv1D(2, 1, name="profile")(x)
    return package.Model(x0, [profile, counts[1](counts[0](x))])


def numbers(model: Any) -> dict[str, np.ndarray]:
    return {name: np.asarray(values) for name, values in predict(model, windows()).items()}


def follow(message: str, package: Any, model: Any) -> None:
    """Run the lines that a message gives."""
    lines = message.split("the same weights:\n")[1].replace("1000", str(LENGTH))
    exec(textwrap.dedent(lines), {package.__name__: package, "model": model})


@pytest.mark.parametrize("kind", ["functional", "sequential"])
@pytest.mark.parametrize("package", ["keras", "tf_keras"])
def test_the_advice_is_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(package)
    model = build(module, kind)
    model.save("model.keras")
    with pytest.raises(ModelError, match=r"length of input sequence\S* is open") as caught:
        from_keras(model)
    follow(str(caught.value), module, model)
    fixed = from_keras(module.models.load_model("fixed.keras"))
    by_option = from_keras(model, options=GIVEN)
    assert by_option.window_length == fixed.window_length == LENGTH
    assert [(h.name, h.shape, h.kind) for h in by_option.heads] == [
        (h.name, h.shape, h.kind) for h in fixed.heads
    ]
    for name, values in numbers(fixed).items():
        np.testing.assert_array_equal(numbers(by_option)[name], values)
    references = windows(6)[2:].reshape(2, 2, LENGTH, 4)
    for target in ["counts", "profile"][: len(fixed.heads)]:
        a, b = (attribute(m, windows(), references, target)[target] for m in (fixed, by_option))
        np.testing.assert_allclose(a.hypothetical, b.hypothetical, atol=1e-7)


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model"])
def test_files_of_open_length(tmp_path: Path, name: str) -> None:
    model = build(keras, "functional")
    if name == "model":
        model.export(tmp_path / name, verbose=False)
    else:
        model.save(tmp_path / name)
    with pytest.raises(ModelError, match="window_length"):
        load_model(tmp_path / name)
    found = load_model(tmp_path / name, GIVEN)
    assert sorted(head.shape for head in found.heads) == [(1,), (LENGTH, 2)]
    profile, counts = model(windows())
    expected = {(LENGTH, 2): profile, (1,): counts}
    for head in found.heads:
        values = numbers(found)[head.name]
        np.testing.assert_allclose(values, expected[head.shape], rtol=1e-5, atol=1e-6)


def test_a_signature_of_open_length_is_traced_at_any(tmp_path: Path) -> None:
    kernel = tf.Variable(np.random.default_rng(0).normal(size=(5, 4, 3)).astype("float32"))
    module = tf.Module()
    module.kernel = kernel
    module.function = tf.function(
        lambda dna: {"out": tf.reduce_max(tf.nn.conv1d(dna, kernel, 1, "SAME"), axis=1)},
        input_signature=[tf.TensorSpec((None, None, 4), tf.float32, name="dna")],
    )
    tf.saved_model.save(module, str(tmp_path / "m"), signatures=module.function)
    with pytest.raises(ModelError, match="window_length") as caught:
        load_model(tmp_path / "m")
    assert "clone_model" not in str(caught.value)
    model = load_model(tmp_path / "m", GIVEN)
    np.testing.assert_allclose(numbers(model)["out"], module.function(windows())["out"], rtol=1e-5)


@pytest.mark.parametrize(
    ("shape", "options", "message"),
    [
        ((LENGTH, 4), {"window_length": 20}, "takes windows of 30 bp, but the window length is"),
        ((None, 4), {"window_length": 0}, "The window length is 0; expected a number of bases"),
        ((None, 4), {"window_length": "30"}, "The window length is '30'; expected a number"),
        ((None, 4), {"window_length": 3}, "be traced by TensorFlow with windows of 3 bp: Neg"),
    ],
)
def test_lengths_that_cannot_be(shape: tuple, options: dict, message: str) -> None:
    x0 = keras.layers.Input(shape, name="x")
    x = keras.layers.GlobalMaxPooling1D()(keras.layers.Conv1D(2, 5)(x0))
    model = keras.Model(x0, keras.layers.Dense(1)(x))
    with pytest.raises(DeepLiftGenomicsError, match=message):
        from_keras(model, options=LoadOptions(**options))


def test_the_models_own_length_may_be_given() -> None:
    x0 = keras.layers.Input((LENGTH, 4))
    model = keras.Model(x0, keras.layers.Dense(1)(keras.layers.Flatten()(x0)))
    assert from_keras(model, options=GIVEN).window_length == LENGTH


def test_a_control_of_open_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    layers = keras.layers
    x0, bias = layers.Input((None, 4), name="sequence"), layers.Input((None, 2), name="bias")
    x = layers.Concatenate()([layers.Conv1D(2, 3, padding="same")(x0), bias])
    model = keras.Model([x0, bias], layers.Conv1D(2, 1, name="profile")(x))
    model.save("model.keras")
    with pytest.raises(ModelError, match=r"shape of input bias is open.*bias=control:LENGTH") as e:
        from_keras(model, options=GIVEN)
    follow(str(e.value), keras, model)
    given = LoadOptions(window_length=LENGTH, inputs={"bias": f"control:{LENGTH}"})
    for loaded in (load_model("fixed.keras"), load_model("model.keras", given)):
        assert [(item.name, item.shape) for item in loaded.controls] == [("bias", (LENGTH, 2))]
        assert loaded.heads[0].shape == (LENGTH, 2)
