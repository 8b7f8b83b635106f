"""Effects on heads of every kind: against Keras called directly."""

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.design.outcomes import Changed, Outcomes
from deeplift_genomics.design.table import DIFFERENCE, FOLD, SHAPE, Outcome
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.freezing import from_keras

LENGTH = 24
RNG = np.random.default_rng(3)
CODES = RNG.integers(0, 4, (3, LENGTH)).astype(np.int8)
OTHERS = RNG.integers(0, 4, (5, LENGTH)).astype(np.int8)
ROWS = np.array([0, 2, 2, 1, 0])


def model(name: str, units: int, activation: str = "linear", bins: int = 0) -> keras.Model:
    """Build a model with a profile and one more head."""
    keras.utils.set_random_seed(7)
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(6, 5, padding="same", activation="relu")(x0)
    profile = layers.Conv1D(2, 3, padding="same", name="profile")(x)
    if bins:
        y = layers.AveragePooling1D(LENGTH // bins)(x)
        y = layers.Conv1D(units, 1, activation=activation, name=name)(y)
    else:
        y = layers.Dense(units, activation=activation, name=name)(
            layers.GlobalAveragePooling1D()(x)
        )
    return keras.Model(x0, [profile, y])


def effects(built: keras.Model, *targets: str) -> tuple[list[Outcome], np.ndarray]:
    """Return the outcomes after the profile's, and their effects (N, K)."""
    found = Outcomes(Predictor([from_keras(built)]), targets)
    base = found.windows(CODES, {})
    values = found.measure(base, Changed(OTHERS, ROWS))
    assert found.outcomes[0] == Outcome(SHAPE, "profile")
    return found.outcomes[1:], values[:, 1:]


def called(built: keras.Model) -> tuple[np.ndarray, np.ndarray]:
    """Return the second head before and after, as Keras gives it."""
    return tuple(
        np.asarray(built(one_hot(codes, "float32"))[1], np.float64)
        for codes in (CODES[ROWS], OTHERS)
    )  # type: ignore[return-value]


def test_strands_of_counts_are_averaged_as_logarithms() -> None:
    """0.911 as the sum of two strands' logs is 1.577-fold."""
    built = model("counts", 2)
    before, after = called(built)
    outcomes, values = effects(built, "counts")
    assert outcomes == [Outcome(FOLD, "counts")]
    expected = (after - before).sum(axis=1) / 2 / np.log(2)
    np.testing.assert_allclose(values[:, 0], expected, rtol=1e-3, atol=1e-5)
    assert 2 ** (0.911 / 2 / np.log(2)) == pytest.approx(1.577, abs=1e-3)


def test_tasks_of_counts_are_apart() -> None:
    built = model("counts", 3)
    before, after = called(built)
    outcomes, values = effects(built, "counts[1]")
    assert outcomes == [Outcome(FOLD, "counts", unit) for unit in range(3)]
    np.testing.assert_allclose(values, (after - before) / np.log(2), rtol=1e-3, atol=1e-5)


def test_expected_counts_have_ratios() -> None:
    built = model("counts", 1, "softplus")
    before, after = called(built)
    outcomes, values = effects(built)
    assert outcomes == [Outcome(FOLD, "counts")]
    np.testing.assert_allclose(values, np.log2(after / before), rtol=1e-3, atol=1e-5)


def test_tracks_have_ratios_of_their_sums() -> None:
    built = model("signal", 5, "softplus", bins=6)
    before, after = (y.sum(axis=1) for y in called(built))
    outcomes, values = effects(built)
    assert outcomes == [Outcome(FOLD, "signal", unit) for unit in range(5)]
    np.testing.assert_allclose(values, np.log2(after / before), rtol=1e-3, atol=1e-5)


def test_other_heads_have_differences() -> None:
    built = model("logit", 3, "sigmoid")
    before, after = called(built)
    outcomes, values = effects(built, "logit[1]")
    assert outcomes == [Outcome(DIFFERENCE, "logit", unit) for unit in range(3)]
    np.testing.assert_allclose(values, after - before, rtol=1e-3, atol=1e-5)


def test_of_a_head_with_many_units_the_explained_ones_are_told() -> None:
    built = model("classes", 70, "sigmoid")
    before, after = (np.log(y / (1 - y)) for y in called(built))
    outcomes, values = effects(built, "logit[69]", "profile")
    assert outcomes == [Outcome(DIFFERENCE, "logit[69]")]
    np.testing.assert_allclose(values[:, 0], (after - before)[:, 69], rtol=1e-3, atol=1e-5)
