"""Layouts of the sequence, kinds of inputs, and heads with their explained tensors."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics import attribute
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.freezing import from_keras
from tests.models.helpers import LENGTH, predict, windows


def conv2d(*kernel: int) -> Any:
    """Return a layer over positions and channels, and over all of an axis of size 1."""
    return layers.Conv2D(3, kernel, activation="relu")


@pytest.mark.parametrize(
    ("shape", "layout", "first"),
    [
        ((LENGTH, 4), "(L, 4)", lambda x: layers.Conv1D(3, 5, activation="relu")(x)),
        (
            (4, LENGTH),
            "(4, L)",
            lambda x: layers.Conv1D(3, 5, activation="relu")(layers.Permute((2, 1))(x)),
        ),
        ((LENGTH, 4, 1), "(L, 4, 1)", conv2d(5, 4)),
        ((LENGTH, 1, 4), "(L, 1, 4)", conv2d(5, 1)),
        ((1, LENGTH, 4), "(1, L, 4)", conv2d(1, 5)),
        ((1, 4, LENGTH), "(1, 4, L)", conv2d(1, 1)),
        ((4, LENGTH, 1), "(4, L, 1)", conv2d(4, 5)),
        ((4, 1, LENGTH), "(4, 1, L)", conv2d(2, 1)),
    ],
)
def test_layouts_are_explained_alike(shape: tuple[int, ...], layout: str, first: Any) -> None:
    keras.utils.set_random_seed(0)
    x0 = layers.Input(shape, name="sequence")
    counts = layers.Dense(1, name="counts")(layers.Flatten()(first(x0)))
    keras_model = keras.Model(x0, counts)
    model = from_keras(keras_model)
    assert (model.layout, model.sequence.shape) == (layout, (LENGTH, 4))
    assert ("which the model takes as" in model.describe()) == (layout != "(L, 4)")
    turned = windows().swapaxes(1, 2) if layout.index("4") < layout.index("L") else windows()
    own = turned.reshape(2, *shape)
    expected = keras_model.predict(own, verbose=0)
    np.testing.assert_allclose(predict(model, windows())["counts"], expected, rtol=1e-5)
    references = windows(6)[2:].reshape(2, 2, LENGTH, 4)
    scores = attribute(model, windows(), references, ["counts"])["counts"]
    assert scores.hypothetical.shape == (2, LENGTH, 4)
    difference = scores.target - scores.reference_target.mean(axis=1)
    np.testing.assert_allclose(scores.contributions.sum(axis=(1, 2)), difference, atol=1e-5)


@pytest.mark.parametrize("shape", [(4, LENGTH), (4, 1, LENGTH), (4, LENGTH, 1), (1, 4, LENGTH)])
def test_channels_first_as_keras_has_it(shape: tuple[int, ...]) -> None:
    x0 = layers.Input(shape, name="sequence")
    kernel = [min(5, size) for size in shape[1:]]
    convolution = layers.Conv1D if len(kernel) == 1 else layers.Conv2D
    x = convolution(3, kernel, activation="relu", data_format="channels_first")(x0)
    model = from_keras(keras.Model(x0, layers.Dense(1, name="counts")(layers.Flatten()(x))))
    references = windows(6)[2:].reshape(2, 2, LENGTH, 4)
    scores = attribute(model, windows(), references, ["counts"])["counts"]
    assert np.abs(scores.residual).max() < 1e-5 * scores.mass.max()


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ({"x": (4, 4)}, "either axis"),
        ({"x": (LENGTH, 4), "y": (LENGTH, 4)}, r"more than one input .*: x, y\..*x \(30, 4\), y"),
        ({"seq_a": (LENGTH, 4), "seq_b": (4, LENGTH)}, "more than one .*: seq_a, seq_b"),
        ({"dna": (LENGTH, 4), "bias_profile": (LENGTH, 4)}, "more than one .*: dna, bias_profile"),
        ({"x": (LENGTH, 4), "motif": (3, 4)}, "more than one .*: x, motif"),
        ({"x": (LENGTH, 5)}, r"no input of shape \(L, 4\).*nor \(4, L\) or \(L, 4, 1\)"),
        ({"x": (LENGTH, 4, 2)}, "no input of shape"),
        ({"x": (1, 4, 4)}, "either axis"),
        ({"x": (None, 4)}, "length of input x is open"),
        ({"x": (4, None)}, "length of input x is open"),
        ({"x": (1, 4, None)}, "length of input x is open"),
        ({"x": (LENGTH, 4), "c": (None, 2)}, "shape of input c is open"),
    ],
)
def test_inputs_that_cannot_be_told(shapes: dict[str, tuple], message: str) -> None:
    inputs = [layers.Input(shape, name=name) for name, shape in shapes.items()]
    parts = [layers.Dense(1)(layers.Lambda(_total)(x)) for x in inputs]
    output = layers.Add()(parts) if len(parts) > 1 else parts[0]
    output = layers.Identity(name="out")(output)
    with pytest.raises(ModelError, match=message) as caught:
        from_keras(keras.Model(inputs, output))
    if message != "either axis":
        assert "Its heads are: out (1)." in str(caught.value)


def test_layers_before_a_model_make_its_input() -> None:
    x0 = layers.Input((4 * LENGTH,), name="x")
    flat = keras.Model(x0, layers.Dense(1, name="counts")(x0))
    with pytest.raises(ModelError, match=r"Put layers before it that make its input from \(L, 4\)"):
        from_keras(flat)
    whole = keras.Sequential([layers.Input((LENGTH, 4)), layers.Flatten(), flat])
    found = predict(from_keras(whole), windows())
    np.testing.assert_allclose(*found.values(), flat(windows().reshape(2, -1)), rtol=1e-5)


def _total(x: Any) -> Any:
    return keras.ops.sum(x, axis=list(range(1, len(x.shape))), keepdims=False)[:, None]


@pytest.mark.parametrize(
    ("shapes", "found"),
    [
        ({"x": (LENGTH, 4), "control": (1, 4)}, "x"),
        ({"dna": (LENGTH, 4), "control": (1, 4)}, "dna"),
        ({"x": (LENGTH, 4), "control_logcount": (4, 1)}, "x"),
        ({"x": (LENGTH, 4), "control_logcount": (4, 2)}, "x"),
        ({"a": (LENGTH, 2), "b": (LENGTH, 4, 1), "c": (1,)}, "b"),
    ],
)
def test_the_sequence_among_controls(shapes: dict[str, tuple], found: str) -> None:
    inputs = [layers.Input(shape, name=name) for name, shape in shapes.items()]
    output = layers.Add()([layers.Dense(1)(layers.Lambda(_total)(x)) for x in inputs])
    model = from_keras(keras.Model(inputs, output))
    assert model.sequence.name == found
    assert {item.name: item.shape for item in model.controls} == {
        name: shape for name, shape in shapes.items() if name != found
    }


LOGITS = layers.Dense(6, name="before")


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (lambda x: layers.Activation("sigmoid")(x), "logits sigmoid"),
        (lambda x: layers.Reshape((3, 2))(layers.Activation("sigmoid")(x)), "logits sigmoid"),
        (lambda x: layers.Activation("sigmoid")(layers.Reshape((3, 2))(x)), "logits sigmoid"),
        (lambda x: layers.Softmax()(layers.Reshape((3, 2))(x)), "logits softmax"),
        (
            lambda x: layers.Flatten()(layers.Softmax()(layers.Reshape((3, 2))(x))),
            "logits softmax",
        ),
        (lambda x: keras.ops.squeeze(layers.Softmax()(x[:, None]), axis=1), "logits softmax"),
        # transposed before and after: units are in order again
        (lambda x: layers.Softmax(axis=1)(layers.Reshape((3, 2))(x)), "logits softmax"),
        # transposed after only: the units of the output are in another order
        (
            lambda x: layers.Permute((2, 1))(layers.Softmax()(layers.Reshape((3, 2))(x))),
            "logits None",
        ),
        (
            lambda x: layers.Permute((2, 1))(
                layers.Activation("sigmoid")(layers.Permute((2, 1))(layers.Reshape((3, 2))(x)))
            ),
            "logits sigmoid",
        ),
        (lambda x: x, "logits None"),
        (lambda x: layers.Activation("sigmoid")(x)[:, ::-1], "logits None"),
        (lambda x: layers.Activation("sigmoid")(x)[:, :3], "logits None"),
    ],
)
def test_what_is_explained_of_a_classifier(ending: Any, expected: str) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    logits = layers.Dense(6)(layers.Flatten()(x0))
    keras_model = keras.Model(x0, [ending(logits), logits])
    for_logits = keras.Model(x0, logits)
    model = from_keras(keras.Model(x0, keras_model(x0)[0]))
    (head,) = model.heads
    assert f"{head.kind} {head.activation}" == expected
    if head.activation is None:
        return
    assert f"explained before its {head.activation}" in model.describe()
    references = windows(3)[2:].reshape(1, 1, LENGTH, 4)
    found = attribute(model, windows(1), references, ["logit[1]"])["logit[1]"]
    expected_logit = for_logits.predict(windows(1), verbose=0)[:, 1]
    np.testing.assert_allclose(found.target, expected_logit, rtol=1e-5)


@pytest.mark.parametrize(
    ("ending", "activation"),
    [
        (lambda x: layers.Softmax(axis=1)(x), "softmax"),
        (lambda x: layers.Softmax()(layers.Flatten()(x)), "softmax"),
        (lambda x: layers.Softmax(axis=2)(x), None),  # over strands, so not of a profile
        (lambda x: layers.Softmax()(layers.Permute((2, 1))(x)), "softmax"),  # (strands, positions)
    ],
)
def test_profiles_after_their_softmax(ending: Any, activation: str | None) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    profile = layers.Identity(name="profile")(ending(layers.Conv1D(2, 3)(x0)))
    (head,) = from_keras(keras.Model(x0, profile)).heads
    assert (head.kind, head.activation) == ("profile", activation)
