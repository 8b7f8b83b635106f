"""The answer of `check`: the targets that suit each head, tried on a made-up window."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.description import Answer, describe_models
from deeplift_genomics.attribution.request import Request
from deeplift_genomics.attribution.suggestions import suggest
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.errors import CompletenessError, ConfigError, InputError, ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.config import Config
from tests.windows.test_controls import bigwig

LENGTH = 40


def ask(path: Path, *targets: str, controls: tuple[str, ...] = (), **settings: Any) -> Answer:
    config = Config.model_validate(settings)
    answer = describe_models([path], Request(targets, config, LoadOptions(), controls))
    assert max(map(len, answer.text.splitlines())) <= 80
    return answer


def dense(units: int, activation: str | None = None) -> Callable:
    return layers.Dense(units, activation=activation, name="out")


def over_positions(units: int, activation: str | None = None) -> Callable:
    return lambda x: layers.Dense(units, activation=activation, name="out")(
        layers.Reshape((20, 8))(layers.Dense(160)(x))
    )


@pytest.mark.parametrize(
    ("head", "kind", "texts", "meaning"),
    [
        (dense(1), "logits", ["logit[0]"], "unit 0 of out (1)"),
        (
            dense(919, "sigmoid"),
            "logits",
            ["logit[0]", "logit[918]"],
            "units 0 to 918 of out (919), before its sigmoid",
        ),
        # what is no probability is explained as the model gives it
        (dense(3, "softplus"), "logits", ["output:out[0]", "output:out[2]"], "units 0 to 2 of out"),
        (over_positions(1), "profile", ["profile"], "shape of the profile: out (20, 1)"),
        (over_positions(2), "profile", ["profile"], "shape of the profile: out (20, 2)"),
        (
            over_positions(5),
            "profile",
            ["profile[0]", "profile[4]"],
            "shape of the profile: columns 0 to 4 of out (20, 5)",
        ),
        (
            over_positions(5, "softplus"),
            "tracks",
            ["track[0]", "track[4]"],
            "tracks 0 to 4 of out (20, 5), summed over its 20 bins; over some: track[0,5:15]",
        ),
        (over_positions(40, "exponential"), "tracks", ["track[0]", "track[39]"], "tracks 0 to 39"),
        (over_positions(3, "softmax"), "tracks", ["track[0]", "track[2]"], "tracks 0 to 2 of out"),
        # one or two strands of reads: a profile that has no logits
        (over_positions(1, "softplus"), "profile", ["output:out[0]", "output:out[19]"], "units 0"),
        (over_positions(2, "relu"), "profile", ["track:out[0]", "track:out[1]"], "tracks 0 to 1"),
    ],
)
def test_what_suits_a_head(head: Callable, kind: str, texts: list[str], meaning: str) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    model = from_keras(keras.Model(x0, head(layers.Flatten()(x0))))
    (found,) = suggest(model)
    assert (found.head.kind, list(found.texts)) == (kind, texts)
    assert found.meaning.startswith(meaning)
    assert list(find_targets(model, texts)) == texts


def test_heads_of_a_kind_are_named(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(3, 5, activation="relu")(x0)
    flat = layers.GlobalAveragePooling1D()(x)
    counts = [layers.Dense(2, name=f"counts{i}")(flat) for i in range(9)]
    heads = [layers.Dense(4, "softplus", name=name)(x) for name in ("human", "mouse")]
    keras.Model(x0, [*counts, *heads]).save(tmp_path / "many.keras")
    text = ask(tmp_path / "many.keras").text
    for line in (
        "counts:counts0", "counts:counts8", "track:human[0]", "track:mouse[3]", "7 more heads like",
    ):  # fmt: skip
        assert line in text
    assert "counts4" not in text and "2 more" not in text
    answer = ask(tmp_path / "many.keras", "counts:counts0-counts:counts4", "track:human[1,4:9]")
    assert answer.error is None
    for part in ("sum or difference: ", "counts4 (2)", "track 1 of human (36, 4)", "4 to 8"):
        assert part in answer.text


def test_of_hundreds_of_targets_the_ends_are_tried(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    keras.Model(x0, dense(919, "sigmoid")(layers.Flatten()(x0))).save(tmp_path / "tasks.keras")
    answer = ask(tmp_path / "tasks.keras", *(f"logit[{i}]" for i in range(919)))
    assert answer.error is None
    for line in ("logit[0] ", "logit[918] ", "(919 targets)"):
        assert f"    {line}" in answer.text
    assert len(answer.text.splitlines()) < 20
    answer = ask(tmp_path / "tasks.keras", *(f"logit[{i}]" for i in range(915, 925)))
    assert isinstance(answer.error, ModelError)
    assert "has 919 units, numbered from 0" in str(answer.error)


def test_a_head_that_the_sequence_does_not_change(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Dense(1, kernel_initializer="zeros", name="counts")(layers.Flatten()(x0))
    keras.Model(x0, x).save(tmp_path / "dead.keras")
    answer = ask(tmp_path / "dead.keras")
    assert answer.error is None
    assert "no base of the" in answer.text


@pytest.mark.parametrize(
    ("attribution", "told"),
    [
        ({}, "window against 2 of its shuffles, by the rules rescale in single precision. Comple"),
        ({"method": "gradient"}, "window, by gradient in single precision. Its contributions need"),
        ({"method": "integrated_gradients"}, "2 of its shuffles, by integrated gradients in sing"),
        ({"method": "integrated_gradients", "options": {"tolerance": 0.5}}, "a run allows 0.5."),
    ],
)
def test_what_was_tried_is_told_of_each_method(
    tmp_path: Path, attribution: dict[str, Any], told: str
) -> None:
    inputs = layers.Input((LENGTH, 4), name="sequence")
    keras.Model(inputs, dense(1)(layers.Flatten()(inputs))).save(tmp_path / "m.keras")
    text = " ".join(ask(tmp_path / "m.keras", attribution=attribution).text.split())
    assert told in text and "no base of the window changes it" not in text


def test_bases_of_motifs_without_scores_are_refused(tmp_path: Path) -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    keras.Model(x0, dense(1)(layers.Flatten()(x0))).save(tmp_path / "m.keras")
    options = {"method": "in_silico_mutagenesis", "options": {"span": [0, 30]}}
    config = Config.model_validate({"attribution": options})
    for motifs in (False, True):
        request = Request(["logit[0]"], config, LoadOptions(), motifs=motifs)
        with (
            pytest.raises(ConfigError, match="scores the bases 0 to 30 of 40")
            if motifs
            else nullcontext()
        ):
            describe_models([tmp_path / "m.keras"], request)


def test_controls_are_filled_as_a_run_fills_them(tmp_path: Path) -> None:
    """Without files they are zero, of which this model takes the logarithm."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    bias = layers.Input((20, 2), name="bias_profile")
    total = keras.ops.log(keras.ops.sum(bias, axis=(1, 2), keepdims=False)[:, None])
    counts = layers.Dense(1, name="counts")(layers.Concatenate()([layers.Flatten()(x0), total]))
    keras.Model([x0, bias], counts).save(tmp_path / "bias.keras")
    answer = ask(tmp_path / "bias.keras")
    assert isinstance(answer.error, CompletenessError)
    assert "not finite" in str(answer.error)
    assert "bias_profile (20, 2): write 2 bigWig files" in answer.text
    plus, minus = (
        str(bigwig(tmp_path / name, {"chr1": [1.0, 2.0]})) for name in ("plus.bw", "minus.bw")
    )
    answer = ask(tmp_path / "bias.keras", controls=(plus, minus))
    assert answer.error is None
    with pytest.raises(InputError, match="takes 2 strands, but 1 bigWig file is given"):
        ask(tmp_path / "bias.keras", controls=(plus,))


def test_lengths_that_tracing_loses_are_found_again() -> None:
    """A dense layer on every position is its twin, a convolution of width 1."""
    keras.utils.set_random_seed(1)
    x0 = layers.Input((LENGTH, 4), name="sequence")
    y = layers.Conv1D(8, 5, activation="relu", padding="same")(x0)
    windows, references = np.eye(4)[np.random.default_rng(0).integers(0, 4, (2, 3, LENGTH))]
    from deeplift_genomics import attribute

    for after in (
        lambda x: x,
        lambda x: layers.Softmax(axis=1)(layers.Cropping1D(3)(x)),
        lambda x: layers.Permute((2, 1))(x),
        lambda x: layers.Softmax()(layers.Flatten()(x)),
    ):
        twins = layers.Dense(2), layers.Conv1D(2, 1)
        models = [keras.Model(x0, layers.Identity(name="profile")(after(t(y)))) for t in twins]
        kernel, bias = twins[0].get_weights()
        twins[1].set_weights([kernel[None], bias])
        found = [from_keras(model) for model in models]
        assert found[0].heads[0].shape == found[1].heads[0].shape == models[0].output_shape[1:]
        assert found[0].heads[0].activation == found[1].heads[0].activation
        one, other = (
            attribute(model, windows, references[:, None], ["profile"])["profile"]
            for model in found
        )
        np.testing.assert_allclose(one.hypothetical, other.hypothetical, atol=1e-6)
        assert np.abs(one.hypothetical).max() > 1e-4
