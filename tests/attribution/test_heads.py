"""Targets find their heads, or the message lists the heads."""

from collections import OrderedDict
from itertools import pairwise

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import LENGTH, bpnet, explainer, randomise, sequences


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("counts:profil", "Did you mean 'profile'"),
        ("logit[0]", "needs a logits head"),
        ("counts:nothing", r"profile \(76,\): profile; counts \(2,\): counts"),
    ],
)
def test_heads_that_do_not_exist(target: str, message: str) -> None:
    windows, references = sequences(1, 1)
    with pytest.raises(ModelError, match=message):
        attribute(from_keras(bpnet()), windows, references, [target])


def test_several_heads_of_a_kind_must_be_named() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(x0)
    names = ("a_counts", "b_counts")
    model = from_keras(keras.Model(x0, [layers.Dense(1, name=name)(x) for name in names]))
    windows, references = sequences(1, 1)
    with pytest.raises(ModelError, match="'counts:a_counts', 'counts:b_counts'"):
        attribute(model, windows, references, ["counts"])
    both = attribute(model, windows, references, ["counts:a_counts", "counts:b_counts"])
    values = [scores.target[0] for scores in both.values()]
    assert all(a != b for a, b in pairwise(values))


def test_heads_keep_their_names_whatever_holds_them() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(layers.Conv1D(3, 5, activation="relu")(x0))
    z, a = layers.Dense(1)(x), layers.Dense(2)(x)
    windows, references = sequences(1, 1)
    for outputs, names in (
        (OrderedDict([("zz", z), ("aa", a)]), ("zz", "aa")),
        ({"zz": z, "aa": a}, ("zz", "aa")),
        ({"n": {"zz": z, "aa": a}}, ("n/zz", "n/aa")),
    ):
        model = randomise(keras.Model(x0, outputs))
        found = attribute(
            from_keras(model), windows, references, [f"counts:{name}" for name in names]
        )
        result = model(windows)
        result = result.get("n", result)
        for key, name in zip(("zz", "aa"), names, strict=True):
            expected = result[key].numpy().sum()
            np.testing.assert_allclose(found[f"counts:{name}"].target, expected, rtol=1e-5)


@pytest.mark.parametrize("end", ["concatenate", "average", "softmax over strands"])
def test_probabilities_are_never_explained_as_logits(end: str) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Flatten()(layers.Conv1D(3, 5)(x0))
    one, two = (layers.Dense(1, activation="sigmoid")(x) for _ in range(2))
    output, target = {
        "concatenate": (layers.Concatenate(name="tasks")([one, two]), "logit[0]"),
        "average": (layers.Average(name="task")([one, two]), "logit[0]"),
        "softmax over strands": (
            layers.Softmax(axis=2, name="profile")(layers.Conv1D(2, 3)(x0)),
            "profile",
        ),
    }[end]
    with pytest.raises(ModelError, match="ends in S"):
        explainer(from_keras(keras.Model(x0, output)), [target], 2)


def test_a_target_that_does_not_suit_its_head() -> None:
    model = from_keras(bpnet())
    for target in ("profile:counts", "counts:profile"):
        with pytest.raises(ModelError, match="makes no sense"):
            explainer(model, [target], 2)
