"""What is kept of the predictions, against Keras' own outputs."""

import logging

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.bins import bin_width
from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.attribution.predicted import find_predicted, signal_tasks
from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import randomise, sequences

LENGTH, POSITIONS, BINS = 48, 40, 6
WINDOWS = sequences(3, 1, LENGTH)[0]


def model(seed: int = 3) -> keras.Model:
    """Build a model with heads of every kind, named as people name them."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(6, LENGTH - POSITIONS + 1, activation="relu")(x0)
    pooled = layers.GlobalAveragePooling1D()(x)
    bins = layers.MaxPooling1D(4)(layers.MaxPooling1D(2)(layers.Conv1D(6, 3, padding="same")(x0)))

    def along(columns: int, name: str, activation: str | None = None) -> keras.KerasTensor:
        return layers.Conv1D(columns, 1, activation=activation, name=name)(x)

    def numbers(units: int, name: str) -> keras.KerasTensor:
        return layers.Dense(units, name=name)(pooled)

    turned = layers.Permute((2, 1))(layers.Conv1D(2, 1)(x))
    strands = layers.Softmax(name="klf4_profile")(turned)  # (strands, positions)
    return randomise(
        keras.Model(
            x0,
            [
                along(2, "oct4_profile"), numbers(1, "oct4_logcounts"),
                along(2, "sox2_profile"), numbers(2, "sox2_counts"),
                strands, numbers(1, "klf4_counts"),
                along(5, "tasks_profile"), numbers(5, "tasks_counts"),
                along(1, "myc_profile"), numbers(2, "myc_counts"),
                along(1, "nanog_profile", "softplus"), along(2, "esrrb_profile"),
                layers.Conv1D(3, 1, activation="softplus", name="human")(bins),
                layers.Dense(3, activation="sigmoid", name="classes")(pooled),
            ],
        ),
        seed,
    )  # fmt: skip


def softmax(x: np.ndarray, axis: int | tuple[int, int]) -> np.ndarray:
    return np.exp(x) / np.exp(x).sum(axis=axis, keepdims=True)


def expected_track(y: dict[str, np.ndarray], target: str) -> tuple[str, str, np.ndarray]:
    """Return label, unit and values (N, S, P), from Keras' outputs (N, positions, strands)."""
    n = {key: np.expm1(np.maximum(value, 0)) for key, value in y.items() if "count" in key}
    found = {
        "oct4": lambda: (
            "reads",
            softmax(y["oct4_profile"], (1, 2)) * n["oct4_logcounts"][:, :, None],
        ),
        "sox2": lambda: ("reads", softmax(y["sox2_profile"], 1) * n["sox2_counts"][:, None]),
        "klf4": lambda: (
            "reads",
            y["klf4_profile"].transpose(0, 2, 1) / 2 * n["klf4_counts"][:, :, None],
        ),
        "tasks": lambda: (
            "reads",
            (softmax(y["tasks_profile"], 1) * n["tasks_counts"][:, None])[:, :, 3:4],
        ),
        "myc": lambda: (
            "reads",
            softmax(y["myc_profile"], 1) * n["myc_counts"].sum(axis=1)[:, None, None],
        ),
        "nanog": lambda: ("value of the track", y["nanog_profile"]),
        "esrrb": lambda: ("share of the strand's reads", softmax(y["esrrb_profile"], 1)),
        "human": lambda: ("value of the track", y["human"][:, :, 1:2]),
    }
    unit, values = found[target]()
    return unit, target, values.transpose(0, 2, 1)


TRACKS = [
    ("profile:oct4_profile", "oct4", "oct4_profile"),
    ("counts:oct4_logcounts", "oct4", "oct4_profile"),
    ("profile_wn:sox2_profile", "sox2", "sox2_profile"),
    ("counts:sox2_counts[1]", "sox2", "sox2_profile"),
    ("profile:klf4_profile", "klf4", "klf4_profile"),
    ("profile:tasks_profile[3]", "tasks", "tasks_profile[3]"),
    ("counts:tasks_counts[3]", "tasks", "tasks_profile[3]"),
    ("counts:myc_counts", "myc", "myc_profile"),
    ("track:nanog_profile[0]", "nanog", "nanog_profile"),
    ("profile:esrrb_profile", "esrrb", "esrrb_profile"),
    ("track:human[1]", "human", "human[1]"),
    ("track:human[1,2:4]", "human", "human[1]"),
]


@pytest.fixture(scope="module")
def kept() -> tuple[keras.Model, Predictor]:
    made = model()
    return made, Predictor([from_keras(made)])


@pytest.mark.parametrize(("target", "task", "label"), TRACKS)
def test_a_track_is_what_keras_predicts(
    kept: tuple[keras.Model, Predictor], target: str, task: str, label: str
) -> None:
    made, predictor = kept
    outputs = dict(zip(made.output_names, made.predict(WINDOWS, verbose=0), strict=True))
    unit, _, values = expected_track(outputs, task)
    (track,), numbers = find_predicted(predictor.models[0], [target], predictor.heads)
    found = track.read(predictor.batch(codes_of(WINDOWS)))
    assert found.dtype == np.float32 and found.shape[1:] == track.shape
    np.testing.assert_allclose(found, values, rtol=1e-4, atol=1e-6)
    at = (0, 8) if task == "human" else ((LENGTH - POSITIONS) // 2, 1)
    attributes = {"head": label.partition("[")[0], "label": label, "unit": unit}
    assert track.attributes == {**attributes, "offset": at[0], "bin_width": at[1]}
    assert len(numbers) == (task in ("oct4", "sox2", "klf4", "tasks", "myc"))
    for item in numbers:
        assert item.attributes["track"] == 0
        assert (item.attributes["offset"], item.attributes["width"]) == (at[0], POSITIONS)


def test_numbers_and_their_order(kept: tuple[keras.Model, Predictor]) -> None:
    made, predictor = kept
    outputs = dict(zip(made.output_names, made.predict(WINDOWS, verbose=0), strict=True))
    targets = ["logit:classes[2] - logit:classes[0]", "counts:sox2_counts", "logit:classes[2]"]
    tracks, numbers = find_predicted(predictor.models[0], targets, predictor.heads)
    assert [item.attributes["label"] for item in tracks] == ["sox2_profile"]
    found = {
        item.attributes["label"]: (item.attributes["unit"], item.attributes["width"])
        for item in numbers
    }
    assert found == {
        "classes[2]": ("logit", LENGTH),
        "classes[0]": ("logit", LENGTH),
        "sox2_counts": ("log(1 + reads)", POSITIONS),
    }
    folds = predictor.batch(codes_of(WINDOWS))
    p = outputs["classes"][:, 2:3]
    np.testing.assert_allclose(numbers[0].read(folds), np.log(p / (1 - p)), rtol=1e-4)
    np.testing.assert_allclose(numbers[2].read(folds), outputs["sox2_counts"], rtol=1e-4)
    assert signal_tasks(predictor.models[0], targets) == [
        ("sox2_profile", 2), ("classes[2]", 0), ("classes[0]", 0),
    ]  # fmt: skip


def test_folds_are_averaged_before_they_are_used() -> None:
    made = [model(seed) for seed in (3, 4)]
    predictor = Predictor([from_keras(item) for item in made])
    (track,), _ = find_predicted(predictor.models[0], ["profile:oct4_profile"], predictor.heads)
    shares, logs = [], []
    for item in made:
        outputs = dict(zip(item.output_names, item.predict(WINDOWS, verbose=0), strict=True))
        shares.append(softmax(outputs["oct4_profile"], (1, 2)))
        logs.append(outputs["oct4_logcounts"])
    reads = np.maximum(np.expm1(np.mean(logs, axis=0)), 0)[:, :, None]
    expected = (np.mean(shares, axis=0) * reads).transpose(0, 2, 1)
    found = track.read(predictor.batch(codes_of(WINDOWS)))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-7)


def test_the_only_two_heads_belong_together() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(3, 9, activation="relu")(x0)
    heads = [layers.Conv1D(1, 1, name="bases")(x), layers.Dense(1, name="n")(layers.Flatten()(x))]
    made = from_keras(randomise(keras.Model(x0, heads)))
    (track,), (numbers,) = find_predicted(made, ["profile"], made.heads)
    assert (track.attributes["unit"], numbers.attributes["label"]) == ("reads", "n")
    # and a head that is not known is left out
    (track,), none = find_predicted(made, ["profile"], made.heads[:1])
    assert (track.attributes["unit"], none) == ("share of the strand's reads", [])


def bins(*steps: int, dense: bool = False, crop: int = 0) -> keras.Model:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = x0
    for step in steps:
        x = layers.MaxPooling1D(step)(layers.Conv1D(4, 3, padding="same")(x))
    x = layers.Cropping1D(crop)(x)
    if dense:
        number = x.shape[1]
        x = layers.Reshape((number, 4))(layers.Dense(4 * number)(layers.Flatten()(x)))
    return keras.Model(x0, layers.Conv1D(5, 1, activation="softplus", name="human")(x))


@pytest.mark.parametrize(
    ("made", "width"),
    [
        (bins(2, 3), 6),
        (bins(2, 2, crop=3), 4),  # the central 24 bp
        (bins(2, 2, dense=True), 4),
        (bins(4, crop=1, dense=True), None),  # 10 bins of 48 bp
    ],
)
def test_the_bases_of_a_bin(made: keras.Model, width: int | None) -> None:
    found = from_keras(randomise(made))
    assert found.heads[0].kind == "tracks"
    assert bin_width(found, found.heads[0]) == width


def test_a_track_without_bases_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    found = from_keras(randomise(bins(4, crop=1, dense=True)))
    with caplog.at_level(logging.WARNING):
        assert find_predicted(found, ["track[1]"], found.heads) == ([], [])
    assert "head human is not kept along the window: the model does not tell which" in caplog.text
