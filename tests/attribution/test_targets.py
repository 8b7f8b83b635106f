"""Targets: each scalar and its multipliers against slow twins, on tensors and through a model."""

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.dna.shuffle import dinucleotide_shuffle
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.load import load_model
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.target_names import TARGET_KINDS, parse_target_name
from tests.attribution.target_twins import (
    Column,
    Twin,
    everything,
    fixed,
    halfway,
    live,
    mean,
    wn,
)

LENGTH = 12
PROFILES = tuple(kind for kind in TARGET_KINDS if kind.startswith("profile"))


@pytest.fixture(scope="module")
def keras_model() -> keras.Model:
    """A model with heads of every layout: strands last, first, one, none; counts; tasks; shares."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(5, 4, activation="relu", padding="same")(x0)
    flat = layers.Flatten()(x)
    outputs = [
        layers.Conv1D(2, 6, name="profile")(x),
        layers.Dense(7, name="flat_profile")(flat),
        layers.Reshape((2, 7), name="turned_profile")(layers.Dense(14)(flat)),
        layers.Conv1D(4, 6, name="tasks_profile")(x),
        layers.Reshape((2, 7, 3), name="deep_profile")(layers.Dense(42)(flat)),
        layers.Dense(2, name="counts")(flat),
        layers.Dense(3, name="tasks_counts")(flat),
        layers.Dense(3, activation="softmax", name="classes")(flat),
        layers.Dense(2, activation="sigmoid", name="tasks")(flat),
        layers.Softmax(axis=2, name="profile_of_shares")(layers.Conv1D(2, 6)(x)),
        layers.Dense(3, activation="softplus", name="tracks")(x),
    ]
    model = keras.Model(x0, outputs)
    rng = np.random.default_rng(5)
    for variable in model.variables:
        variable.assign(rng.normal(size=variable.shape) * 0.6)
    return model


@pytest.fixture(scope="module")
def model(keras_model: keras.Model) -> Model:
    return from_keras(keras_model)


def strands(n: int, step: int, first: int = 0) -> list[int]:
    return list(range(first, first + n * step, step))


# target, twin, columns as indices into the flattened head, and how the columns are joined
Row = tuple[str, Twin, list[list[int]], Callable[[Column], float]]
BOTH, PLUS, MINUS = strands(14, 1), strands(7, 2), strands(7, 2, 1)
FIRST, SECOND = strands(7, 1), strands(7, 1, 7)
TABLE: list[Row] = [
    ("counts:counts", everything, [[0, 1]], sum),
    ("counts:counts[1]", everything, [[1]], sum),
    ("counts:tasks_counts[2]", everything, [[2]], sum),
    ("logit:classes[1]", everything, [[1]], sum),
    ("output:classes[1]", everything, [[1]], sum),
    ("output:counts[0]", everything, [[0]], sum),
    ("track:profile[1,4:5]", everything, [[9]], sum),
    ("track:tracks[2]", everything, [strands(12, 3, 2)], sum),
    ("track[0,3:9]", everything, [strands(6, 3, 9)], sum),
    ("profile:profile", halfway, [BOTH], sum),
    ("profile:flat_profile", halfway, [strands(7, 1)], sum),
    ("profile:turned_profile", halfway, [BOTH], sum),
    ("profile:profile[1]", halfway, [MINUS], sum),
    ("profile:turned_profile[1]", halfway, [SECOND], sum),
    ("profile:tasks_profile[3]", halfway, [strands(7, 4, 3)], sum),
    ("profile_per_strand:profile", halfway, [PLUS, MINUS], sum),
    ("profile_per_strand:turned_profile", halfway, [FIRST, SECOND], sum),
    ("profile_per_strand:flat_profile", halfway, [strands(7, 1)], sum),
    ("profile_fixed_weights:profile", fixed, [BOTH], sum),
    ("profile_fixed_weights:turned_profile[0]", fixed, [FIRST], sum),
    ("profile_live_weights:profile", live, [BOTH], sum),
    ("profile_live_weights:flat_profile", live, [strands(7, 1)], sum),
    ("profile_wn:profile", wn, [PLUS, MINUS], mean),
    ("profile_wn:turned_profile", wn, [FIRST, SECOND], mean),
    ("profile_wn:tasks_profile[0]", wn, [strands(7, 4)], mean),
]
names = pytest.mark.parametrize("row", TABLE, ids=[row[0] for row in TABLE])


def twin_of(row: Row, x: np.ndarray, x0: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return multipliers of the shape of x, f(window) and f(reference), for one pair."""
    _, twin, columns, join = row
    m, values = np.zeros(x.size), []
    for column in columns:
        weight = 1 / len(columns) if join is mean else 1
        found, *scalars = twin([*x.ravel()[column]], [*x0.ravel()[column]])
        m[column] = np.multiply(found, weight)
        values.append(scalars)
    target, reference_target = (join(list(part)) for part in zip(*values, strict=True))
    return m.reshape(x.shape), target, reference_target


def test_every_kind_of_target_is_in_the_table() -> None:
    assert {re.split(r"[:\[]", row[0])[0] for row in TABLE} == set(TARGET_KINDS)


@names
def test_a_seed_equals_its_twin(row: Row, model: Model) -> None:
    target = find_targets(model, [row[0]])[row[0]]
    (head,), (make_seed,) = target.heads, target.seeds.values()
    rng = np.random.default_rng(7)
    x, x0 = (rng.normal(size=(3, *head.shape)) * 2 for _ in range(2))
    seed = make_seed(tf.constant(x), tf.constant(x0))
    assert seed.multiplier.shape == x.shape
    for i in range(3):
        m, value, reference_value = twin_of(row, x[i], x0[i])
        np.testing.assert_allclose(seed.multiplier[i], m, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(seed.target[i], value, rtol=1e-9)
        np.testing.assert_allclose(seed.reference_target[i], reference_value, rtol=1e-9)
        np.testing.assert_allclose((m * (x[i] - x0[i])).sum(), value - reference_value, rtol=1e-9)
        assert seed.size[i] >= max(abs(value), abs(reference_value)) - 1e-9


def pairs() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(8)
    windows = one_hot(rng.integers(0, 4, (2, LENGTH)), "float32")
    return windows, one_hot(rng.integers(0, 4, (2, 3, LENGTH)), "float32")


@pytest.fixture(scope="module")
def scores(model: Model) -> dict[str, Scores]:
    return attribute(model, *pairs(), [row[0] for row in TABLE])


def before_activation(keras_model: keras.Model, head: str, x: np.ndarray, name: str) -> np.ndarray:
    """Return a head's value; for logits, the value before its activation."""
    values = dict(zip(keras_model.output_names, keras_model(x), strict=True))[head].numpy()
    if name.startswith("logit"):
        layer = keras_model.get_layer(head)
        trunk = keras.Model(keras_model.input, layer.input)
        return trunk(x).numpy() @ layer.kernel.numpy() + layer.bias.numpy()
    return values


@names
def test_a_model_is_explained_completely(
    row: Row, scores: dict[str, Scores], keras_model: keras.Model
) -> None:
    found = scores[row[0]]
    head = (parse_target_name(row[0]).terms[0][1].head) or "tracks"
    windows, references = pairs()
    for n in range(2):
        x = before_activation(keras_model, head, windows[n : n + 1], row[0])[0].astype(float)
        x0 = before_activation(keras_model, head, references[n], row[0]).astype(float)
        expected = [twin_of(row, x, x0[k])[1:] for k in range(3)]
        np.testing.assert_allclose(found.target[n], np.mean(expected, axis=0)[0], rtol=1e-4)
        np.testing.assert_allclose(
            found.reference_target[n], [values[1] for values in expected], rtol=1e-4, atol=1e-5
        )
        difference = np.mean([values[0] - values[1] for values in expected])
        np.testing.assert_allclose(found.contributions[n].sum(), difference, rtol=1e-3, atol=1e-5)
    assert np.abs(found.residual).max() < 1e-5 * found.mass.max() + 1e-6 * found.size.max()


SUMS: dict[str, list[tuple[float, str]]] = {
    "counts:counts[0]-counts:counts[1]": [(1, "counts:counts[0]"), (-1, "counts:counts[1]")],
    "track[2] - track[0,3:9]": [(1, "track:tracks[2]"), (-1, "track[0,3:9]")],
    "0.5*counts:counts+2*profile:profile-profile_wn:turned_profile": [
        (0.5, "counts:counts"), (2, "profile:profile"), (-1, "profile_wn:turned_profile"),
    ],
    # one explained tensor lies on the way to the other
    "output:classes[1]-logit:classes[1]": [(1, "output:classes[1]"), (-1, "logit:classes[1]")],
    "3*counts:counts[1]": [(3, "counts:counts[1]")],
}  # fmt: skip


@pytest.mark.parametrize("rules", ["rescale", "reveal_cancel"])
def test_a_sum_of_targets_is_the_sum_of_their_scores(model: Model, rules: str) -> None:
    parts = sorted({part for terms in SUMS.values() for _, part in terms})
    found = attribute(model, *pairs(), [*SUMS, *parts], rules=rules)
    for text, terms in SUMS.items():
        assert {term.factor for term in find_targets(model, [text])[text].terms} == {
            factor for factor, _ in terms
        }
        size = sum(abs(factor) * found[part].size.max() for factor, part in terms)
        for array in ("hypothetical", "target", "reference_target"):
            expected = sum(factor * getattr(found[part], array) for factor, part in terms)
            np.testing.assert_allclose(
                getattr(found[text], array), expected, rtol=1e-4, atol=2e-6 * size
            )
        scores = found[text]
        assert np.abs(scores.hypothetical).max() > 1e-3
        assert np.abs(scores.residual).max() < 1e-5 * scores.mass.max() + 1e-6 * size


def test_a_sum_makes_one_walk_and_one_seed_for_each_tensor(model: Model) -> None:
    text = "counts:counts[0]-counts:counts[1]+profile:profile"
    target = find_targets(model, [text])[text]
    assert [head.name for head in target.heads] == ["counts", "profile"]
    assert len(target.seeds) == 2


@pytest.mark.parametrize("kind", PROFILES)
def test_scores_are_the_units_scores_weighted_by_the_multipliers(
    kind: str, model: Model, keras_model: keras.Model
) -> None:
    """Multipliers reach the sequence linearly, so that single units make up any target."""
    units = [f"track:profile[{i % 2},{i // 2}:{i // 2 + 1}]" for i in range(14)]
    windows, references = pairs()
    windows, references = windows[:1], references[:1, :1]
    found = attribute(model, windows, references, [f"{kind}:profile", *units])
    (row,) = (row for row in TABLE if row[0] == f"{kind}:profile")
    m, *_ = twin_of(
        row, *(keras_model(x)[0].numpy()[0].astype(float) for x in (windows, references[0]))
    )
    expected = sum(m.ravel()[i] * found[unit].hypothetical for i, unit in enumerate(units))
    np.testing.assert_allclose(found[f"{kind}:profile"].hypothetical, expected, atol=1e-5)


def test_the_profile_targets_differ(scores: dict[str, Scores]) -> None:
    for one, other in combinations(PROFILES, 2):
        a, b = (scores[f"{kind}:profile"].hypothetical for kind in (one, other))
        assert np.abs(a - b).max() > 0.02 * np.abs(a).max(), (one, other)


def test_an_output_is_explained_after_its_activation(
    scores: dict[str, Scores], keras_model: keras.Model
) -> None:
    probabilities = keras_model(pairs()[0])[7].numpy()[:, 1]
    np.testing.assert_allclose(scores["output:classes[1]"].target, probabilities, rtol=1e-5)
    assert (scores["output:classes[1]"].mass < scores["logit:classes[1]"].mass).all()


def test_all_columns_of_one_strand_are_that_strand(scores: dict[str, Scores], model: Model) -> None:
    """Nothing that is left out of a column leaks in: two strands alone add up to both."""
    windows, references = pairs()
    texts = ["profile:profile[0]", "profile:profile[1]"]
    plus, minus = attribute(model, windows, references, texts).values()
    both = scores["profile_per_strand:profile"]
    np.testing.assert_allclose(plus.hypothetical + minus.hypothetical, both.hypothetical, atol=1e-5)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            "profile",
            "has 6 profile heads; name one of them: 'profile:profile', 'profile:flat",
        ),
        ("profile_wn[1]", r"name one of them: 'profile_wn:profile\[1\]'"),
        ("counts:tasks_counts", r"3 units.*not summed.*'counts:tasks_counts\[0\]' to 'counts:task"),
        ("profile:tasks_profile", r"4 columns, more than the two strands.*tasks_profile\[3\]'\."),
        ("profile_per_strand:tasks_profile", "tasks are not summed"),
        ("profile:deep_profile", r"deep_profile \(2, 7, 3\): its axis of positions cannot be told"),
        ("counts:counts[2]", r"head counts \(2,\) has 2 units, numbered from 0"),
        ("profile:flat_profile[1]", r"head flat_profile \(7,\) has 1 column, numbered"),
        ("output:profile[9]", r"two axes.*track:profile\[0\] to track:profile\[1\], or over some"),
        ("output:tracks[9]", r"track:tracks\[0\] to track:tracks\[2\].*track:tracks\[0,6:7\]\."),
        ("output[3]", r"needs the head.*tracks \(12, 3\): tracks \(track:tracks\[0\] to track:tr"),
        ("output:deep_profile[42]", r"head deep_profile \(2, 7, 3\) has 42 units"),
        ("logit:tracks[9]", r"looks like a tracks head.*Name one of its tracks: track:tracks\[0\]"),
        (
            "counts:tracks[0]",
            r"looks like a tracks head.*Name one of its tracks: track:tracks\[0\]",
        ),
        ("profile:tracks[0]", r"looks like a tracks head.*Name one of its tracks: track:tracks"),
        ("track[3]", r"head tracks \(12, 3\) has 3 tracks, numbered from 0"),
        ("track[0,4:13]", r"head tracks \(12, 3\) has 12 bins, numbered from 0"),
        ("track:flat_profile[0]", r"has no axes \(bins, tracks\).*output:flat_profile\[0\]"),
        ("track:deep_profile[0]", r"has no axes \(bins, tracks\).*42 units: output:deep_profile"),
        ("counts:counts-counts", r"blanks around its sign: 'counts:counts - counts'"),
        ("counts:counts[0]-logit[1]", r"needs|has 2 logits heads"),
        ("output:profle[0]", "no head 'profle'. Did you mean 'profile'"),
        ("output[0]", r"'output\[0\]' needs the head as well.*The heads of model are: profile"),
        ("counts:profile[0]", "looks like a profile head"),
        *((f"{kind}:counts", "looks like a counts head") for kind in PROFILES),
        *((f"{kind}:profile_of_shares", "ends in S.* cannot be found") for kind in PROFILES),
    ],
)
def test_a_target_that_does_not_fit(target: str, message: str, model: Model) -> None:
    with pytest.raises(ModelError, match=message):
        find_targets(model, [target])


def test_a_head_of_one_value_has_no_profile_and_its_target_is_named() -> None:
    sequence = keras.Input((8, 4))
    value = keras.layers.Dense(1, name="y")(keras.layers.Flatten()(sequence))
    classifier = from_keras(keras.Model(sequence, value))
    for target, said in (
        (
            "counts",
            r"needs a counts head.* are: y \(1,\): logits\. Targets that suit them: logit\[0\]\.",
        ),
        ("y", r"The heads of .* Targets that suit them: logit\[0\]\."),
        ("profile:y", r"has one value.*logit:y\[0\] explains the value itself"),
    ):
        with pytest.raises(ModelError, match=said):
            find_targets(classifier, [target])


def test_the_version_is_known(model: Model) -> None:
    found = find_targets(model, [row[0] for row in TABLE])
    assert {target.version for target in found.values()} == {1}


def test_a_trained_model(shared_data: Path) -> None:
    trained = load_model(shared_data / "models" / "znf143_bpnet.h5")
    codes = np.random.default_rng(1).integers(0, 4, (1, trained.window_length))
    windows = one_hot(codes, "float32")
    found = attribute(trained, windows, dinucleotide_shuffle(windows, 2), ["counts", *PROFILES])
    for scores in found.values():
        difference = np.abs(scores.target[:, None] - scores.reference_target)
        assert np.abs(scores.residual).max() < 1e-4 * np.median(difference)
