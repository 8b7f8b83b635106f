"""Whole models: completeness, agreement with a slow twin, controls, wrong arguments."""

import re
from dataclasses import replace
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas
import pytest
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import codes_of, one_hot
from deeplift_genomics.dna.shuffle import dinucleotide_shuffle
from deeplift_genomics.engine.evaluated import Evaluated
from deeplift_genomics.errors import CompletenessError, InputError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.attribution_section import Attribution
from tests.attribution.models import LENGTH, bpnet, classifier, randomise, sequences


def assert_complete(model: Model, targets: tuple[str, ...], **options: object) -> None:
    """Assert that contributions add up to the difference in target."""
    windows, references = sequences(5, 4)
    for scores in attribute(model, windows, references, targets, **options).values():
        difference = scores.target[:, None] - scores.reference_target
        assert np.abs(scores.residual).max() < 1e-5 * scores.mass.max() + 1e-6 * scores.size.max()
        np.testing.assert_allclose(
            scores.contributions.sum(axis=(1, 2)), difference.mean(axis=1), atol=1e-5
        )
        assert scores.standard_error.shape == (5, LENGTH)
        assert np.abs(scores.hypothetical).max() > 0


def test_bpnet_is_complete_on_both_heads() -> None:
    assert_complete(from_keras(bpnet()), ("counts", "profile"))


def test_classifier_is_complete_on_every_logit() -> None:
    model = from_keras(classifier())
    assert model.heads[0].activation == "softmax"
    assert_complete(model, ("logit[0]", "logit[1]", "logit[2]"))


def test_attention_gates_and_norms_are_complete() -> None:
    """Products of live factors, quotients and softmax are compositions with rules of their own."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(8, 5, activation="gelu")(x0)
    x = layers.LayerNormalization()(x)
    x = layers.Add()([x, layers.MultiHeadAttention(2, 4)(x, x)])
    x = layers.GroupNormalization(2)(x)
    x = layers.Multiply()(
        [layers.Dense(8, activation="silu")(x), layers.Dense(8, activation="hard_sigmoid")(x)]
    )
    x = layers.SeparableConv1D(6, 3, activation="leaky_relu")(x)
    x = layers.Conv1DTranspose(4, 3, strides=2, activation="selu")(layers.UpSampling1D(2)(x))
    x = layers.PReLU()(layers.ZeroPadding1D(1)(x))
    x = keras.ops.log1p(keras.ops.abs(layers.Flatten()(x)))
    model = randomise(keras.Model(x0, layers.Dense(2, name="counts")(x)))
    assert_complete(from_keras(model), ("counts",))


def test_reverse_complement_averages_are_equivariant() -> None:
    """The same layers on a sequence and its reverse complement: scores turn round with it."""
    body = randomise(bpnet())
    x0 = layers.Input((LENGTH, 4), name="sequence")
    turned = keras.ops.flip(keras.ops.flip(x0, axis=1), axis=2)
    counts = layers.Average(name="counts")([body(x0)[1], body(turned)[1]])
    model = from_keras(keras.Model(x0, counts))
    assert_complete(model, ("counts:counts",))
    windows, references = sequences(2, 3)
    forward = attribute(model, windows, references, ["counts:counts"])["counts:counts"]
    back = attribute(
        model, windows[:, ::-1, ::-1], references[:, :, ::-1, ::-1], ["counts:counts"]
    )["counts:counts"]
    np.testing.assert_allclose(back.hypothetical[:, ::-1, ::-1], forward.hypothetical, atol=1e-6)


def test_controls_are_fixed_to_one_value(caplog: pytest.LogCaptureFixture) -> None:
    model = from_keras(bpnet(with_controls=True))
    assert model.sequence.name == "sequence"
    rng = np.random.default_rng(2)
    controls = {item.name: rng.normal(size=(5, *item.shape)) for item in model.controls}
    assert_complete(model, ("counts", "profile"), controls=controls)
    windows, references = sequences(5, 4)
    given = attribute(model, windows, references, controls=controls)["counts"]
    assert not caplog.messages
    zero = attribute(model, windows, references)["counts"]
    (message,) = caplog.messages
    assert message.startswith(f"model: zeros are taken for its controls {model.controls[0].name}, ")
    assert np.abs(given.target - zero.target).max() > 0.1
    with pytest.raises(InputError, match="no control input 'bias'; it has: control_logcount"):
        attribute(model, windows, references, controls={"bias": rng.normal(size=(5, 1))})
    with pytest.raises(InputError, match=r"shape \(4, 1\); \(5, 1\) is needed"):
        attribute(model, windows, references, controls={"control_logcount": np.zeros((4, 1))})


def test_scores_do_not_depend_on_batches_or_neighbours() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(7, 3)
    whole = attribute(model, windows, references, batch_size=1)
    for size in (2, 7, 20):
        other = attribute(model, windows, references, batch_size=size)
        for target in whole:
            np.testing.assert_allclose(
                other[target].hypothetical, whole[target].hypothetical, atol=1e-6
            )
    alone = attribute(model, windows[3:4], references[3:4], batch_size=1)
    np.testing.assert_array_equal(alone["counts"].hypothetical[0], whole["counts"].hypothetical[3])


def test_profile_target_by_hand() -> None:
    keras_model = bpnet()
    windows, references = sequences(2, 3)
    found = attribute(from_keras(keras_model), windows, references, ["profile"])["profile"]

    def centred(x: np.ndarray) -> np.ndarray:
        logits = keras_model([x])[0].numpy().astype(float)
        return logits - logits.mean(axis=1, keepdims=True)

    def softmax(x: np.ndarray) -> np.ndarray:
        return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

    for n in range(2):
        x, x0 = centred(windows[n : n + 1]), centred(references[n])
        weights = (softmax(x) + softmax(x0)) / 2
        np.testing.assert_allclose(found.target[n], (weights * x).sum(axis=1).mean(), rtol=1e-5)
        np.testing.assert_allclose(found.reference_target[n], (weights * x0).sum(axis=1), rtol=1e-4)


def test_one_reference_and_unknown_bases() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(2, 1)
    windows[:, 10:13], references[:, :, 10:13] = 0, 0
    scores = attribute(model, windows, references)["counts"]
    assert np.isnan(scores.standard_error).all()
    assert not scores.contributions[:, 10:13].any()
    assert not np.isnan(scores.hypothetical).any()


def test_nothing_to_score_gives_empty_arrays() -> None:
    windows, references = sequences(0, 2)
    scores = attribute(from_keras(bpnet()), windows, references)["profile"]
    assert scores.hypothetical.shape == (0, LENGTH, 4)
    assert scores.residual.shape == (0, 2)


@pytest.mark.parametrize(
    ("windows", "references", "message"),
    [
        ((2, 59, 4), (2, 3, 59, 4), r"needs \(N, 60, 4\)"),
        ((2, 4, 60), (2, 3, 4, 60), r"needs \(N, 60, 4\)"),
        ((2, 60, 4), (3, 2, 60, 4), r"\(2, R, 60, 4\) is needed"),
        ((2, 60, 4), (2, 60, 4), r"\(2, R, 60, 4\) is needed"),
        ((2, 60, 4), (2, 0, 60, 4), "0 references were given"),
    ],
)
def test_wrong_shapes_are_named(windows: tuple, references: tuple, message: str) -> None:
    with pytest.raises(InputError, match=message):
        attribute(from_keras(bpnet()), np.zeros(windows), np.zeros(references))


def test_strings_are_windows_and_references() -> None:
    model = from_keras(bpnet())
    texts = ["ACGTN" * 12, "gattaca" * 8 + "GATT"]
    shuffled = [dinucleotide_shuffle(text, 3) for text in texts]
    arrays = attribute(model, one_hot(texts), one_hot(shuffled, np.float32))["counts"]
    for windows, references in (
        (texts, shuffled),
        (np.array(texts), np.array(shuffled)),
        (pandas.Series(texts), shuffled),
    ):
        found = attribute(model, windows, references)["counts"]
        np.testing.assert_array_equal(found.hypothetical, arrays.hypothetical)
    # a single string is one window, and so are its references
    alone = attribute(model, texts[1], shuffled[1])["counts"]
    np.testing.assert_allclose(alone.hypothetical[0], arrays.hypothetical[1], atol=1e-6)
    assert alone.attributes == {"model": "model", "method": "DeepLIFT", "target": "counts"}


def test_without_references_those_of_a_run_are_drawn() -> None:
    model = from_keras(bpnet())
    windows, _ = sequences(3, 1)
    own = make_references(codes_of(windows), "dinucleotide_shuffle", 20, 1)
    expected = attribute(model, windows, own)["counts"]
    for size in (1, 2):
        found = attribute(model, windows, batch_size=size)["counts"]
        np.testing.assert_allclose(found.hypothetical, expected.hypothetical, atol=1e-6)
        np.testing.assert_allclose(found.reference_target, expected.reference_target, atol=1e-6)
    other = attribute(model, windows, seed=2)["counts"]
    assert np.abs(other.reference_target - expected.reference_target).max() > 1e-3
    # a method that compares with nothing draws none
    gradient = attribute(model, windows, method="gradient")["counts"]
    assert gradient.reference_target is None


@pytest.mark.parametrize(
    ("windows", "references", "message"),
    [
        (["ACGT" * 15, "ACGT"], None, "Sequence 1 has 4 bases and sequence 0 has 60"),
        ("ACGU" * 15, None, "The sequence holds 'U' at base 3 (from 0), which is neither"),
        ("ACGT", None, "Sequences have the shape (1, 4, 4); model needs (N, 60, 4)"),
        ([None], None, "Sequence 0 is None; expected a string"),
        (["ACGT" * 15], ["ACGT" * 15], "References have the shape (1, 60, 4)"),
    ],
)
def test_strings_that_do_not_fit_are_named(windows: Any, references: Any, message: str) -> None:
    windows = np.array(windows, object) if windows == [None] else windows
    with pytest.raises(InputError, match=re.escape(message)):
        attribute(from_keras(bpnet()), windows, references)


def test_a_wrong_rule_is_caught_by_completeness(monkeypatch: pytest.MonkeyPatch) -> None:
    from deeplift_genomics.engine import rules

    def gradient(op: Evaluated, multipliers: list) -> list:
        return rules.linear(op, multipliers)

    monkeypatch.setitem(rules.RULES, "Relu", gradient)
    windows, references = sequences(4, 3)
    with pytest.raises(CompletenessError, match=r"window \d+, reference \d+: residual"):
        attribute(from_keras(bpnet()), windows, references)


def test_saved_models_come_back_the_same(tmp_path: Path) -> None:
    keras_model = bpnet()
    windows, references = sequences(2, 2)
    before = attribute(from_keras(keras_model), windows, references)["counts"]
    for name in ("model.keras", "model.h5"):
        keras_model.save(tmp_path / name)
        loaded = load_model(tmp_path / name)
        assert len(loaded.digest) == 64
        after = attribute(loaded, windows, references)["counts"]
        np.testing.assert_array_equal(after.hypothetical, before.hypothetical)


def test_small_heads_are_held_to_completeness_too(monkeypatch: pytest.MonkeyPatch) -> None:
    from deeplift_genomics.engine import rules

    keras_model = bpnet()
    for variable in keras_model.get_layer("counts").variables:
        variable.assign(variable * 1e-6)
    windows, references = sequences(4, 3)
    model = from_keras(keras_model)
    attribute(model, windows, references, ["counts"])
    monkeypatch.setitem(rules.RULES, "Relu", lambda op, m: rules.linear(op, m))
    with pytest.raises(CompletenessError):  # of a copy, which has no function yet
        attribute(replace(model), windows, references, ["counts"])


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch_size": 2.5}, "window per batch"),
        ({"tolerance": float("nan")}, "tolerance"),
        ({"tolerance": 0}, "tolerance"),
        ({"rules": "gradient"}, "rescale"),
    ],
)
def test_settings_out_of_range(changed: dict, message: str) -> None:
    windows, references = sequences(1, 1)
    with pytest.raises(InputError, match=message):
        attribute(from_keras(bpnet()), windows, references, **changed)
    with pytest.raises(InputError, match="Sequence 0 holds '0' at base 0"):
        attribute(from_keras(bpnet()), windows.astype(str), references)


def test_values_that_are_not_one_hot() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(2, 2)
    for changed in (2 * windows, windows - 1, np.where(windows == 0, np.nan, windows)):
        with pytest.raises(InputError, match="Sequence 0 is not one-hot: base 0"):
            attribute(model, changed, references)
    with pytest.raises(InputError, match="not finite"):
        attribute(model, windows, references * np.nan)


def test_one_target_may_be_a_string_and_models_show_themselves_briefly() -> None:
    model = from_keras(bpnet())
    windows, references = sequences(1, 2)
    assert set(attribute(model, windows, references, "counts")) == {"counts"}
    assert len(repr(model)) < 2000


def test_the_signature_is_the_one_promised() -> None:
    """Callers may give all by position, but for what came with other methods and later."""
    defaults = Attribution()
    found = {name: item.default for name, item in signature(attribute).parameters.items()}
    none = Parameter.empty
    expected = [("model", none), ("sequences", none), ("references", None)]
    expected += [("targets", ("counts", "profile")), ("controls", None)]
    expected += [("rules", defaults.rules), ("batch_size", None)]
    expected += [("tolerance", defaults.tolerance), ("float64", defaults.float64)]
    expected += [("method", "deeplift"), ("options", None), ("seed", 1)]
    expected += [("convolutions", defaults.convolutions)]
    assert list(found.items()) == expected
    assert (defaults.rules, defaults.tolerance, defaults.float64) == ("rescale", 1e-3, False)
    kinds = [item.kind for item in signature(attribute).parameters.values()]
    assert kinds == [Parameter.POSITIONAL_OR_KEYWORD] * 9 + [Parameter.KEYWORD_ONLY] * 4
