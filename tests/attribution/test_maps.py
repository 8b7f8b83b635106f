"""Maps of loci: which positions are explained, and means over the folds of a model."""

from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics import attribute_outputs
from deeplift_genomics.attribution.maps import Profile, make_maps
from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.windows.file import Windows, write_windows
from deeplift_genomics.windows.loci import Found
from tests.attribution.models import LENGTH, randomise


@pytest.mark.parametrize(
    ("start", "end", "most", "expected"),
    [
        (1000, 1060, 8, range(16, 24)),  # a whole region: the middle ones
        (1030, 1031, 8, range(17, 25)),  # a place of one base: as many around it
        (1012, 1013, 8, range(7)),  # near the end of the profile
        (1020, 1025, 8, range(10, 15)),  # all of a place
        (1020, 1040, 8, range(16, 24)),
        (1000, 1005, 8, range(0)),  # beside the profile
    ],
)
def test_positions_on_a_locus(start: int, end: int, most: int, expected: range) -> None:
    profile = Profile("profile", "profile", None, positions=40, offset=10, bin_width=1)
    chosen = profile.middle(Found(0, Locus("chr1", start, end)), 1000, most)
    assert list(chosen) == list(expected)


def test_positions_of_bins_hold_the_locus() -> None:
    profile = Profile("bins", "bins[2]", 2, positions=10, offset=8, bin_width=4)
    assert profile.middle(Found(0, Locus("chr1", 1015, 1021)), 1000, 9) == range(1, 4)


def fold(seed: int) -> Model:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 7, activation="relu")(x0)
    return from_keras(randomise(keras.Model(x0, layers.Conv1D(2, 5, name="profile")(x)), seed))


def test_maps_are_means_over_the_folds(tmp_path: Path) -> None:
    words = np.array(["."] * 2, object)
    start = np.array([1000, 5000])
    codes = np.random.default_rng(0).integers(0, 4, (2, LENGTH)).astype(np.int8)
    windows = Windows(
        np.array(["chr1", "chr1"], object), start, start + LENGTH, start + LENGTH // 2,
        np.array(["one", "two"], object), words, codes, {"window_length": LENGTH, "fasta": "g.fa"},
    )  # fmt: skip
    write_windows(tmp_path / "windows.h5", windows)
    config = parse_config({"references": {"number": 3}, "report": {"output_positions": 6}})
    folds = [fold(1), fold(2)]
    found = list(
        make_maps(
            folds,
            tmp_path / "windows.h5",
            targets=["profile"],
            loci=["two", "chr2:5"],
            config=config,
        )
    )
    assert [(one["locus"], one["row"], one["start"]) for one in found] == [("two", 1, 5000)]
    assert (found[0]["offset"], found[0]["bin_width"]) == (5, 1)
    references = make_references(codes[1:], "dinucleotide_shuffle", 3, config.references.seed)
    positions = found[0]["arrays"]["positions"]
    each = [
        attribute_outputs(model, one_hot(codes[1]), references[0], "profile", positions.tolist())
        for model in folds
    ]
    expected = np.mean([item.hypothetical for item in each], axis=0)
    np.testing.assert_allclose(found[0]["arrays"]["hyp_scores"], expected, atol=1e-6)
    assert len(positions) == 6 and found[0]["arrays"]["residual"].shape == (6, 3)
