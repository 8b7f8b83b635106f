"""Contributions to each position of a head against walks for single units; wrong arguments."""

from functools import cache

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics import attribute, attribute_outputs, dinucleotide_shuffle, one_hot
from deeplift_genomics.engine import rules
from deeplift_genomics.errors import CompletenessError, InputError, ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from tests.attribution.models import LENGTH, bpnet, randomise, sequences


@cache
def model() -> Model:
    """Build a model of a profile of two strands, one of a single strand, and many tracks."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    control = layers.Input((LENGTH - 12, 1), name="control")
    x = layers.Conv1D(6, 9, activation="relu")(x0)
    x = layers.Conv1D(6, 5, activation="relu")(x)
    profile = layers.Add(name="profile")([layers.Conv1D(2, 1)(x), control])
    single = layers.Flatten(name="single")(layers.Conv1D(1, 7)(x))
    bins = layers.Conv1D(5, 1, activation="softplus", name="bins")(layers.MaxPooling1D(4)(x))
    return from_keras(randomise(keras.Model([x0, control], [profile, single, bins])))


WINDOWS, REFERENCES = sequences(1, 3)
CONTROL = np.linspace(0, 1, LENGTH - 12)[:, None]


@pytest.mark.parametrize(
    ("head", "column", "units"),
    [
        ("single", None, "output:single[{0}]"),
        ("profile", 1, "track:profile[1,{0}:{1}]"),
        ("profile", None, "track:profile[0,{0}:{1}]+track:profile[1,{0}:{1}]"),
        ("bins", 3, "track:bins[3,{0}:{1}]"),
    ],
)
def test_contributions_are_those_to_single_units(head: str, column: int | None, units: str) -> None:
    positions = [7, 0, 2, 3, 9, 11]
    found = attribute_outputs(
        model(),
        WINDOWS[0],
        REFERENCES[0],
        head,
        positions,
        column=column,
        controls={"control": CONTROL},
    )
    assert found.hypothetical.shape == (6, LENGTH, 4)
    assert found.contributions.shape == (6, LENGTH)
    assert found.reference_target.shape == found.residual.shape == (6, 3)
    assert found.positions.tolist() == positions
    twin = [units.format(position, position + 1) for position in positions[:2]]
    expected = attribute(model(), WINDOWS, REFERENCES, twin, controls={"control": CONTROL[None]})
    for i, target in enumerate(twin):
        scores = expected[target]
        np.testing.assert_allclose(found.hypothetical[i], scores.hypothetical[0], atol=1e-6)
        np.testing.assert_allclose(found.target[i], scores.target[0], rtol=1e-6)
        np.testing.assert_allclose(
            found.contributions[i], scores.contributions[0].sum(axis=1), atol=1e-6
        )
    difference = found.target - found.reference_target.mean(axis=1)
    np.testing.assert_allclose(found.contributions.sum(axis=1), difference, atol=1e-5)


def test_all_positions_are_explained_in_float64_by_other_rules() -> None:
    found = attribute_outputs(
        model(), WINDOWS[0], REFERENCES[0], "single", rules="reveal_cancel", float64=True
    )
    assert found.hypothetical.dtype == np.float64
    assert len(found.positions) == LENGTH - 18
    assert np.abs(found.residual).max() < 1e-12
    far = np.abs(np.arange(LENGTH) - 9 - found.positions[:, None]) > 9 + 1
    assert not found.contributions[far].any()  # the model does not look so far
    assert found.contributions[~far].any()


def test_logits_are_explained_before_a_softmax() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    logits = layers.Flatten()(layers.Conv1D(1, 5)(layers.Conv1D(4, 5, activation="relu")(x0)))
    plain = randomise(keras.Model(x0, logits))
    normal = keras.Model(x0, layers.Softmax(name="profile")(logits))
    shared = from_keras(normal)
    as_it_is = attribute(shared, WINDOWS, REFERENCES, "output:profile[4]")["output:profile[4]"]
    found = attribute_outputs(shared, WINDOWS[0], REFERENCES[0], "profile", [4])
    np.testing.assert_allclose(found.target, plain(WINDOWS).numpy()[0, 4], rtol=1e-5)
    assert abs(as_it_is.target[0] - found.target[0]) > 1e-3  # a probability, of the same name


def test_each_position_must_add_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(rules.RULES, "Relu", rules.linear)
    with pytest.raises(CompletenessError, match=r"Target 'output:single\[5\]'.*\n  the window, "):
        attribute_outputs(model(), WINDOWS[0], REFERENCES[0], "single", [5])


@pytest.mark.parametrize(
    ("head", "options", "error", "message"),
    [
        ("singel", {}, ModelError, "no head 'singel'. Did you mean 'single'?"),
        ("single", {"positions": [42]}, InputError, "42 positions, numbered from 0, and no"),
        ("single", {"positions": [-1]}, InputError, "no position -1"),
        ("single", {"positions": [3, 3]}, InputError, "each once"),
        ("single", {"positions": []}, InputError, "at least one position"),
        ("bins", {}, ModelError, "Name a column from 0 to 4."),
        ("profile", {"column": 2}, ModelError, "no column 2"),
    ],
)
def test_wrong_arguments_are_refused_with_what_there_is(
    head: str, options: dict, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as refused:
        attribute_outputs(model(), WINDOWS[0], REFERENCES[0], head, **options)
    assert message in str(refused.value)


def test_shapes_are_those_of_one_window() -> None:
    with pytest.raises(InputError, match="shape"):
        attribute_outputs(from_keras(bpnet()), WINDOWS, REFERENCES, "profile")


def test_strings_and_default_references_are_those_of_attribute() -> None:
    text = "GATTACAC" * 7 + "ACGT"
    shared, shuffled = from_keras(bpnet()), dinucleotide_shuffle(text, 20, seed=1)
    expected = attribute_outputs(
        shared, one_hot(text), one_hot(shuffled, "float32"), "profile", [4]
    ).hypothetical
    for window, references in ((text, shuffled), (text, None), (one_hot(text), None)):
        found = attribute_outputs(shared, window, references, "profile", [4])
        np.testing.assert_allclose(found.hypothetical, expected, atol=1e-6)
    assert repr(found).startswith("OutputScores(positions (1,), sequence (60, 4), hypothetical (1,")
    with pytest.raises(InputError, match="expected what load_model returns"):
        attribute_outputs(bpnet(), text, None, "profile")
