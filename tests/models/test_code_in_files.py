"""Code in a model's file, or named there, outside Lambda layers does not run."""

import base64
import json
import marshal
import zipfile
from pathlib import Path
from typing import Any

import h5py
import keras
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import LENGTH

BYTECODE = base64.b64encode(
    marshal.dumps(compile("lambda x: open('pwned', 'w')", "a", "eval").co_consts[0])
).decode()
HIDDEN = {"class_name": "__lambda__", "config": {"code": BYTECODE, "defaults": None}}
# objects for which Keras would import a module
FUNCTION = {
    "module": "evil_module",
    "class_name": "function",
    "config": "f",
    "registered_name": "f",
}
OBJECT = {"module": "evil_module", "class_name": "Evil", "config": {}, "registered_name": "Evil"}
SYSTEM = {**FUNCTION, "module": "os", "config": "system", "registered_name": "system"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a module that leaves a trace when it is imported."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    text = "open('pwned', 'w')\ndef f(x):\n    return x\nclass Evil:\n    pass\n"
    Path("evil_module.py").write_text(text)
    return tmp_path


def save(name: str, change: Any) -> str:
    """Save a model, as the given kind of file, with a configuration changed by `change`."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Activation("relu", name="curve")(x0)
    model = keras.Model(x0, layers.Dense(1, name="counts")(layers.Flatten()(x)))
    if name == "model.keras":
        model.save("plain.keras")
        with zipfile.ZipFile("plain.keras") as plain, zipfile.ZipFile(name, "w") as changed:
            for item in plain.namelist():
                content = plain.read(item)
                if item == "config.json":
                    content = json.dumps(change(json.loads(content))).encode()
                changed.writestr(item, content)
    elif name == "model.h5":
        model.save(name)
        with h5py.File(name, "a") as file:
            config = change(json.loads(file.attrs["model_config"]))
            file.attrs["model_config"] = json.dumps(config)
    else:
        Path("model.json").write_text(json.dumps(change(json.loads(model.to_json()))))
        model.save_weights("model.weights.h5")
    return name


def activation(value: Any) -> Any:
    def change(config: dict[str, Any]) -> dict[str, Any]:
        inner = [item["config"] for item in config["config"]["layers"]]
        next(item for item in inner if item["name"] == "curve")["activation"] = value
        return config

    return change


def layer(value: dict[str, Any]) -> Any:
    def change(config: dict[str, Any]) -> dict[str, Any]:
        config["config"]["layers"][1] |= value
        return config

    return change


NAMES = ["model.keras", "model.h5", "model.json+model.weights.h5"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("allow", [False, True])
@pytest.mark.parametrize("value", [HIDDEN, FUNCTION, OBJECT, SYSTEM], ids=range(4))
def test_in_the_place_of_an_activation(folder: Path, name: str, allow: bool, value: Any) -> None:
    path = save(name, activation(value))
    with pytest.raises(ModelError, match="model"):
        load_model(path, LoadOptions(allow_lambda=allow))
    assert not Path("pwned").exists()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "value",
    [
        {"module": "evil_module", "class_name": "Evil", "registered_name": "Evil"},
        {"module": "keras.utils", "class_name": "get_file", "registered_name": None},
        {"module": "os", "class_name": "_wrap_close", "registered_name": None},
    ],
    ids=range(3),
)
def test_in_the_place_of_a_layer(folder: Path, name: str, value: dict[str, Any]) -> None:
    path = save(name, layer(value))
    with pytest.raises(ModelError, match=r"layers that Keras does not know|cannot be loaded"):
        load_model(path)
    assert not Path("pwned").exists()


def test_archives_that_unpack_to_more_than_memory(folder: Path) -> None:
    save("model.keras", lambda config: config)
    with zipfile.ZipFile("model.keras", "a", zipfile.ZIP_DEFLATED) as archive:
        content = b"[" * 150_000_000
        archive.writestr("metadata.json", content)
    with pytest.raises(ModelError, match=r"metadata\.json in it has 150000000 bytes"):
        load_model("model.keras")


def test_configurations_nested_too_deep(folder: Path) -> None:
    Path("model.json").write_text('{"config": ' + "[" * 100_000)
    keras.Sequential([layers.Input((2,)), layers.Dense(1)]).save_weights("model.weights.h5")
    with pytest.raises(ModelError, match="is not JSON"):
        load_model("model.json+model.weights.h5")


class Writer(tf.Module):
    """A model that writes a file when it is called."""

    @tf.function(input_signature=[tf.TensorSpec((None, LENGTH, 4), tf.float32)])
    def __call__(self, sequence: tf.Tensor) -> dict[str, tf.Tensor]:
        tf.io.write_file("pwned", "text")
        return {"counts": tf.reduce_sum(sequence, axis=[1, 2])[:, None]}


class Python(tf.Module):
    """A model that calls Python."""

    @tf.function(input_signature=[tf.TensorSpec((None, LENGTH, 4), tf.float32)])
    def __call__(self, sequence: tf.Tensor) -> dict[str, tf.Tensor]:
        found = tf.numpy_function(lambda x: x.sum((1, 2)), [sequence], tf.float32)
        return {"counts": tf.reshape(found, (-1, 1))}


@pytest.mark.parametrize(("kind", "operation"), [(Writer, "WriteFile"), (Python, "PyFunc")])
def test_saved_models_that_reach_beyond_themselves(
    folder: Path, kind: type[tf.Module], operation: str
) -> None:
    module = kind()
    tf.saved_model.save(module, "model", signatures=module.__call__)
    with pytest.raises(ModelError, match=f"has the operation {operation}, which writes files"):
        load_model("model")
    assert not Path("pwned").exists()
