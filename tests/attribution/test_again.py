"""Calls again on the same model: nothing is compiled anew, and nothing outlives the model."""

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

import deeplift_genomics.attribution.changes as changes
import deeplift_genomics.attribution.method as method
import deeplift_genomics.attribution.predict as predict
from deeplift_genomics import attribute
from deeplift_genomics.attribution.outputs import explainer_of_outputs
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.methods import METHODS, choose
from tests.attribution.models import LENGTH, bpnet, randomise, sequences

WINDOWS, REFERENCES = sequences(3, 2)


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of what was compiled, at each time."""
    found: list[str] = []
    for module in (method, changes, predict):

        def count(
            *given: Any, module: Any = module, make: Any = module._compile, **named: Any
        ) -> Any:
            found.append(module.__name__.rpartition(".")[2])
            return make(*given, **named)

        monkeypatch.setattr(module, "_compile", count)
    return found


def test_the_same_call_compiles_nothing(compiled: list[str]) -> None:
    model = from_keras(bpnet())
    calls: list[dict[str, Any]] = [
        {},
        {"float64": True},
        {"targets": ["counts"]},
        {"method": "gradient", "references": None},
        {"method": "smoothgrad", "references": None, "options": {"samples": 2}},
        {"method": "smoothgrad", "references": None, "options": {"samples": 3}},
    ]
    before = [attribute(model, WINDOWS, **{"references": REFERENCES} | call) for call in calls]
    assert compiled == ["method"] * len(calls)
    for call, found in zip(calls, before, strict=True):
        again = attribute(model, WINDOWS, **{"references": REFERENCES} | call)
        for target, scores in found.items():
            np.testing.assert_array_equal(again[target].hypothetical, scores.hypothetical)
    assert len(compiled) == len(calls)


def test_predictions_and_changes_are_compiled_once(compiled: list[str]) -> None:
    model = from_keras(bpnet())
    for _ in range(2):
        predict.Predictor([model])(WINDOWS)
        told = changes.Changes(model, find_targets(model, ["counts"])).from_windows(WINDOWS, {})
        told.to(REFERENCES[:, 0], np.arange(len(WINDOWS)))
    assert compiled == ["predict", "changes"]


def job(model: Model, **changed: Any) -> method.Job:
    chosen = choose("deeplift")
    known = method.Job(model, find_targets(model, ["counts"]), 1, 2, False, chosen, "rescale", 0)
    return replace(known, **changed)


def test_each_field_of_a_job_is_part_of_its_key() -> None:
    model = from_keras(bpnet())
    others = {
        "targets": find_targets(model, ["profile"]),
        "n_windows": 2,
        "n_references": 3,
        "float64": True,
        "chosen": choose("gradient"),
        "rules": "reveal_cancel",
        "convolutions": "direct",
        "plain": True,
        "seed": 1,
    }
    rest = {item.name for item in fields(method.Job)} - {"model"} - others.keys()
    others |= dict.fromkeys(rest, "another value")  # a field that was added later
    keys = {job(model, **{name: value}).key for name, value in others.items()}
    assert len(keys | {job(model).key}) == len(others) + 1
    assert job(model).key == job(replace(model)).key


def test_what_a_target_reads_is_part_of_the_key() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x0, layers.Conv1D(2, 5, name="profile")(x0)))
    both = [
        explainer_of_outputs(
            model,
            "profile",
            [3],
            column=column,
            n_references=2,
            rules="rescale",
            tolerance=1e-3,
            float64=False,
            convolutions="fast",
        )
        for column in (0, 1)
    ]
    assert both[0].targets.keys() == both[1].targets.keys()  # "output:profile[3]", of two strands
    assert both[0]._run is not both[1]._run


def test_each_method_has_a_key_of_its_own() -> None:
    model = from_keras(bpnet())
    for _ in range(2):
        assert len({job(model, chosen=choose(name)).key for name in METHODS}) == len(METHODS)


def test_threads_share_one_compilation(compiled: list[str]) -> None:
    model = from_keras(bpnet())
    with ThreadPoolExecutor(2) as pool:
        calls = [pool.submit(attribute, model, WINDOWS, REFERENCES) for _ in range(4)]
        found = [call.result()["counts"].hypothetical for call in calls]
    assert compiled == ["method"]
    for values in found[1:]:
        np.testing.assert_array_equal(values, found[0])


def test_nothing_outlives_the_model() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(layers.Conv1D(16, 5, activation="relu", name="wide")(x0))
    wide = layers.Dense(80, activation="relu")(x)  # 71,680 weights, which stay outside the graph
    model = from_keras(randomise(keras.Model(x0, layers.Dense(1, name="counts")(wide))))
    weights = [weakref.ref(value) for value in model.frozen.weights.values()]
    for options in ({}, {"float64": True}, {"method": "occlusion"}, {"method": "grad_cam"}):
        references = None if "method" in options and options["method"] == "grad_cam" else REFERENCES
        attribute(model, WINDOWS, references, ["counts"], **options)
    assert len(model.compiled) == 4
    assert len({id(value) for value in model.frozen.casts.values()}) == 1
    gc.collect()
    gone = weakref.ref(model)
    gc.disable()
    try:
        del model
        assert gone() is None  # without a search for circles
    finally:
        gc.enable()
    gc.collect()  # TensorFlow's own graphs are circles
    assert weights
    assert all(weight() is None for weight in weights)
