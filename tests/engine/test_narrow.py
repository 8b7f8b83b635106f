"""Walks that are cropped to the positions that they reach, against walks that are not."""

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics import attribute_outputs
from deeplift_genomics.engine import narrow, propagate
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from tests.attribution.models import LENGTH, randomise, sequences


def model(padding: str, head: int) -> Model:
    """Build a BPNet whose walk ends at both ends of the window; its head may be long."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(6, 9, padding=padding, activation="relu")(x0)
    for rate in (1, 3):
        y = layers.Conv1D(6, 3, dilation_rate=rate, padding=padding)(x)
        y = layers.Activation("relu")(layers.ZeroPadding1D(1)(y))
        crop = (x.shape[1] - y.shape[1]) // 2
        x = layers.Add()(
            [y, layers.Cropping1D(max(crop, 0))(layers.ZeroPadding1D(max(-crop, 0))(x))]
        )
    x = layers.Conv1D(1, head, padding=padding)(x)
    return from_keras(randomise(keras.Model(x0, layers.Flatten(name="profile")(x))))


@pytest.mark.parametrize(("padding", "head"), [("valid", 3), ("same", 3), ("same", 11)])
def test_a_cropped_walk_gives_the_scores_of_the_whole(
    padding: str, head: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows, references = sequences(1, 2)
    kept = []
    whole = narrow.Part.whole

    def noted(part: narrow.Part):
        kept.append((part.width, part.length))
        return whole(part)

    monkeypatch.setattr(narrow.Part, "whole", noted)
    cropped = attribute_outputs(model(padding, head), windows[0], references[0], "profile")
    (width, length) = kept[-1]
    assert length == LENGTH and width < LENGTH, "the walk was cropped up to the sequence"
    monkeypatch.setattr(propagate, "Narrow", lambda plain, _: plain)
    expected = attribute_outputs(model(padding, head), windows[0], references[0], "profile")
    np.testing.assert_allclose(cropped.hypothetical, expected.hypothetical, atol=1e-6)
    np.testing.assert_array_equal(cropped.target, expected.target)
    assert np.abs(cropped.hypothetical).max() > 0.1
