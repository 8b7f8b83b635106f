"""Ordinary layers in files of TensorFlow 2.3 to 2.15 predict what those versions predicted."""

import json
import re
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics import attribute, load_model
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.load import runtime_versions
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import predict

FILES = Path(__file__).parent / "files"
VERSIONS = ("2.3", "2.4", "2.8", "2.13", "2.15")
HERE = FILES.with_name("functions.py")
OPTIONS = {
    "lambda": LoadOptions(lambdas={"twice": f"{HERE}:twice"}),
    "own": LoadOptions(custom_objects=f"{HERE}:objects_of_keras2"),
}
REFUSED = {
    "norm_training": r"training=True.*norm \(BatchNormalization\) mixes the windows of a batch",
    "dropout_training": r"training=True.*drop \(Dropout\) draws random numbers",
    "own": r"does not know: lab>ReLU \(own\).*\{'lab>ReLU': ",
    "lambda": "layer 'twice', and loading it runs Python code",
}
HALF = ("mixed",)  # computed in half precision by the version that wrote it


def archive(version: str) -> Path:
    return FILES / f"layers_{version}.zip"


def files(version: str) -> dict[str, dict[str, list]]:
    """Return the file names of a version, and what it predicted."""
    with zipfile.ZipFile(archive(version)) as file:
        found: dict = json.loads(file.read("expected.json"))
    return found


def stem(name: str) -> str:
    return name.split(".")[0]


CASES = [(version, name) for version in VERSIONS for name in files(version) if name != "sequences"]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return version -> the folder in which its files are unpacked."""
    found = {}
    for version in VERSIONS:
        found[version] = tmp_path_factory.mktemp("layers")
        with zipfile.ZipFile(archive(version)) as file:
            file.extractall(found[version])
    return found


def path_of(folder: Path, name: str) -> str:
    return "+".join(str(folder / part) for part in name.split("+"))


def sequences(version: str) -> np.ndarray:
    rows = files(version)["sequences"]
    return one_hot(np.array([["ACGT".index(base) for base in row] for row in rows]), "float32")


@pytest.mark.parametrize(
    ("version", "name"),
    [case for case in CASES if stem(case[1]) not in REFUSED or stem(case[1]) in OPTIONS],
)
def test_a_layer_predicts_as_it_did(folders: dict[str, Path], version: str, name: str) -> None:
    options = OPTIONS.get(stem(name), LoadOptions())
    model = load_model(path_of(folders[version], name), options)
    expected = np.array(files(version)[name]["out"])
    found = predict(model, sequences(version))[model.heads[0].name]
    limit = 2e-3 if stem(name) in HALF else 1e-6
    assert np.abs(found - expected).max() <= limit * np.abs(expected).max()
    folder = (folders[version] / name).is_dir()
    assert model.library == ("tensorflow" if folder else "tf_keras")


@pytest.mark.parametrize(("version", "name"), [case for case in CASES if stem(case[1]) in REFUSED])
def test_what_must_not_be_loaded_is_refused_by_name(
    folders: dict[str, Path], version: str, name: str
) -> None:
    with pytest.raises(ModelError, match=REFUSED[stem(name)]):
        load_model(path_of(folders[version], name))


def test_every_layer_is_in_every_format() -> None:
    for version in VERSIONS[1:]:
        suffixes = {".h5", ".keras"} if version in ("2.13", "2.15") else {".h5"}
        by_layer: dict[str, set[str]] = {}
        for name in files(version):
            by_layer.setdefault(stem(name), set()).add(Path(name).suffix)
        plain = set(by_layer) - {"sequences", "pair", "again"}
        assert len(plain) >= 20
        assert all(suffixes <= by_layer[layer] for layer in plain)
        assert "" in by_layer["transformer"]


@pytest.mark.parametrize("name", ["lstm.h5", "transformer.keras", "transformer", "mixed.h5"])
def test_a_model_of_keras_2_is_explained(folders: dict[str, Path], name: str) -> None:
    model = load_model(folders["2.15"] / name)
    x = sequences("2.15")
    references = np.stack([x[:, ::-1], np.roll(x, 7, axis=1)], axis=1)
    for found in attribute(model, x, references, ["logit[0]", "logit[1]"]).values():
        assert np.abs(found.residual).max() < 1e-5 * found.mass.max()
    assert ("tf_keras_version" in runtime_versions(model)) == (name != "transformer")


@pytest.mark.parametrize("version", ["2.13", "2.15"])
@pytest.mark.parametrize("name", ["lambda.h5", "lambda.keras"])
def test_code_of_this_python_is_run_with_leave(
    folders: dict[str, Path], version: str, name: str
) -> None:
    """Python 3.11 wrote these files."""
    model = load_model(folders[version] / name, LoadOptions(allow_lambda=True))
    found = predict(model, sequences(version))["out"]
    np.testing.assert_allclose(found, files(version)[name]["out"], rtol=1e-5)


def test_names_of_files_do_not_matter(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = folders["2.15"]
    for source, name in (
        ("repeated.h5", "renamed.keras"),
        ("repeated.keras", "renamed.h5"),
        ("repeated.h5", "no_ending"),
        ("repeated.keras", "model.zip"),
    ):
        (tmp_path / name).write_bytes((folder / source).read_bytes())
        found = predict(load_model(tmp_path / name), sequences("2.15"))["out"]
        np.testing.assert_allclose(found, files("2.15")[source]["out"], rtol=1e-5, atol=1e-6)


def test_the_file_of_a_savedmodel_stands_for_its_folder(folders: dict[str, Path]) -> None:
    folder = folders["2.8"] / "transformer"
    by_file = load_model(folder / "saved_model.pb")
    assert (by_file.name, by_file.digest) == ("transformer", load_model(folder).digest)


def test_keys_of_custom_objects(folders: dict[str, Path], tmp_path: Path) -> None:
    """The registered name, and the class's own, both serve."""
    for key in ("ReLU", "lab>ReLU"):
        functions = tmp_path / f"key_{len(key)}.py"
        functions.write_text(
            "from tests.models.functions import objects_of_keras2\n"
            "def objects():\n"
            f"    return {{{key!r}: objects_of_keras2()['ReLU']}}\n"
        )
        options = LoadOptions(custom_objects=f"{functions}:objects")
        for name in ("own.h5", "own.keras"):
            found = predict(load_model(folders["2.15"] / name, options), sequences("2.15"))["out"]
            np.testing.assert_allclose(found, files("2.15")[name]["out"], rtol=1e-5, atol=1e-6)


def test_a_class_of_keras_3_for_a_file_of_keras_2(folders: dict[str, Path]) -> None:
    options = LoadOptions(custom_objects=f"{HERE}:objects_of_keras3")
    message = r"written by Keras 2.*class of Keras 3 for its layer 'own' .*from tf_keras import"
    for name in ("own.h5", "own.keras"):
        with pytest.raises(ModelError, match=message):
            load_model(folders["2.15"] / name, options)


def test_without_tf_keras_the_message_says_how_to_install_it(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "tf_keras", None)
    with pytest.raises(ModelError) as caught:
        load_model(folders["2.8"] / "repeated.h5")
    assert re.search(r"pip install --no-deps 'tf-keras==2\.\d+\.\*'", str(caught.value))


def change_config(path: Path, old: str, new: str) -> None:
    with h5py.File(path, "a") as file:
        text = file.attrs["model_config"]
        assert old in text
        file.attrs["model_config"] = text.replace(old, new)


@pytest.mark.parametrize(
    ("version", "old", "new", "message"),
    [
        ("2.3", '"op": "Relu"', '"op": "WriteFile"', "calls the TensorFlow function 'WriteFile'"),
        ("2.8", '"math.reduce_mean"', '"io.write_file"', "TensorFlow function 'io.write_file'"),
        ("2.15", '"math.reduce_mean"', '"compat.v1.py_func"', "function 'compat.v1.py_func'"),
    ],
)
def test_functions_that_reach_beyond_the_model(
    folders: dict[str, Path], tmp_path: Path, version: str, old: str, new: str, message: str
) -> None:
    path = tmp_path / "functions.h5"
    path.write_bytes((folders[version] / "functions.h5").read_bytes())
    change_config(path, old, new)
    with pytest.raises(ModelError, match=message):
        load_model(path)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("lstm.h5", '"class_name": "LSTM"', '"class_name": "LSTMV2"'),
        ("gru.h5", '"class_name": "GRU"', '"class_name": "GRUV2"'),
        ("gru.h5", '"class_name": "GRU"', '"class_name": "CuDNNGRU"'),
    ],
)
def test_early_names_of_layers(
    folders: dict[str, Path], tmp_path: Path, name: str, old: str, new: str
) -> None:
    path = tmp_path / name
    path.write_bytes((folders["2.8"] / name).read_bytes())
    change_config(path, old, new)
    if "CuDNN" in new:
        change_config(path, ', "reset_after": true', "")
    found = predict(load_model(path), sequences("2.8"))["out"]
    np.testing.assert_allclose(found, files("2.8")[name]["out"], rtol=1e-5, atol=1e-6)
