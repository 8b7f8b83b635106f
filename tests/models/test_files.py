"""Files that are cut short or of another kind, or that have weights in other places."""

import json
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import LENGTH, predict, windows


@keras.saving.register_keras_serializable("tests")
def my_loss(observed: object, found: object) -> object:
    return keras.ops.mean(found)


def two_branches() -> keras.Model:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = [layers.Conv1D(2, 3, name=name)(x0) for name in ("first", "second")]
    x = layers.Flatten()(layers.Subtract()(x))
    outputs = {name: layers.Dense(1, name=name)(x) for name in ("a_counts", "b_counts")}
    return keras.Model(x0, outputs)


def assert_same(path: Path | str, expected: dict[str, np.ndarray]) -> None:
    found = predict(load_model(path), windows())
    for head, values in expected.items():
        np.testing.assert_allclose(found[head], values, rtol=1e-5, atol=1e-6)


@pytest.fixture
def model() -> keras.Model:
    keras.utils.set_random_seed(0)
    return two_branches()


def test_losses_and_metrics_of_the_users_own(model: keras.Model, tmp_path: Path) -> None:
    expected = model.predict(windows(), verbose=0)
    model.compile("adam", loss={"a_counts": my_loss, "b_counts": "mse"}, metrics=[None, my_loss])
    for name in ("model.keras", "model.h5"):
        model.save(tmp_path / name)
    keras.saving.get_custom_objects().pop("tests>my_loss")
    for name in ("model.keras", "model.h5"):
        assert_same(tmp_path / name, expected)


def test_code_that_only_training_needs_is_left_out(model: keras.Model, tmp_path: Path) -> None:
    expected = model.predict(windows(), verbose=0)
    model.compile("adam", loss={"a_counts": lambda observed, found: found, "b_counts": "mse"})
    model.save(tmp_path / "model.keras")
    assert_same(tmp_path / "model.keras", expected)


@pytest.mark.parametrize(
    "config",
    [
        {"class_name": "Functional", "config": {"layers": [{"class_name": "Dense", "config": {}}]}},
        {"class_name": "Functional", "config": {"layers": [3]}},
        {"class_name": "Functional", "config": {}},
        {"class_name": "Sequential", "config": {"layers": []}},
        {"class_name": "Sequential", "config": [{"class_name": "Convolution1D", "config": []}]},
        {"class_name": "Model", "config": {"layers": [{"inbound_nodes": [[["a", 0]]]}]}},
        {"class_name": "Lambda", "config": {"name": "f", "function": [1, 2]}},
    ],
)
@pytest.mark.parametrize("version", ["1.2.2", "2.2.4", "3.15.1"])
def test_configurations_that_are_none(tmp_path: Path, config: dict, version: str) -> None:
    with h5py.File(tmp_path / "model.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"] = version
        file.create_group("model_weights").attrs["layer_names"] = ["a"]
    with pytest.raises(ModelError, match=r"model\.h5"):
        load_model(tmp_path / "model.h5", LoadOptions(allow_lambda=True))


def test_an_architecture_and_its_weights(model: keras.Model, tmp_path: Path) -> None:
    expected = model.predict(windows(), verbose=0)
    (tmp_path / "model.json").write_text(model.to_json())
    model.save_weights(tmp_path / "model.weights.h5")
    pair = f"{tmp_path}/model.json+{tmp_path}/model.weights.h5"
    assert_same(pair, expected)
    assert load_model(pair).name == "model.json+model.weights.h5"
    before = load_model(pair).digest
    (tmp_path / "model.json").write_text(model.to_json(indent=1))
    assert load_model(pair).digest != before
    with pytest.raises(InputError, match=r"model file not found: .*other\.h5"):
        load_model(f"{tmp_path}/model.json+{tmp_path}/other.h5")
    (tmp_path / "model.json").write_text("{")
    with pytest.raises(ModelError, match="is not JSON"):
        load_model(pair)
    (tmp_path / "model.json").write_text('{"class_name": "Model"}')
    with pytest.raises(ModelError, match="not that of a model"):
        load_model(pair)


def test_weights_go_to_the_layers_of_their_names(model: keras.Model, tmp_path: Path) -> None:
    """Two layers of equal shape, saved in another order than Keras 3 makes them in."""
    expected = model.predict(windows(), verbose=0)
    path = tmp_path / "model.h5"
    model.save(path)
    with h5py.File(path, "a") as file:
        names = ["sequence", "second", "first", "subtract", "flatten", "b_counts", "a_counts"]
        file["model_weights"].attrs["layer_names"] = [
            name for name in names if name in file["model_weights"]
        ]
    assert_same(path, expected)
    with h5py.File(path, "a") as file:
        file["model_weights"].move("first", "third")
        file["model_weights"].attrs["layer_names"] = ["third", "second", "a_counts", "b_counts"]
    with pytest.raises(ModelError, match="it is unclear which weights belong to which layer"):
        load_model(path)


def test_kernels_of_theano_are_turned(model: keras.Model, tmp_path: Path) -> None:
    for layer in (model.get_layer("first"), model.get_layer("second")):
        layer.kernel.assign(np.asarray(layer.kernel)[::-1])
    model.save(tmp_path / "model.h5")
    for layer in (model.get_layer("first"), model.get_layer("second")):
        layer.kernel.assign(np.asarray(layer.kernel)[::-1])
    with h5py.File(tmp_path / "model.h5", "a") as file:
        for group in (file, file["model_weights"]):
            group.attrs["backend"] = "theano"
    assert_same(tmp_path / "model.h5", model.predict(windows(), verbose=0))


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_files_cut_short(model: keras.Model, tmp_path: Path, name: str) -> None:
    model.save(tmp_path / name)
    whole = (tmp_path / name).read_bytes()
    for size in (0, 100, len(whole) // 2, len(whole) - 30):
        (tmp_path / name).write_bytes(whole[:size])
        with pytest.raises(ModelError, match=f"{name} "):
            load_model(tmp_path / name)


def test_archives_and_hdf5_files_of_other_things(model: keras.Model, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "other.keras", "w") as archive:
        archive.writestr("readme", "nothing")
    with pytest.raises(ModelError, match=r"config\.json, model\.weights\.h5 is not in it"):
        load_model(tmp_path / "other.keras")
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = 1
    with pytest.raises(ModelError, match="holds no Keras model"):
        load_model(tmp_path / "other.h5")
    for text, message in (
        ("[1]", "not that of"),
        (json.dumps({"class_name": "A", "config": {}}), "A "),
    ):
        with h5py.File(tmp_path / "other.h5", "a") as file:
            file.attrs["model_config"] = text
            file.require_group("model_weights").attrs["layer_names"] = ["a"]
        with pytest.raises(ModelError, match=message):
            load_model(tmp_path / "other.h5")
    model.save_weights(tmp_path / "only.weights.h5")
    with pytest.raises(ModelError, match="has no configuration of layers"):
        load_model(tmp_path / "only.weights.h5")


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.onnx"])
def test_a_file_that_is_no_model(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("not a model")
    with pytest.raises(ModelError, match=name):
        load_model(tmp_path / name)


def test_a_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="model file not found"):
        load_model(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="is a folder"):
        load_model(tmp_path)
