"""What refusals advise, done: it works."""

import gzip
import pickle
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics import attribute, load_model
from deeplift_genomics.errors import ModelError, UnsupportedOperationError
from deeplift_genomics.models.options import LoadOptions
from tests.models.helpers import LENGTH, predict, windows


def recurrent(library: Any) -> Any:
    library.utils.set_random_seed(0)
    x0 = library.layers.Input((LENGTH, 4), name="sequence")
    x = library.layers.MaxPooling1D(10)(library.layers.Conv1D(3, 5, padding="same")(x0))
    x = library.layers.Bidirectional(library.layers.LSTM(2, return_sequences=True))(x)
    x = library.layers.GRU(2, name="second")(x)
    return library.Model(x0, library.layers.Dense(1, name="out")(x))


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_recurrent_layers_are_unrolled(
    library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    model = recurrent(__import__(library))
    model.save("model.keras")
    x, references = windows(), windows(4).reshape(2, 2, LENGTH, 4)
    with pytest.raises(UnsupportedOperationError) as caught:
        attribute(load_model("model.keras"), x, references, ["logit[0]"])
    message = str(caught.value)
    assert "second" in message
    lines = message[message.index("  new = ") :]
    exec("if True:\n" + lines, {"model": model, "keras": __import__(library)})
    found = attribute(load_model("unrolled.keras"), x, references, ["logit[0]"])["logit[0]"]
    expected = model.predict(x, verbose=0)[:, 0]
    np.testing.assert_allclose(found.target, expected, rtol=1e-5, atol=1e-6)
    assert np.abs(found.residual).max() < 1e-5 * found.mass.max()


class Published(tf.Module):
    """A model as those on TensorFlow Hub: a part with functions, and no signature."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.model = tf.Module()
        self.model.kernel = tf.Variable(
            np.random.default_rng(0).normal(size=(4, 2)), dtype="float32"
        )
        spec = tf.TensorSpec((None, LENGTH, 4), tf.float32)
        for name in names:
            setattr(self.model, name, tf.function(self.predict, input_signature=[spec]))

    def predict(self, x: tf.Tensor) -> dict[str, tf.Tensor]:
        profile = tf.nn.softplus(x @ self.model.kernel)
        return {"human": profile[..., 0], "mouse": tf.reduce_sum(profile[..., 1:], axis=1)}


def test_a_model_with_one_function_and_no_signature(tmp_path: Path) -> None:
    module = Published("predict_on_batch")
    tf.saved_model.save(module, str(tmp_path / "model"))
    model = load_model(tmp_path / "model")
    found = predict(model, windows())
    for head, values in module.predict(windows()).items():
        np.testing.assert_allclose(found[head], values, rtol=1e-5)


def test_a_signature_is_added(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = Published("predict_on_batch", "other")
    tf.saved_model.save(module, "published")
    with pytest.raises(ModelError, match=r"model\.other, model\.predict_on_batch") as caught:
        load_model("published")
    message = str(caught.value)
    lines = message[message.index("  model = ") :].replace("FUNCTION", "model.predict_on_batch")
    exec("if True:\n" + lines.replace("LENGTH", str(LENGTH)), {"tf": tf})
    found = predict(load_model("model"), windows())
    for head, values in module.predict(windows()).items():
        np.testing.assert_allclose(found[head], values, rtol=1e-5)


SUBCLASSES = """
import {library} as keras
from {library} import layers

class Net(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.motifs = layers.Conv1D(6, 5, activation="relu")
        self.pool, self.out = layers.GlobalMaxPooling1D(), layers.Dense(2)

    def get_config(self):
        return {{}}

    def call(self, x, training=False):
        return self.out(self.pool(self.motifs(x)))

class Named(Net):
    def call(self, inputs):
        return self.out(self.pool(self.motifs(inputs["seq"]))) + inputs["bias"]

class Two(Net):
    def call(self, x, bias):
        return self.out(self.pool(self.motifs(x))) + bias

def objects():
    return {{item.__name__: item for item in (Net, Named, Two)}}
"""


@pytest.mark.parametrize("library", ["keras", "tf_keras"])
def test_subclassed_models(library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their file holds the shape of the input with which they were called."""
    module = f"subclasses_of_{library}"
    (tmp_path / f"{module}.py").write_text(SUBCLASSES.format(library=library))
    monkeypatch.syspath_prepend(tmp_path)
    classes = __import__(module).objects()
    options = LoadOptions(custom_objects=f"{module}:objects")
    x, bias = windows(), np.ones((2, 1), "float32")
    model = classes["Net"]()
    expected = np.asarray(model(x))
    model.save(tmp_path / "net.keras")
    loaded = load_model(tmp_path / "net.keras", options)
    np.testing.assert_allclose(predict(loaded, x)[loaded.heads[0].name], expected, rtol=1e-5)
    again = load_model(tmp_path / "net.keras", options)  # as another fold: heads are named alike
    assert [head.name for head in again.heads] == [head.name for head in loaded.heads]
    model = classes["Named"]()
    expected = np.asarray(model({"seq": x, "bias": bias}))
    model.save(tmp_path / "named.keras")
    loaded = load_model(tmp_path / "named.keras", options)
    found = predict(loaded, x, bias=bias)[loaded.heads[0].name]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_subclassed_model_of_two_arguments_is_exported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "two_arguments.py").write_text(SUBCLASSES.format(library="keras"))
    monkeypatch.syspath_prepend(tmp_path)
    model = __import__("two_arguments").objects()["Two"]()
    x, bias = windows(), np.ones((2, 1), "float32")
    expected = np.asarray(model(x, bias))
    model.save(tmp_path / "two.keras")
    options = LoadOptions(custom_objects="two_arguments:objects")
    with pytest.raises(ModelError, match="called with x, bias") as caught:
        load_model(tmp_path / "two.keras", options)
    message = str(caught.value)
    lines = message[message.index("  inputs = ") :]
    lines = lines.replace("SHAPE), ...", f"({LENGTH}, 4)), keras.Input((1,))")
    monkeypatch.chdir(tmp_path)
    exec("if True:\n" + lines, {"keras": __import__("keras"), "model": model})
    loaded = load_model(tmp_path / "model")
    found = predict(loaded, x, **{loaded.controls[0].name: bias})[loaded.heads[0].name]
    np.testing.assert_allclose(found, expected, rtol=1e-5)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "it is empty"),
        (b"no model\n", "it is text"),
        (b"\x00\x01", "of another kind"),
        (b'{"class_name": "Sequential"}', r"JSON; .*architecture\.json\+weights\.h5"),
        (gzip.compress(b"a model", mtime=0), "packed with gzip"),
        (pickle.dumps([1]), "a Python pickle"),
        (b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        (b"<!DOCTYPE html>", "a failed download"),
        (b"\x1c\x00\x00\x00TFL3", "TensorFlow Lite"),
        (b"PK\x03\x04", "cut short"),
        (b"\x89HDF\r\n\x1a\n", "cut short"),
    ],
)
def test_files_of_other_kinds_are_said_to_be_what_they_are(
    tmp_path: Path, content: bytes, message: str
) -> None:
    (tmp_path / "model.h5").write_bytes(content)
    with pytest.raises(ModelError, match=message):
        load_model(tmp_path / "model.h5")


def test_archives_of_other_kinds(tmp_path: Path) -> None:
    for member, message in (
        ("archive/data.pkl", "PyTorch"),
        ("folder/saved_model.pb", "unpack it"),
        ("model.h5", "unpack it"),
    ):
        with zipfile.ZipFile(tmp_path / "model.keras", "w") as archive:
            archive.writestr(member, "")
        with pytest.raises(ModelError, match=message):
            load_model(tmp_path / "model.keras")


def test_the_advised_saved_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The call that the message names for a model that cannot be loaded, by the Keras it is of."""
    monkeypatch.chdir(tmp_path)
    for library in ("keras", "tf_keras"):
        package = __import__(library)

        class Own(package.layers.Layer):  # type: ignore[name-defined,misc]
            def __init__(self, factor: float, **options: Any) -> None:
                super().__init__(**options)
                self.factor = factor

            def get_config(self) -> dict[str, Any]:
                return super().get_config()  # forgets its factor, so that it cannot be loaded

            def call(self, x: Any) -> Any:
                return self.factor * x

        x0 = package.layers.Input((LENGTH, 4), name="sequence")
        x = package.layers.Flatten()(Own(3.0, name="own")(x0))
        model = package.Model(x0, package.layers.Dense(1, name="out")(x))
        model.save("model.keras")
        globals()["Own"] = Own
        Path("forgetful.py").write_text(
            "def objects():\n"
            "    import tests.models.test_ways_out as tests\n"
            "    return {'Own': tests.Own}\n"
        )
        with pytest.raises(ModelError, match="missing 1 required positional argument") as caught:
            load_model("model.keras", LoadOptions(custom_objects="forgetful:objects"))
        call = re.search(r"SavedModel folder: (model\.\w+)\('model'\)", str(caught.value))
        assert call
        getattr(model, call[1].removeprefix("model."))(f"folder_{library}")
        loaded = load_model(f"folder_{library}")
        found = predict(loaded, windows())[loaded.heads[0].name]
        np.testing.assert_allclose(found, model.predict(windows(), verbose=0), rtol=1e-5, atol=1e-6)
