"""Files that older versions of Keras saved predict what those versions predicted."""

import json
import re
import shutil
import zipfile
from pathlib import Path

import h5py
import numpy as np
import pytest

from deeplift_genomics import attribute, load_model
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.model import Model
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import predict

FILES = Path(__file__).parent / "files"
LOGSUMEXP = LoadOptions(lambdas={"logcount_predictions": "deeplift_genomics.lambdas:logsumexp"})
BEST = LoadOptions(lambdas={"best": f"{Path(__file__).with_name('functions.py')}:best"})


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return archive -> the folder in which it is unpacked."""
    found = {}
    for archive in ("keras1", "keras2", "tensorflow2"):
        found[archive] = tmp_path_factory.mktemp(archive)
        with zipfile.ZipFile(FILES / f"{archive}.zip") as file:
            file.extractall(found[archive])
    for path in found["keras1"].glob("*.h5"):
        with h5py.File(path, "a") as file:
            file.attrs["backend"] = "theano"
    return found


def path_of(folder: Path, name: str) -> str:
    return "+".join(str(folder / part) for part in name.split("+"))


def assert_predicts(model: Model, folder: Path, name: str) -> None:
    told = json.loads((folder / "expected.json").read_text())
    codes = [["ACGT".index(base) for base in sequence] for sequence in told["sequences"]]
    controls = {item.name: [[0.5], [1.0]] for item in model.controls}
    found = predict(model, one_hot(np.array(codes), "float32"), **controls)
    assert set(found) == set(told[name])
    for head, values in told[name].items():
        np.testing.assert_allclose(found[head], values, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("archive", "name", "options", "kinds"),
    [
        ("keras1", "sequential.h5", LoadOptions(), "classes logits sigmoid"),
        ("keras1", "merged.h5", LoadOptions(), "a_counts counts None, b_counts counts None"),
        (
            "keras2",
            "chrombpnet.h5",
            LOGSUMEXP,
            "logits_profile_predictions profile None, logcount_predictions counts None",
        ),
        (
            "keras2",
            "chrombpnet.json+chrombpnet_weights.h5",
            LOGSUMEXP,
            "logits_profile_predictions profile None, logcount_predictions counts None",
        ),
        ("tensorflow2", "functions.h5", LoadOptions(), "profile profile None, counts counts None"),
        (
            "tensorflow2",
            "functions.keras",
            LoadOptions(),
            "profile profile None, counts counts None",
        ),
        ("tensorflow2", "nested.h5", BEST, "classes logits sigmoid"),
        ("tensorflow2", "nested.keras", BEST, "classes logits sigmoid"),
        ("tensorflow2", "saved_model", LoadOptions(), "classes logits softmax, counts counts None"),
    ],
)
def test_old_files_predict_as_they_did(
    folders: dict[str, Path], archive: str, name: str, options: LoadOptions, kinds: str
) -> None:
    folder = folders[archive]
    model = load_model(path_of(folder, name), options)
    assert_predicts(model, folder, name)
    found = ", ".join(f"{head.name} {head.kind} {head.activation}" for head in model.heads)
    assert found == kinds
    assert re.fullmatch("[0-9a-f]{64}", model.digest)


def test_a_chrombpnet_of_keras_2_is_explained(folders: dict[str, Path]) -> None:
    model = load_model(folders["keras2"] / "chrombpnet.h5", LOGSUMEXP)
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (2, 4, model.window_length))
    scores = attribute(model, one_hot(codes[:, 0], "float32"), one_hot(codes[:, 1:], "float32"))
    for found in scores.values():
        assert np.abs(found.residual).max() < 1e-5 * found.mass.max()


@pytest.mark.parametrize("name", ["nested.h5", "nested.keras"])
def test_code_of_another_python_is_refused_with_a_way_out(
    folders: dict[str, Path], name: str
) -> None:
    path = folders["tensorflow2"] / name
    with pytest.raises(ModelError, match=r"'best' cannot be read .*another version of Python"):
        load_model(path, LoadOptions(allow_lambda=True))
    with pytest.raises(ModelError, match=r"layer 'best', and loading it runs Python code"):
        load_model(path)


def test_keras_1_must_say_its_backend(folders: dict[str, Path], tmp_path: Path) -> None:
    for name in ("merged.h5",):
        path = shutil.copy(folders["keras1"] / name, tmp_path / name)
        with h5py.File(path, "a") as file:
            del file.attrs["backend"]
        with pytest.raises(ModelError, match=r"does not record whether TensorFlow or Theano"):
            load_model(path)
        with h5py.File(path, "a") as file:
            file.attrs["backend"] = "tensorflow"
        with pytest.raises(AssertionError):  # kernels run the other way
            assert_predicts(load_model(path), folders["keras1"], name)


def change_config(path: Path, old: str, new: str) -> None:
    with h5py.File(path, "a") as file:
        text = file.attrs["model_config"]
        text = text.decode() if isinstance(text, bytes) else text
        assert old in text
        file.attrs["model_config"] = text.replace(old, new)


@pytest.mark.parametrize(
    ("archive", "name", "old", "new", "message"),
    [
        ("tensorflow2", "functions.h5", '"math.reduce_mean"', '"io.write_file"', "io.write_file"),
        ("tensorflow2", "functions.h5", '"math.reduce_mean"', '"math._sys"', "math._sys"),
        ("tensorflow2", "functions.h5", '"math.reduce_mean"', '"math.no"', "`math.no` could not"),
        ("keras1", "merged.h5", '"mode": "sum"', '"mode": "dot"', "layer Merge .here 'total'"),
        ("keras1", "merged.h5", '"filter_length": 5', '"filter_length": 4', "cannot be loaded"),
        ("keras1", "merged.h5", '"subsample_length": 1', '"subsample_length": 2', "same padding"),
        ("keras1", "merged.h5", '"GlobalMaxPooling1D"', '"Highway"', "layer Highway"),
    ],
)
def test_what_cannot_be_taken_over_is_named(
    folders: dict[str, Path],
    tmp_path: Path,
    archive: str,
    name: str,
    old: str,
    new: str,
    message: str,
) -> None:
    path = Path(shutil.copy(folders[archive] / name, tmp_path / name))
    change_config(path, old, new)
    with pytest.raises(ModelError, match=message):
        load_model(path)
