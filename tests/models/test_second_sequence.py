"""Models of several sequences: the reverse complement, and a second sequence that is held fixed."""

import re
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics import LoadOptions, attribute, load_model
from deeplift_genomics.attribution.description import describe_models
from deeplift_genomics.attribution.request import Request
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.errors import DeepLiftGenomicsError, InputError, ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.input_forms import parse_inputs
from tests.models.helpers import LENGTH, predict, windows

PROMOTER = "ACGTTGCAACGTnAC"


def reversed_complement(x: Any) -> Any:
    return x[:, ::-1, ::-1]


def tower(name: str = "tower") -> keras.Model:
    x = layers.Input((None, 4))
    hidden = layers.Conv1D(6, 5, activation="relu")(x)
    return keras.Model(x, layers.GlobalMaxPooling1D()(hidden), name=name)


def joined(*towers: Any) -> Any:
    """Return one number from towers; the activation makes them depend on each other."""
    return layers.Dense(1, name="out")(
        layers.Dense(4, activation="softplus")(layers.Concatenate()(list(towers)))
    )


def siamese(shape: tuple[int | None, ...] = (LENGTH, 4)) -> keras.Model:
    """Return a model of a window and its reverse complement, both through one tower."""
    keras.utils.set_random_seed(0)
    a, b, shared = layers.Input(shape, name="sequence"), layers.Input(shape, name="rc"), tower()
    return keras.Model([a, b], joined(shared(a), shared(b)))


def enhancer_and_promoter(length: int | None = len(PROMOTER)) -> keras.Model:
    """Return a model whose second sequence has its channels first."""
    keras.utils.set_random_seed(1)
    enhancer, promoter = layers.Input((LENGTH, 4), name="e"), layers.Input((4, length), name="p")
    second = tower("second")(layers.Permute((2, 1))(promoter))
    return keras.Model({"e": enhancer, "p": promoter}, joined(tower()(enhancer), second))


def of_one_input(model: keras.Model, others: Any) -> Model:
    """Return the slow twin: the same function of the window alone, built in Keras by hand."""
    x = layers.Input((LENGTH, 4), name="sequence")
    return from_keras(keras.Model(x, model(others(x))))


def explained(model: Model) -> Scores:
    references = windows(8)[2:].reshape(2, 3, LENGTH, 4)
    return attribute(model, windows(), references, "logit[0]")["logit[0]"]


def with_inputs(text: str) -> LoadOptions:
    return LoadOptions(inputs=parse_inputs(text))


def fasta(folder: Path, text: str = PROMOTER) -> Path:
    path = folder / "promoter.fa"
    path.write_text(f">TATA box\n{text}\n")
    return path


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model"])
def test_a_reverse_complement_is_explained_through_both(tmp_path: Path, name: str) -> None:
    keras_model = siamese()
    if name == "model":
        keras_model.export(tmp_path / name, verbose=False)
    else:
        keras_model.save(tmp_path / name)
    model = load_model(tmp_path / name, with_inputs("rc=reverse_complement_of:sequence"))
    assert (model.sequence.name, model.controls) == ("sequence", ())
    assert "rc (30, 4): reverse complement of sequence" in model.describe()
    expected = keras_model([windows(), reversed_complement(windows())])
    np.testing.assert_allclose(*predict(model, windows()).values(), expected, rtol=1e-5)
    twin = of_one_input(keras_model, lambda x: [x, layers.Lambda(reversed_complement)(x)])
    found = explained(model)
    np.testing.assert_allclose(found.hypothetical, explained(twin).hypothetical, atol=1e-7)
    request = Request(("logit[0]",), Config(), with_inputs("rc=reverse_complement_of:sequence"), ())
    answer = describe_models([tmp_path / name], request).text
    assert "\n  input     rc (30, 4): reverse complement of sequence\n" in answer
    # the tower sees the same bases, in whichever of both the window is
    other = load_model(tmp_path / name, with_inputs("sequence=reverse_complement_of:rc"))
    assert other.sequence.name == "rc"


def test_a_window_of_open_length_and_its_reverse_complement() -> None:
    options = LoadOptions(window_length=LENGTH, inputs={"rc": "reverse_complement_of:sequence"})
    found = explained(from_keras(siamese((None, 4)), options=options))
    given = from_keras(siamese(), options=with_inputs("rc=reverse_complement_of:sequence"))
    np.testing.assert_array_equal(found.hypothetical, explained(given).hypothetical)


@pytest.mark.parametrize("length", [len(PROMOTER), None])
def test_a_second_sequence_is_held_fixed(tmp_path: Path, length: int | None) -> None:
    keras_model = enhancer_and_promoter(length)
    model = from_keras(keras_model, options=LoadOptions(inputs={"p": fasta(tmp_path)}))
    assert (model.sequence.name, model.controls) == ("e", ())
    assert "p (4, 15): held fixed at TATA of promoter.fa" in model.describe()
    promoter = one_hot(encode(PROMOTER), "float32").T[None]
    twin = of_one_input(
        keras_model,
        lambda x: {"e": x, "p": layers.Lambda(lambda t: promoter + 0 * t[:, :1, :1])(x)},
    )
    found, expected = explained(model), explained(twin)
    np.testing.assert_allclose(found.target, expected.target, rtol=1e-6)
    np.testing.assert_allclose(found.hypothetical, expected.hypothetical, atol=1e-7)


def test_a_fixed_sequence_and_its_reverse_complement(tmp_path: Path) -> None:
    shapes = {"e": (LENGTH, 4), "p": (15, 4), "r": (15, 1, 4), "c": (2,)}
    inputs = [layers.Input(shape, name=name) for name, shape in shapes.items()]
    flat = [layers.Flatten()(x) for x in inputs]
    keras_model = keras.Model(inputs, joined(*flat))
    options = with_inputs(f"p={fasta(tmp_path)},r=reverse_complement_of:p")
    model = from_keras(keras_model, options=options)
    assert [item.name for item in model.controls] == ["c"]
    promoter = np.repeat(one_hot(encode(PROMOTER), "float32")[None], 2, axis=0)
    control = np.ones((2, 2), "float32")
    backwards = reversed_complement(promoter)[:, :, None]
    expected = keras_model([windows(), promoter, backwards, control])
    (found,) = predict(model, windows(), c=control).values()
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_second_sequence_of_each_window() -> None:
    keras_model = siamese()
    model = from_keras(keras_model, options=with_inputs("rc=control"))
    given = {"rc": reversed_complement(windows())}
    found = attribute(model, windows(), windows(2)[:, None, ::-1], "logit[0]", controls=given)
    expected = keras_model([windows(), given["rc"]])[:, 0]
    np.testing.assert_allclose(found["logit[0]"].target, expected, rtol=1e-6)


def test_a_control_of_the_shape_of_a_sequence() -> None:
    model = from_keras(siamese(), options=with_inputs("rc=control"))
    assert [item.name for item in model.controls] == ["rc"]
    assert "rc (30, 4): control" in model.describe()


@pytest.mark.parametrize("form", ["reverse_complement_of:", "FILE.fa", "control"])
def test_the_advice_is_followed(tmp_path: Path, form: str) -> None:
    keras_model = siamese()
    with pytest.raises(ModelError, match="more than one input") as caught:
        from_keras(keras_model)
    (text,) = re.findall(rf"\b(\w+={re.escape(form)}\S*)", str(caught.value))
    text = text.strip(",").replace("FILE.fa", str(fasta(tmp_path, "A" * LENGTH)))
    model = from_keras(keras_model, options=with_inputs(text))
    assert np.abs(explained(model).residual).max() < 1e-5


def test_of_another_length_nothing_is_the_reverse_complement() -> None:
    with pytest.raises(ModelError, match="more than one input") as caught:
        from_keras(enhancer_and_promoter())
    assert "reverse_complement_of" not in str(caught.value)
    assert "p=FILE.fa" in str(caught.value)


@pytest.mark.parametrize(
    ("build", "inputs", "message"),
    [
        (siamese, "rx=control", "has no input 'rx'; it has: sequence, rc"),
        (siamese, "rc=reverse_complement_of:seq", "names no other input; there are: sequence"),
        (siamese, "rc=reverse_complement_of:rc", "names no other input; there are: sequence"),
        (siamese, "rc=control,sequence=control", "no input is left to be the sequence"),
        (
            siamese,
            "rc=reverse_complement_of:sequence,sequence=control",
            "no input is left to be the sequence",
        ),
        (siamese, "rc=FASTA", "holds a sequence of 15 bp, but the input rc takes 30 bp"),
        (siamese, "rc=nothing.fa", "nothing.fa"),
        (siamese, "rc=control:30", "has not one open size. Write rc=control"),
        (
            enhancer_and_promoter,
            "p=reverse_complement_of:e",
            "p has 15 bp and e 30 bp, so the one cannot be the reverse complement",
        ),
    ],
)
def test_what_cannot_be_given(tmp_path: Path, build: Any, inputs: str, message: str) -> None:
    options = with_inputs(inputs.replace("FASTA", str(fasta(tmp_path))))
    with pytest.raises(DeepLiftGenomicsError, match=re.escape(message)):
        from_keras(build(), options=options)


def test_one_sequence_for_all_windows(tmp_path: Path) -> None:
    path = fasta(tmp_path)
    path.write_text(path.read_text() * 2 + ">c\nACGT\n")
    with pytest.raises(InputError, match="twice"):
        from_keras(enhancer_and_promoter(), options=with_inputs(f"p={path}"))
    path.write_text(">a\nACGT\n>b\nACGT\n")
    with pytest.raises(InputError, match=r"holds 2 sequences \(a, b\).*Give a file with that one"):
        from_keras(enhancer_and_promoter(), options=with_inputs(f"p={path}"))


def test_other_inputs_hold_no_bases() -> None:
    inputs = [layers.Input((LENGTH, 4), name="x"), layers.Input((LENGTH, 2), name="bias")]
    model = keras.Model(inputs, joined(*(layers.Flatten()(x) for x in inputs)))
    for form in ("reverse_complement_of:x", "p.fa"):
        with pytest.raises(InputError, match="cannot hold bases"):
            from_keras(model, options=with_inputs(f"bias={form}"))
    assert from_keras(model, options=with_inputs("bias=control")).controls[0].name == "bias"
