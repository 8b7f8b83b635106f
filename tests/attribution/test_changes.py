"""Changes of targets from windows to mutants, against the Keras model."""

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.changes import Changes
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import bpnet, sequences

WINDOWS, MUTANTS = sequences(3, 3)
ROWS = np.array([2, 0, 0, 1, 2, 1, 0, 0, 2])
TARGETS = ["counts", "counts - profile", "profile_live_weights"]


@pytest.mark.parametrize(("float64", "size"), [(False, 4), (True, None)])
def test_changes_are_those_of_the_keras_model(float64: bool, size: int | None) -> None:
    keras_model = bpnet(with_controls=True)
    model = from_keras(keras_model)
    rng = np.random.default_rng(0)
    controls = {item.name: rng.random((3, *item.shape)) for item in model.controls}
    mutants = MUTANTS.reshape(-1, *WINDOWS.shape[1:])
    changes = Changes(model, find_targets(model, TARGETS), float64=float64, batch_size=size)
    start = changes.from_windows(WINDOWS, controls)
    found = start.to(mutants, ROWS)

    def outputs(x: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        logcount, profile = (
            controls[name][rows] for name in ("control_logcount", "control_profile")
        )
        logits, counts = (np.asarray(y, np.float64) for y in keras_model([logcount, x, profile]))
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
        centred = logits - logits.mean(axis=1, keepdims=True)
        return counts.sum(axis=1), centred, weights / weights.sum(axis=1, keepdims=True)

    (n, lc, p), (n0, lc0, p0) = outputs(mutants, ROWS), outputs(WINDOWS[ROWS], ROWS)
    profile = ((p + p0) / 2 * (lc - lc0)).sum(axis=1)
    expected = [n - n0, n - n0 - profile, (p * lc).sum(axis=1) - (p0 * lc0).sum(axis=1)]
    for target, values in zip(TARGETS, expected, strict=True):
        np.testing.assert_allclose(found[target], values, atol=3e-6)
        assert found[target].dtype == (np.float64 if float64 else np.float32)
    np.testing.assert_allclose(start.target["counts"][ROWS], n0, rtol=1e-5)


def test_a_window_has_no_change_from_itself_and_the_split_changes_nothing() -> None:
    model = from_keras(bpnet())
    changes = Changes(model, find_targets(model, ["profile"]), batch_size=4)
    start = changes.from_windows(WINDOWS, {})
    assert not start.to(WINDOWS, np.arange(3))["profile"].any()
    assert start.to(WINDOWS[:0], 0)["profile"].shape == (0,)
    mutants = MUTANTS.reshape(-1, *WINDOWS.shape[1:])
    together = start.to(mutants, ROWS)["profile"]
    apart = [start.to(mutants[i : i + 1], int(ROWS[i]))["profile"][0] for i in range(9)]
    np.testing.assert_array_equal(together, apart)


def test_a_model_that_mixes_windows_is_refused() -> None:
    x0 = layers.Input((60, 4))
    x = layers.Conv1D(3, 4)(x0)
    x = x - keras.ops.mean(x, axis=0, keepdims=True)
    mixing = from_keras(keras.Model(x0, layers.Dense(1, name="out")(layers.Flatten()(x))))
    with pytest.raises(ModelError, match="mixes the windows of a batch"):
        Changes(mixing, find_targets(mixing, ["logit[0]"]))
