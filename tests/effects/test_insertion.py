"""Inserts: where they lie, what they leave, and what does not fit."""

from dataclasses import replace

import keras
import numpy as np
import pytest

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.sequence import decode, encode, one_hot
from deeplift_genomics.effects.insertion import (
    Inserted,
    centre,
    insert,
    insert_motif,
    insert_samples,
    samples_of,
)
from deeplift_genomics.effects.inserts import scrambled_orders
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.effects.table import rank_insertion
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.freezing import from_keras
from tests.attribution.models import bpnet
from tests.effects.models import FEW, detector, motif

WINDOWS = np.stack([encode("AAAAAAAA"), encode("CCCCNCCC")])


@pytest.mark.parametrize(
    ("inserts", "position", "expected"),
    [
        (encode("GT"), 0, ["GTAAAAAA", "GTCCNCCC"]),
        (encode("GT"), 6, ["AAAAAAGT", "CCCCNCGT"]),
        (encode("GNT"), 3, ["AAAGATAA", "CCCGNTCC"]),
        (np.stack([encode("GT"), encode("TN")]), 2, ["AAGTAAAA", "CCTCNCCC"]),
        (encode(""), 4, ["AAAAAAAA", "CCCCNCCC"]),
    ],
)
def test_inserts_replace_bases(inserts: np.ndarray, position: int, expected: list[str]) -> None:
    found = insert(WINDOWS, inserts, position)
    assert [decode(codes) for codes in found] == expected
    assert decode(WINDOWS[0]) == "AAAAAAAA"


@pytest.mark.parametrize("position", [-1, 7])
def test_inserts_must_lie_within_the_window(position: int) -> None:
    with pytest.raises(InputError, match=f"insert of 2 bp at base {position} .* window of 8 bp"):
        insert(WINDOWS, encode("GT"), position)


def test_the_centre_leaves_as_much_on_either_side() -> None:
    assert [centre(8, width) for width in (8, 7, 2, 1)] == [0, 0, 3, 3]


# --- changes of the prediction ---------------------------------------------------------------

LENGTH = 60  # that of the shared models
MOTIFS = [motif(text, f"pos_{i}") for i, text in enumerate(("GATAAGC", "CCNTGACTCA", "TTGCGCAAT"))]


@pytest.fixture(scope="module")
def keras_model() -> keras.Model:
    return bpnet(with_controls=True)


def measured(model: keras.Model, batch_size: int = 16) -> tuple[Meter, Backgrounds]:
    loaded = from_keras(model)
    meter = Meter(Predictor([loaded], batch_size=batch_size), ["counts"])
    rng = np.random.default_rng(4)
    codes = rng.integers(0, 4, (20, LENGTH), dtype=np.int8)
    controls = {item.name: rng.random((20, *item.shape)) for item in loaded.controls}
    return meter, meter.backgrounds(codes, controls)


def directly(model: keras.Model, backgrounds: Backgrounds, codes: np.ndarray) -> np.ndarray:
    """Return the counts by a call of the Keras model."""
    given = backgrounds.controls
    inputs = [given["control_logcount"], one_hot(codes, "float32"), given["control_profile"]]
    return np.asarray(model([array.astype("float32") for array in inputs])[1], np.float64)


def test_effects_of_three_motifs_are_those_of_the_keras_model(keras_model: keras.Model) -> None:
    meter, backgrounds = measured(keras_model)
    kinds = [(item.head, item.unit, item.kind) for item in meter.measures]
    counts = [kinds.index(("counts", unit, "output")) for unit in range(2)]
    before = directly(keras_model, backgrounds, backgrounds.codes)
    for item in MOTIFS:
        start = (LENGTH - len(item)) // 2
        found = insert_motif(meter, backgrounds, item, FEW)
        sampled = insert_samples(meter, backgrounds, item, FEW)
        samples = samples_of(item, 20, FEW)
        for i in range(2):  # each orientation
            windows, others = backgrounds.codes.copy(), backgrounds.codes.copy()
            for window, other, sample in zip(windows, others, samples, strict=True):
                for k, base in enumerate(item.codes):
                    at, turn = (start + len(item) - 1 - k, True) if i else (start + k, False)
                    if base != 4:
                        window[at] = 3 - base if turn else base
                    other[at] = 3 - sample[k] if turn else sample[k]
            for result, made in ((found, windows), (sampled, others)):
                expected = directly(keras_model, backgrounds, made) - before
                np.testing.assert_allclose(
                    result.changes[i][:, counts], expected, rtol=1e-4, atol=1e-5
                )
                np.testing.assert_allclose(
                    result.changes[i][:, 0], expected.sum(axis=1), rtol=1e-4, atol=1e-5
                )


def test_changes_do_not_depend_on_the_batch_or_on_other_motifs(keras_model: keras.Model) -> None:
    meter, backgrounds = measured(keras_model)
    found = insert_motif(meter, backgrounds, MOTIFS[0], FEW)
    again = insert_motif(meter, backgrounds, MOTIFS[0], FEW)
    np.testing.assert_array_equal(found.changes, again.changes)
    np.testing.assert_array_equal(found.scrambled, again.scrambled)
    other = insert_motif(*measured(keras_model, batch_size=7), MOTIFS[0], FEW)
    np.testing.assert_allclose(found.changes, other.changes, rtol=1e-4, atol=1e-5)
    codes, rows = backgrounds.codes[::-1], np.arange(20)[::-1]
    some = insert(codes, MOTIFS[0].codes, 3)
    together = meter.changes(some, backgrounds, rows)
    apart = [meter.changes(some[i : i + 1], backgrounds, rows[i : i + 1])[0] for i in range(20)]
    np.testing.assert_array_equal(together, apart)


def test_the_scrambled_are_measured_as_the_motif_is(keras_model: keras.Model) -> None:
    meter, backgrounds = measured(keras_model)
    for measure in (insert_motif, insert_samples):
        plain = measure(meter, backgrounds, MOTIFS[1], FEW)
        assert plain.scrambled.shape == (99, len(meter.measures))
        order = scrambled_orders(MOTIFS[1], 99, FEW.seed)[7]
        moved = replace(MOTIFS[1], ppm=MOTIFS[1].ppm[order], codes=MOTIFS[1].codes[order])
        if measure is insert_motif:
            changes = measure(meter, backgrounds, moved, FEW).as_tested(FEW.test_backgrounds)
            np.testing.assert_allclose(changes, plain.scrambled[7], rtol=1e-5, atol=1e-6)


def test_what_the_model_looks_for_has_an_effect_and_scrambles_have_none() -> None:
    """Of 200 scrambled motifs, each ranked among the others, at most 5% get a verdict."""
    model = from_keras(detector(LENGTH, [("TGACTCAGC", 1.0), ("AGATAAGAG", -0.7)]))
    meter = Meter(Predictor([model]), ["counts"])
    codes = np.random.default_rng(6).integers(0, 4, (20, LENGTH), dtype=np.int8)
    backgrounds = meter.backgrounds(codes)
    settings = FEW.model_copy(update={"scrambled": 200})
    wrong = 0
    for text, sign in (("TGACTCAGC", 1), ("AGATAAGAG", -1)):
        found = insert_motif(meter, backgrounds, motif(text), settings)
        assert rank_insertion(meter.measures, found, 4).verdict == ["has an effect"] * 3
        assert np.sign(found.by_background.mean(axis=0)[0]) == sign
        for i in range(100):
            others = np.delete(found.scrambled, i, axis=0)
            one = Inserted(np.tile(found.scrambled[i], (2, 4, 1)), others)
            wrong += "has an effect" in rank_insertion(meter.measures, one, 4).verdict
    assert wrong <= 10
    nothing = insert_motif(meter, backgrounds, motif("CCGTTCACG"), settings)
    assert "has an effect" not in rank_insertion(meter.measures, nothing, 4).verdict
