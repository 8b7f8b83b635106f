"""Lambda layers and layers of the user's own."""

import json
import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.errors import ModelError
from deeplift_genomics.lambdas import logsumexp
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.options import LoadOptions
from tests.models.functions import Double, scaled
from tests.models.helpers import LENGTH, predict, windows

HERE = Path(__file__).with_name("functions.py")


def with_lambda(function: Any, **options: Any) -> keras.Model:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    inner = keras.Sequential(
        [layers.Input((LENGTH, 4)), layers.Lambda(function, name="own", **options)], name="inner"
    )
    x = layers.GlobalAveragePooling1D()(inner(x0))
    return keras.Model(x0, layers.Dense(2, name="counts")(x))


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_code_from_a_file_is_run_only_with_leave(tmp_path: Path, name: str) -> None:
    marker = tmp_path / "run"
    # a function that a file's author could have written; it leaves a trace when it runs
    function = eval(f"lambda x: 3 * x + 0 * len(str(open({str(marker)!r}, 'w')))")
    model = with_lambda(function, output_shape=(LENGTH, 4))
    before = model.predict(windows(), verbose=0)
    model.save(tmp_path / name)
    marker.unlink()
    with pytest.raises(ModelError) as caught:
        load_model(tmp_path / name)
    for words in (
        "'own'",
        "runs Python code",
        "allow_lambda: true",
        "--allow-lambda",
        "own=module",
    ):
        assert words in str(caught.value)
    replaced = load_model(tmp_path / name, LoadOptions(lambdas={"own": f"{HERE}:scaled"}))
    assert not marker.exists()
    assert replaced.heads[0].name == "counts"
    allowed = load_model(tmp_path / name, LoadOptions(allow_lambda=True))
    assert marker.exists()
    np.testing.assert_allclose(predict(allowed, windows())["counts"], before, rtol=1e-5)


def test_allowed_code_finds_tensorflow_and_what_it_closed_over(tmp_path: Path) -> None:
    factor = 3.0
    model = with_lambda(lambda x, y=2: tf.exp(x) * factor + y)
    model.save(tmp_path / "model.keras")
    found = predict(load_model(tmp_path / "model.keras", LoadOptions(allow_lambda=True)), windows())
    np.testing.assert_allclose(found["counts"], model.predict(windows(), verbose=0), rtol=1e-5)


def test_layers_of_one_name_keep_their_own_functions(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    bodies = [with_lambda(lambda x: 2 * x), with_lambda(lambda x: -x)]
    outputs = {name: body(x0) for name, body in zip("ab", bodies, strict=True)}
    bodies[1].name = "second"
    model = keras.Model(x0, outputs)
    model.save(tmp_path / "model.keras")
    loaded = load_model(tmp_path / "model.keras", LoadOptions(allow_lambda=True))
    expected = model.predict(windows(), verbose=0)
    for head, values in predict(loaded, windows()).items():
        np.testing.assert_allclose(values, expected[head], rtol=1e-5)


def test_arguments_are_given_to_the_function(tmp_path: Path) -> None:
    model = with_lambda(scaled, arguments={"factor": 5.0})
    model.save(tmp_path / "model.keras")
    options = LoadOptions(lambdas={"own": "tests.models.functions:scaled"})
    found = predict(load_model(tmp_path / "model.keras", options), windows())
    np.testing.assert_allclose(found["counts"], model.predict(windows(), verbose=0), rtol=1e-5)
    with pytest.raises(ModelError, match="calls the function 'scaled', which is not in the file"):
        load_model(tmp_path / "model.keras", LoadOptions(allow_lambda=True))


def test_a_layer_that_is_not_there(tmp_path: Path) -> None:
    with_lambda(logsumexp).save(tmp_path / "model.keras")
    options = LoadOptions(lambdas={"other": "deeplift_genomics.lambdas:logsumexp"})
    with pytest.raises(ModelError, match=r"no Lambda layer 'other'.*Its Lambda layers are: own"):
        load_model(tmp_path / "model.keras", options)


def test_code_outside_a_lambda_layer_is_refused(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Activation("relu", name="curve")(x0)
    model = keras.Model(x0, layers.Dense(1, name="counts")(layers.Flatten()(x)))
    model.save(tmp_path / "plain.keras")
    hidden = {"class_name": "__lambda__", "config": {"value": ["4wAAAA==", None, None]}}
    with (
        zipfile.ZipFile(tmp_path / "plain.keras") as plain,
        zipfile.ZipFile(tmp_path / "model.keras", "w") as changed,
    ):
        for name in plain.namelist():
            content = plain.read(name)
            if name == "config.json":
                content = content.replace(b'"relu"', json.dumps(hidden).encode())
            changed.writestr(name, content)
    with pytest.raises(ModelError, match="holds code in 'curve'"):
        load_model(tmp_path / "model.keras")
    with pytest.raises(ModelError, match="code outside a Lambda layer"):
        load_model(tmp_path / "model.keras", LoadOptions(allow_lambda=True))


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("logsumexp", "names no function; write module:function"),
        ("no_such_module:f", "no_such_module cannot be imported: ModuleNotFoundError"),
        ("no_such_file.py:f", "there is no file no_such_file.py"),
        (f"{HERE}:nothing", "has no function 'nothing'; its functions: best"),
        (f"{HERE}:NO_FUNCTION", "has 'NO_FUNCTION', but it is not a function"),
    ],
)
def test_functions_that_cannot_be_had(tmp_path: Path, function: str, message: str) -> None:
    with_lambda(logsumexp).save(tmp_path / "model.keras")
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path / "model.keras", LoadOptions(lambdas={"own": function}))
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path / "model.keras", LoadOptions(custom_objects=function))


def test_modules_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_lambda(scaled).save(tmp_path / "model.keras")
    (tmp_path / "my_functions_here.py").write_text("def same(x):\n    return x\n")
    (tmp_path / "broken_here.py").write_text("import sys\nsys.exit('no')\n")
    monkeypatch.chdir(tmp_path)
    for function in ("my_functions_here:same", "my_functions_here.py:same"):
        load_model("model.keras", LoadOptions(lambdas={"own": function}))
    with pytest.raises(ModelError, match="broken_here cannot be imported: SystemExit: no"):
        load_model("model.keras", LoadOptions(lambdas={"own": "broken_here:f"}))


@pytest.mark.parametrize("name", ["model.keras", "model.h5"])
def test_layers_of_the_users_own(tmp_path: Path, name: str) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(Double(name="twice")(x0))
    model = keras.Model(x0, layers.Dense(1, name="counts")(x))
    model.save(tmp_path / name)
    with pytest.raises(ModelError, match=r"does not know: Double \(twice\).*custom_objects"):
        load_model(tmp_path / name)
    loaded = load_model(tmp_path / name, LoadOptions(custom_objects=f"{HERE}:objects"))
    expected = model.predict(windows(), verbose=0)
    np.testing.assert_allclose(predict(loaded, windows())["counts"], expected, rtol=1e-5)
    for function, message in (
        ("no_objects", r"must return a dict.*returned \"\[<class"),
        ("fails", "failed: KeyError: 'nothing there'"),
    ):
        with pytest.raises(ModelError, match=message):
            load_model(tmp_path / name, LoadOptions(custom_objects=f"{HERE}:{function}"))


def test_functions_given_by_name_need_no_leave(tmp_path: Path) -> None:
    model = with_lambda(scaled)
    model.save(tmp_path / "model.keras")
    functions = tmp_path / "given.py"
    functions.write_text("def objects():\n    return {'scaled': lambda x: x}\n")
    loaded = load_model(
        tmp_path / "model.keras", LoadOptions(custom_objects=f"{functions}:objects")
    )
    expected = model.predict(windows(), verbose=0)
    np.testing.assert_allclose(predict(loaded, windows())["counts"], expected, rtol=1e-5)
