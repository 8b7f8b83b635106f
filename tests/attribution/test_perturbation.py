"""In-silico mutagenesis, occlusion, LIME and KernelSHAP beyond the cases of every method."""

import itertools
import math
from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers, ops

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.engine.reach import reach
from deeplift_genomics.errors import ConfigError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from tests.attribution.models import LENGTH, bpnet, randomise, sequences

WINDOWS, REFERENCES = sequences(2, 2)


@pytest.fixture(scope="module")
def keras_model() -> keras.Model:
    return bpnet()


@pytest.fixture(scope="module")
def model(keras_model: keras.Model) -> Model:
    return from_keras(keras_model)


# --- in-silico mutagenesis -------------------------------------------------------------------


def test_mutagenesis_calls_the_model_base_by_base(keras_model: keras.Model, model: Model) -> None:
    windows = WINDOWS.copy()
    windows[0, 20] = 0  # an unknown base has four mutants
    found = attribute(
        model,
        windows,
        None,
        ["counts", "profile"],
        batch_size=2,
        method="in_silico_mutagenesis",
        options={"span": [15, 25]},
    )

    def outputs(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        logits, counts = (np.asarray(y, np.float64)[0] for y in keras_model([x[None]]))
        return logits, counts.sum()

    for row, place in itertools.product(range(2), range(15, 25)):
        x, change = windows[row], {"counts": np.zeros(4), "profile": np.zeros(4)}
        l0, n0 = outputs(x)
        p0 = softmax(l0)
        for base in range(4):
            mutant = x.copy()
            mutant[place] = np.eye(4)[base]
            logits, counts = outputs(mutant)
            moved = logits - l0 - (logits - l0).mean()
            change["counts"][base] = counts - n0
            change["profile"][base] = ((softmax(logits) + p0) / 2 * moved).sum()
        for target, values in change.items():
            scores = found[target].hypothetical[row, place]
            np.testing.assert_allclose(scores, values - values.mean(), atol=3e-6)
    for scores in found.values():
        outside = np.ones(LENGTH, bool)
        outside[15:25] = False
        assert np.isnan(scores.hypothetical[:, outside]).all()
        assert np.isfinite(scores.hypothetical[:, ~outside]).all()


def softmax(logits: np.ndarray) -> np.ndarray:
    weights = np.exp(logits - logits.max())
    return weights / weights.sum()


def test_bases_out_of_reach_score_0() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 5, activation="relu")(x0)
    tracks = layers.Conv1D(3, 3, dilation_rate=2, activation="softplus", name="tracks")(
        layers.Cropping1D(6)(x)
    )
    model = from_keras(randomise(keras.Model(x0, tracks)))
    bins = tracks.shape[1]
    found = attribute(
        model,
        WINDOWS[:1],
        None,
        ["track[0,0:1]", f"track[1,{bins - 1}:{bins}]"],
        method="in_silico_mutagenesis",
    )
    first, last = (np.flatnonzero(of.hypothetical.any(axis=(0, 2))) for of in found.values())
    assert first.tolist() == [*range(6, 6 + 9)]
    assert last.tolist() == [*range(LENGTH - 6 - 9, LENGTH - 6)]


def test_a_span_outside_the_window(model: Model) -> None:
    options = {"span": [50, 61]}
    with pytest.raises(ConfigError, match=r"\[50, 61\], and windows have 60 bases"):
        attribute(model, WINDOWS, method="in_silico_mutagenesis", options=options)


# --- the receptive field ---------------------------------------------------------------------


def head(name: str) -> Callable:
    """Return what comes after the bases 10 to 19 in a model."""
    return {
        "sum": lambda x: ops.sum(x, axis=(1, 2)),
        "differences": lambda x: x[:, 2:] - x[:, :-2],
        "turned": lambda x: ops.flip(ops.transpose(x, (0, 2, 1)), axis=1),
        "product": lambda x: x * ops.mean(x, axis=1, keepdims=True),
        "attention": lambda x: ops.softmax(x @ ops.transpose(x, (0, 2, 1))) @ x,
        "max pooling": layers.MaxPooling1D(2),
        "normalised": layers.LayerNormalization(axis=1),
        "choice": lambda x: ops.where(x > 0.5, x, ops.roll(x, 1, axis=1)),
        "whole numbers": lambda x: ops.one_hot(ops.argmax(x, axis=-1), 4),
        "upsampled": layers.UpSampling1D(2),
        "transposed": layers.Conv1DTranspose(2, 3, kernel_initializer="zeros"),
        "zero weights": layers.Conv1D(2, 10, kernel_initializer="zeros"),
    }[name]  # fmt: skip


HEADS = [
    *("sum", "differences", "turned", "product", "attention", "max pooling", "normalised"),
    *("choice", "whole numbers", "upsampled", "transposed", "zero weights"),
]


@pytest.mark.parametrize("name", HEADS)
def test_no_base_is_taken_for_out_of_reach(name: str) -> None:
    x0 = layers.Input((30, 4), name="sequence")
    y = head(name)(x0[:, 10:20])
    frozen = from_keras(
        keras.Model(x0, layers.Flatten()(y) if len(y.shape) > 2 else y[:, None])
    ).frozen
    (tensor,) = frozen.outputs.values()
    found = reach(frozen, "sequence", 30, controls={}, reads={tensor: lambda y: y * 0 + 1})
    exact = name != "whole numbers"  # which are not followed
    assert np.flatnonzero(found).tolist() == [*(range(10, 20) if exact else range(30))]


def test_only_what_is_read_is_reached() -> None:
    x0 = layers.Input((30, 4), name="sequence")
    frozen = from_keras(keras.Model(x0, layers.Conv1D(3, 5, strides=2)(x0))).frozen
    (tensor,) = frozen.outputs.values()
    read = np.zeros((1, 13, 3), np.float32)
    read[0, 4, 1] = -2
    found = reach(frozen, "sequence", 30, controls={}, reads={tensor: lambda y: y * 0 + read})
    assert np.flatnonzero(found).tolist() == [8, 9, 10, 11, 12]


# --- occlusion -------------------------------------------------------------------------------


@pytest.mark.parametrize("by", ["unknown", "shuffle"])
def test_stretches_replaced_without_references(
    by: str, keras_model: keras.Model, model: Model
) -> None:
    def counts(x: np.ndarray) -> float:
        return float(np.asarray(keras_model([x[None]])[1], np.float64).sum())

    options = {"length": 60, "stride": 60, "by": by, "draws": 2}
    found = [
        attribute(
            model,
            WINDOWS,
            None,
            "counts",
            batch_size=n,
            method="occlusion",
            options=options,
            seed=4,
        )["counts"].positions
        for n in (1, 2)
    ]
    assert found[0] is not None
    np.testing.assert_allclose(found[0], found[1], atol=1e-5)
    assert (found[0] == found[0][:, :1]).all()  # one stretch
    for window, (score, *_) in zip(WINDOWS, found[0], strict=True):
        if by == "unknown":
            assert score == pytest.approx(counts(window) - counts(window * 0), abs=1e-5)
        else:
            assert score != 0
    if by == "shuffle":
        repeats = np.zeros_like(WINDOWS)
        repeats[..., 1] = 1  # a shuffle of one base is the same
        same = attribute(model, repeats, None, "counts", method="occlusion", options=options)
        assert not same["counts"].contributions.any()


# --- surrogates ------------------------------------------------------------------------------


def test_all_samples_give_exact_shapley_values(keras_model: keras.Model, model: Model) -> None:
    window, reference = WINDOWS[0], REFERENCES[0, 0]
    found = attribute(
        model,
        window[None],
        reference[None, None],
        "counts",
        method="kernel_shap",
        options={"segment": 8, "samples": 254},
    )["counts"]
    kept = np.array([*itertools.product((False, True), repeat=8)])
    bases = np.repeat(kept, 8, axis=1)[:, :LENGTH, None]
    values = np.asarray(keras_model([np.where(bases, window, reference)])[1], np.float64).sum(
        axis=1
    )
    of = dict(zip(map(tuple, kept), values, strict=True))
    for i in range(8):
        total = 0.0
        for z in kept[~kept[:, i]]:
            s, with_it = int(z.sum()), z.copy()
            with_it[i] = True
            weight = math.factorial(s) * math.factorial(7 - s) / math.factorial(8)
            total += weight * (of[tuple(with_it)] - of[tuple(z)])
        bases_of = slice(8 * i, min(8 * i + 8, LENGTH))
        assert found.positions is not None
        assert found.positions[0, bases_of].sum() == pytest.approx(total, abs=3e-6)


@pytest.mark.parametrize("float64", [False, True])
def test_shapley_values_add_up_whatever_is_drawn(model: Model, float64: bool) -> None:
    windows = WINDOWS.copy()
    windows[0, :12] = 0  # a segment without a known base, and one with some
    references = REFERENCES * windows.any(axis=-1)[:, None, :, None]
    for options in ({"segment": 10, "samples": 7}, {"segment": 60}, {"segment": 7, "samples": 60}):
        found = attribute(
            model,
            windows,
            references,
            "profile",
            float64=float64,
            method="kernel_shap",
            options=options,
            tolerance=1e-5,
        )["profile"]
        assert found.reference_target is not None and found.positions is not None
        difference = found.target - found.reference_target.mean(axis=1)
        total = found.contributions.sum(axis=(1, 2))
        np.testing.assert_allclose(total, difference, rtol=1e-6 if float64 else 1e-4)
        assert not found.positions[0, :10].any() or options["segment"] != 10


def test_a_window_without_a_known_base(model: Model) -> None:
    nothing = np.zeros_like(WINDOWS[:1])
    for method in ("lime", "kernel_shap"):
        found = attribute(model, nothing, nothing[None], "counts", method=method)["counts"]
        assert not found.contributions.any()


def test_lime_finds_the_segment_that_matters() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x0, ops.sum(x0[:, 20:30, 0], axis=1, keepdims=True)))
    windows, references = np.zeros((1, LENGTH, 4)), np.zeros((1, 1, LENGTH, 4))
    windows[..., 0] = references[..., 1] = 1
    found = attribute(model, windows, references, "logit[0]", method="lime")["logit[0]"].positions
    assert found is not None
    by_segment = found.reshape(6, 10).sum(axis=1)
    assert by_segment[2] == pytest.approx(10, rel=0.1)
    assert np.abs(np.delete(by_segment, 2)).max() < 1


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("occlusion", {"length": 61}, "'length' of occlusion is 61, and windows have 60 bases"),
        ("lime", {"segment": 61}, "'segment' of lime is 61, and windows have 60 bases"),
        ("lime", {"samples": 6}, "60 bases have 6 segments of 10; expected at least 7 samples"),
        ("kernel_shap", {"segment": 7, "samples": 9}, "9 segments of 7; expected at least 10"),
    ],
)
def test_stretches_and_samples_that_do_not_fit(
    model: Model, method: str, options: dict, message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        attribute(model, WINDOWS, REFERENCES, "counts", method=method, options=options)
