"""Classes of the user's own, some named like those of Keras, in files of Keras 2 and 3."""

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.keras2 import number_weights
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import LENGTH, predict, windows

FUNCTIONS = """
import {library}
import tensorflow as tf

class Softmax({library}.layers.Layer):
    def call(self, x):
        return tf.maximum(x, 0.3 * x)

def plain():
    return {{"Softmax": Softmax}}

def registered():
    return {{"lab>Softmax": Softmax}}
"""


@pytest.fixture(params=["keras", "tf_keras"])
def library(request: pytest.FixtureRequest) -> Any:
    """Keras 3 and Keras 2."""
    return __import__(request.param)


def own_class(library: Any) -> type:
    class Softmax(library.layers.Layer):  # type: ignore[name-defined,misc]
        def call(self, x: Any) -> Any:
            return tf.maximum(x, 0.3 * x)

    return Softmax


def model_of(library: Any, layer: Any) -> Any:
    """Build a model with an own layer and one of Keras of the same name."""
    library.utils.set_random_seed(0)
    x0 = library.layers.Input((LENGTH, 4), name="sequence")
    x = layer(library.layers.Conv1D(3, 5)(x0))
    x = library.layers.Softmax(name="kerass")(library.layers.Flatten()(x))
    return library.Model(x0, library.layers.Dense(2, name="out")(x))


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
@pytest.mark.parametrize("function", ["plain", "registered"])
def test_a_registered_class_named_like_one_of_keras(
    library: Any, name: str, function: str, tmp_path: Path
) -> None:
    register = library.saving.register_keras_serializable("lab")
    model = model_of(library, register(own_class(library))(name="own"))
    model.save(tmp_path / name)
    library.saving.get_custom_objects().clear()
    with pytest.raises(ModelError, match=r"does not know: lab>Softmax \(own\)"):
        load_model(tmp_path / name)
    functions = tmp_path / f"own_{library.__name__}.py"
    functions.write_text(FUNCTIONS.format(library=library.__name__))
    options = LoadOptions(custom_objects=f"{functions}:{function}")
    found = predict(load_model(tmp_path / name, options), windows())["out"]
    expected = model.predict(windows(), verbose=0)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_a_class_that_only_its_arguments_tell_from_that_of_keras(
    library: Any, tmp_path: Path
) -> None:
    """In .h5 files, a class that is not registered has its plain name alone."""
    model_of(library, own_class(library)(name="own")).save(tmp_path / "model.h5")
    with pytest.raises(ModelError, match=r"does not know: Softmax \(own\)\. Supply"):
        load_model(tmp_path / "model.h5")


def test_classes_for_the_other_keras(library: Any, tmp_path: Path) -> None:
    other = "tf_keras" if library is keras else "keras"
    __import__(other)
    model = model_of(library, own_class(library)(name="own"))
    model.save(tmp_path / "model.keras")
    functions = tmp_path / f"other_than_{library.__name__}.py"
    functions.write_text(FUNCTIONS.format(library=other))
    options = LoadOptions(custom_objects=f"{functions}:plain")
    with pytest.raises(ModelError, match=f"'from {library.__name__} import layers'"):
        load_model(tmp_path / "model.keras", options)
    text = functions.read_text().replace(
        f"import {other}\n", f"from {library.__name__} import layers\n"
    )
    functions.write_text(text.replace(f"{other}.layers.", "layers."))  # as advised
    sys.modules.pop(functions.stem, None)
    # Python takes a compiled file for that of the text if both are of one second and size
    shutil.rmtree(tmp_path / "__pycache__", ignore_errors=True)
    found = predict(load_model(tmp_path / "model.keras", options), windows())["out"]
    np.testing.assert_allclose(found, model.predict(windows(), verbose=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"class_name": "get_file", "module": "keras.utils"}, "does not know"),
        ({"class_name": "Evil", "module": "evil_module"}, "does not know"),
        ({"class_name": "ClassMethod", "module": "keras.src.layers.core.tf_op_layer"}, "Class"),
    ],
)
def test_classes_that_are_no_layers_of_keras_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, str], message: str
) -> None:
    tf_keras = pytest.importorskip("tf_keras")
    (tmp_path / "evil_module.py").write_text("raise SystemExit('it was imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    model = model_of(tf_keras, tf_keras.layers.ReLU(name="curve"))
    model.save(tmp_path / "model.h5")
    with h5py.File(tmp_path / "model.h5", "a") as file:
        config = json.loads(file.attrs["model_config"])
        layer = next(item for item in config["config"]["layers"] if item["name"] == "curve")
        layer |= change
        file.attrs["model_config"] = json.dumps(config)
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path / "model.h5")


@pytest.mark.parametrize("key", ["kernel", "activation", "residual_fn"])
def test_parts_of_layers_of_keras_2_that_are_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    tf_keras = pytest.importorskip("tf_keras")
    (tmp_path / "evil_part.py").write_text("raise SystemExit('it was imported')\n")
    monkeypatch.syspath_prepend(tmp_path)
    part = {"module": "evil_part", "class_name": "Evil", "config": {}, "registered_name": "Evil"}
    if key == "activation":
        part |= {"class_name": "function", "config": "evil"}
    model = model_of(tf_keras, tf_keras.layers.ReLU(name="curve"))
    model.save(tmp_path / "model.h5")
    with h5py.File(tmp_path / "model.h5", "a") as file:
        config = json.loads(file.attrs["model_config"])
        layer = next(item for item in config["config"]["layers"] if item["name"] == "curve")
        layer["config"] |= (
            {key: part, f"{key}_type": "lambda"} if key == "residual_fn" else {key: part}
        )
        file.attrs["model_config"] = json.dumps(config)
    with pytest.raises(ModelError, match=r"holds code in 'curve'|Keras does not know '[Ee]vil'"):
        load_model(tmp_path / "model.h5")


def test_weights_that_are_numbered_by_two(tmp_path: Path) -> None:
    """The sequence of numbers has gaps where a layer has weights."""
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        names = ("dense", "dense_2", "dense_10", "batch_normalization", "conv1d", "conv1d_1")
        for number, name in enumerate(names):
            file[f"_layer_checkpoint_dependencies/{name}/vars/0"] = number
        inner = "_layer_checkpoint_dependencies/functional/_layer_checkpoint_dependencies"
        file[f"{inner}/dense_2/vars/0"], file[f"{inner}/dense/vars/0"] = 7, 6
        number_weights(file)
        found = {
            name: int(file[f"layers/{name}/vars/0"][()])
            for name in file["layers"]
            if name != "functional"
        }
        assert found == {
            "dense": 0, "dense_1": 1, "dense_2": 2, "batch_normalization": 3, "conv1d": 4,
            "conv1d_1": 5,
        }  # fmt: skip
        inner = file["layers/functional/layers"]
        assert [int(inner[f"{name}/vars/0"][()]) for name in ("dense", "dense_1")] == [6, 7]
        assert list(file) == ["layers"]


@pytest.mark.parametrize("name", ["model.h5", "model.keras"])
@pytest.mark.parametrize("after", ["plain.h5", "plain.keras"])
def test_lambdas_in_wrappers_of_keras_2(tmp_path: Path, name: str, after: str) -> None:
    """Layers keep the form in which they were saved first."""
    tf_keras = pytest.importorskip("tf_keras")
    wrapped = tf_keras.layers.Lambda(lambda x: x * 3, output_shape=lambda s: s, name="thrice")
    model = model_of(tf_keras, tf_keras.layers.TimeDistributed(wrapped))
    for path in (after, name):
        model.save(tmp_path / path)
    with pytest.raises(ModelError, match="Lambda layer 'thrice'"):
        load_model(tmp_path / name)
    found = predict(load_model(tmp_path / name, LoadOptions(allow_lambda=True)), windows())["out"]
    np.testing.assert_allclose(found, model.predict(windows(), verbose=0), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["model.h5", "model.keras"])
def test_activations_of_keras_2(tmp_path: Path, name: str) -> None:
    tf_keras = pytest.importorskip("tf_keras")
    for activation, message in (
        (lambda x: 2 * x, "holds code in 'curve'"),
        (unknown_to_keras, "Keras does not know 'unknown_to_keras'"),
    ):
        model = model_of(
            tf_keras, tf_keras.layers.Conv1D(3, 3, activation=activation, name="curve")
        )
        model.save(tmp_path / name)
        with pytest.raises(ModelError, match=message):
            load_model(tmp_path / name)
    options = LoadOptions(custom_objects=f"{__name__}:objects")
    found = predict(load_model(tmp_path / name, options), windows())["out"]
    np.testing.assert_allclose(found, model.predict(windows(), verbose=0), rtol=1e-5, atol=1e-6)


def unknown_to_keras(x: Any) -> Any:
    return tf.nn.relu(x) - 1


def objects() -> dict[str, Any]:
    return {"unknown_to_keras": unknown_to_keras}


MISREAD = """
import {library}
class Own({library}.layers.Layer):
    def __init__(self, axis, merge="none", **options):
        super().__init__(**options)
        self.axis, self.merge = axis, merge
    def get_config(self):
        return {{**super().get_config(), "axis": self.axis, "merge": self.merge}}
    def call(self, x):
        assert self.axis == "length" and self.merge == "add"
        return 2 * x
def objects():
    return {{"Own": Own}}
"""


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_arguments_that_keras_3_misreads_in_hdf5(library: Any, name: str, tmp_path: Path) -> None:
    """It leaves out axes, and makes functions of texts that are named like one of its layers."""
    functions = tmp_path / f"misread_{library.__name__}.py"
    functions.write_text(MISREAD.format(library=library.__name__))
    options = LoadOptions(custom_objects=f"{functions}:objects")
    space: dict[str, Any] = {}
    exec(functions.read_text(), space)
    x0 = library.layers.Input((LENGTH, 4), name="sequence")
    x = space["Own"]("length", "add")(x0)
    x = library.layers.Attention()([x, library.layers.Softmax(axis=[1, 2])(x)])
    x = library.layers.UnitNormalization(axis=[1, 2])(x)
    x = library.layers.Dense(2, name="out")(library.layers.Flatten()(x))
    model = library.Model(x0, x)
    model.save(tmp_path / name)
    found = predict(load_model(tmp_path / name, options), windows())["out"]
    np.testing.assert_allclose(found, model.predict(windows(), verbose=0), rtol=1e-4, atol=1e-5)
