"""Targets that are alike share one compiled walk, and get the scores of walks of their own."""

from collections.abc import Sequence
from functools import cache

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.alike import FEW
from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.scores import AXES
from deeplift_genomics.engine import alike, propagate
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from tests.attribution.models import LENGTH, randomise, sequences

UNITS = range(7)
# one target of each group for a unit; with "counts" there is one that is like no other
GROUPS = {
    "unit": "logit:classes[{0}]",
    "bins of a track": "track:bins[{0},{0}:{1}]",
    "difference": "logit:classes[{0}]-0.5*logit:classes[{1}]",
    "profile of a task": "profile:tasks[{0}]",
    "live weights": "profile_live_weights:tasks[{0}]",
    "two heads": "logit:classes[{0}]+track:bins[{1}]",
}
METHODS = {
    "deeplift": {},
    "reveal_cancel": {"rules": "reveal_cancel"},
    "gradient": {"method": "gradient"},
    "lrp": {"method": "lrp"},
}


@cache
def model() -> Model:
    """Build a model of many tasks, with rules that use values of their operation."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(6, 5, activation="relu")(x0)
    gate = layers.Conv1D(6, 1, activation="sigmoid")(x)
    tasks = layers.Conv1D(8, 3, name="tasks")(x)
    x = layers.MaxPooling1D(4)(layers.Multiply()([x, gate]))
    bins = layers.Conv1D(9, 3, activation="softplus", name="bins")(x)
    classes = layers.Dense(9, activation="sigmoid", name="classes")(layers.Flatten()(x))
    return from_keras(randomise(keras.Model(x0, [tasks, bins, classes])))


def targets(units: Sequence[int], groups: Sequence[str]) -> list[str]:
    """Return the targets of some groups for some units, mixed."""
    return [GROUPS[group].format(unit, unit + 1) for unit in units for group in groups]


@pytest.mark.parametrize("name", METHODS)
def test_a_shared_walk_gives_the_scores_of_walks_of_their_own(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of targets are cut, and the last is not full."""
    windows, references = sequences(3, 4)
    options = METHODS[name]
    groups = [*GROUPS]
    if name != "deeplift":
        groups = ["unit", "two heads", "live weights"]
    if name in ("lrp", "gradient"):
        references = None
    own = attribute(model(), windows, references, targets([0, 6], groups), **options)
    monkeypatch.setattr(alike, "KEPT", 3 * 4 * LENGTH * 4)
    wanted = targets(UNITS, groups)
    shared = attribute(model(), windows, references, wanted, batch_size=2, **options)
    assert [*shared] == wanted
    for target, expected in own.items():
        for array in AXES:
            one, other = shared[target].array(array), expected.array(array)
            assert (one is None) == (other is None)
            if one is not None:
                scale = np.nanmax(np.abs(expected.size if array == "residual" else other))
                np.testing.assert_allclose(one, other, atol=3e-5 * scale, err_msg=array)


def test_another_unit_is_not_built_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    walk_back = propagate.walk_back
    monkeypatch.setattr(propagate, "walk_back", lambda *args: built.append(0) or walk_back(*args))
    windows, references = sequences(1, 4)
    numbers = {}
    for number in (FEW, FEW + 1, 9):
        built.clear()
        attribute(model(), windows, references, [f"logit:classes[{i}]" for i in range(number)])
        numbers[number] = len(built)
    assert numbers == {FEW: FEW, FEW + 1: 1, 9: 1}


def test_the_last_block_of_a_group_is_as_large_as_the_others() -> None:
    kept = 20 * 2114 * 4
    assert [alike.block_size(n, kept) for n in (1, 5, 47, 48, 160)] == [1, 5, 47, 24, 40]
    assert alike.block_size(7, 10 * alike.KEPT) == 1
