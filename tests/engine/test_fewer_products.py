"""Scores by minimal filtering and by direct convolutions are the same but for rounding."""

from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.errors import InputError
from deeplift_genomics.graph import fewer_products, minimal_filtering
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model
from tests.attribution.models import randomise

LENGTH, CHANNELS = 160, 8
METHODS: dict[str, dict[str, Any]] = {
    "deeplift": {},
    "reveal_cancel": {"rules": "reveal_cancel"},
    "gradient": {"method": "gradient"},
    "integrated_gradients": {"method": "integrated_gradients", "options": {"steps": 3}},
    "lrp": {"method": "lrp"},
}


@cache
def model(padding: str) -> Model:
    """Build a BPNet; its last layer has fewer channels than are worth it."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(CHANNELS, 7, padding=padding, activation="relu")(x0)
    for i, filters in enumerate((CHANNELS, CHANNELS, 3)):
        y = layers.Conv1D(filters, 3, padding=padding, dilation_rate=2**i, activation="relu")(x)
        kept = layers.Cropping1D((x.shape[1] - y.shape[1]) // 2)(x)
        x = layers.add([y, kept]) if filters == CHANNELS else y
    profile = layers.Flatten(name="profile")(layers.Conv1D(1, 9, padding=padding)(x))
    counts = layers.Dense(1, name="counts")(layers.GlobalAveragePooling1D()(x))
    return from_keras(randomise(keras.Model(x0, [profile, counts])))


def sequences(n: int, r: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    windows, references = (rng.integers(0, 4, shape) for shape in ((n, LENGTH), (n, r, LENGTH)))
    return np.eye(4, dtype=np.float32)[windows], np.eye(4, dtype=np.float32)[references]


@pytest.fixture(autouse=True)
def _few_are_worth_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fewer_products, "MANY", CHANNELS)


@pytest.mark.parametrize(
    ("name", "padding"), [("deeplift", "same"), *((name, "valid") for name in METHODS)]
)
def test_scores_differ_by_rounding(name: str, padding: str) -> None:
    windows, references = sequences(2, 3)
    given = references if name in ("deeplift", "reveal_cancel", "integrated_gradients") else None
    fast, direct = (
        attribute(model(padding), windows, given, **METHODS[name], convolutions=form, tolerance=0.1)
        for form in ("fast", "direct")
    )
    for target, scores in direct.items():
        largest = np.abs(scores.hypothetical).max()
        found = fast[target].hypothetical
        assert 0 < np.abs(found - scores.hypothetical).max() <= 5e-6 * largest


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_half_of_the_convolutions_are_chosen(padding: str) -> None:
    frozen = model(padding).frozen.made_faster(fewer_products=True)
    found = sorted((item.dilation, item.left) for item in frozen.minimal.values())
    # a dilated convolution of padding "same" is one of padding "valid" after a padding
    assert found == ([(1, 1), (2, 0)] if padding == "same" else [(1, 0), (2, 0)])
    assert not model(padding).frozen.made_faster().minimal


@pytest.mark.parametrize("what", ["a GPU", "no compiler"])
def test_none_are_chosen_with(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if what == "a GPU":
        monkeypatch.setattr(tf.config, "get_visible_devices", lambda kind: ["one"])
    else:
        monkeypatch.setattr(minimal_filtering, "can_compile", lambda: False)
    assert not model("valid").frozen.made_faster(fewer_products=True).minimal


def test_other_windows_of_a_batch_change_no_bit() -> None:
    windows, references = sequences(3, 2)
    some = attribute(model("valid"), windows[:2], references[:2], ["counts"], batch_size=2)
    others = attribute(model("valid"), windows[1:], references[1:], ["counts"], batch_size=2)
    first, second = some["counts"].hypothetical, others["counts"].hypothetical
    np.testing.assert_array_equal(first[1], second[0])


@pytest.mark.parametrize(
    ("file", "length"), [("znf143_bpnet.h5", 500), ("chrombpnet_bias_gm12878.h5", 2114)]
)
def test_scores_of_real_models_differ_by_rounding(
    file: str, length: int, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """These models have 64 and 128 channels: minimal filtering is right there, but not faster."""
    monkeypatch.setattr(fewer_products, "MANY", 64)
    real = load_model(shared_data / "models" / file)
    assert len(real.frozen.made_faster(fewer_products=True).minimal) >= 4
    windows = one_hot(np.random.default_rng(0).integers(0, 4, (1, length)), np.float32)
    references = windows[:, None, ::-1]
    fast, direct, double = (
        attribute(real, windows, references, **how)
        for how in ({}, {"convolutions": "direct"}, {"float64": True})
    )
    for target, scores in double.items():
        largest = np.abs(scores.hypothetical).max()
        for other in (direct[target], scores):
            assert np.abs(fast[target].hypothetical - other.hypothetical).max() <= 5e-6 * largest


def test_other_names_are_refused() -> None:
    with pytest.raises(InputError, match="'winograd'; expected fast or direct"):
        attribute(model("valid"), *sequences(1, 1), convolutions="winograd")
