"""Changes of heads of every kind, against the Keras model and by hand."""

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.predict import HeadValues, Predictor
from deeplift_genomics.attribution.profiles import profile_of
from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.effects.heads import Measure, measure_head
from deeplift_genomics.effects.meter import Meter
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Head
from tests.attribution.models import LENGTH, bpnet, classifier, randomise, sequences

WINDOWS, REFERENCES = sequences(5, 1)
CODES, BACKGROUNDS = codes_of(WINDOWS), codes_of(REFERENCES[:, 0])


def changes(models: list[keras.Model], targets: list[str]) -> tuple[Meter, np.ndarray]:
    meter = Meter(Predictor([from_keras(model) for model in models], batch_size=2), targets)
    base = meter.backgrounds(BACKGROUNDS)
    return meter, meter.changes(CODES[::-1], base, np.arange(5)[::-1])[::-1]


def everything() -> keras.Model:
    """Build a model of heads of all kinds, one of which has too many units."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(6, 5, activation="relu")(x0)
    flat = layers.Flatten()(x)
    outputs = [
        layers.Conv1D(2, 6, name="profile")(x),
        layers.Reshape((4, 30), name="tasks_profile")(layers.Dense(120)(flat)),
        layers.Conv1D(2, 6, activation="softplus", name="counted_profile")(x),
        layers.Dense(3, name="counts")(flat),
        layers.Dense(3, activation="softplus", name="bins")(layers.AveragePooling1D(8)(x)),
        layers.Dense(70, name="many_counts")(flat),
    ]
    return randomise(keras.Model(x0, outputs))


def softmax(x: np.ndarray, axis: int) -> np.ndarray:
    odds = np.exp(x - x.max(axis=axis, keepdims=True))
    return odds / odds.sum(axis=axis, keepdims=True)


def test_heads_of_every_kind_change_as_the_keras_model_says() -> None:
    model = everything()
    meter, found = changes([model], [])
    after, before = ([np.asarray(y) for y in model(x)] for x in (WINDOWS, REFERENCES[:, 0]))
    by_head = dict(zip(model.output_names, zip(after, before, strict=True), strict=True))
    expected: dict[Measure, np.ndarray] = {}
    for name, axis in (("profile", 1), ("tasks_profile", 2), ("counted_profile", 1)):
        p, p0 = by_head[name]
        if name == "counted_profile":
            p, p0 = (y / y.sum(axis=axis, keepdims=True) for y in (p, p0))
        else:
            p, p0 = softmax(p, axis), softmax(p0, axis)
        distance = np.abs(p - p0).sum(axis=axis) / 2
        if name == "tasks_profile":
            expected |= {Measure(name, unit, "shape"): distance[:, unit] for unit in range(4)}
        else:
            expected[Measure(name, None, "shape")] = distance.mean(axis=1)
    y, y0 = by_head["counts"]
    expected |= {Measure("counts", unit, "output"): (y - y0)[:, unit] for unit in range(3)}
    y, y0 = by_head["bins"]
    expected |= {Measure("bins", i, "output"): (y - y0).sum(axis=1)[:, i] for i in range(3)}
    assert list(meter.measures) == list(expected)
    np.testing.assert_allclose(found.T, list(expected.values()), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    ("make", "target"),
    [(bpnet, "counts"), (bpnet, "profile"), (bpnet, "profile_wn - counts"),
     (classifier, "logit[1]"), (classifier, "output:classes[1]")],
)  # fmt: skip
def test_the_target_changes_as_attribution_says(make: type, target: str) -> None:
    model = make()
    meter, found = changes([model], [target])
    assert meter.measures[0] == Measure(target, None, "target")
    scores = attribute(from_keras(model), WINDOWS, REFERENCES, [target])[target]
    assert scores.reference_target is not None
    expected = scores.target - scores.reference_target[:, 0]
    if make is bpnet and target.startswith("profile"):  # weights of window and reference
        expected = scores.contributions.sum(axis=(1, 2))
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-4, atol=1e-5)


def test_folds_are_measured_one_by_one() -> None:
    models = [randomise(bpnet(), seed) for seed in (3, 4)]
    one, other = (changes([model], ["profile"])[1] for model in models)
    np.testing.assert_allclose(changes(models, ["profile"])[1], (one + other) / 2, rtol=1e-5)


def test_a_head_of_many_units_is_not_measured(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        assert measure_head(Head("many", (70,), "logits", "x:0")).measures == ()
    assert "head many has 70 units, more than 64" in caplog.text


def test_shapes_by_hand() -> None:
    head = Head("profile", (2, 1), "profile", "x:0")
    values = np.log([[[1.0], [3.0]]])
    found = profile_of(head, HeadValues(values, values))
    assert found is not None
    np.testing.assert_allclose(found, [[[0.25, 0.75]]])
    assert profile_of(Head("counts", (2,), "counts", "x:0"), HeadValues(values, values)) is None


def test_a_target_of_a_head_without_values_is_refused() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Dense(2)(layers.Flatten()(x0))
    mixing = layers.Lambda(lambda x: x - keras.ops.mean(x, axis=0))(x)
    model = from_keras(randomise(keras.Model(x0, {"a": x, "b": mixing})))
    with pytest.raises(ModelError, match="explains the head b, which gives a window no value"):
        Meter(Predictor([model]), ["output:b[0]"])
