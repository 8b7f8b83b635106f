"""Spacing: a preference that a model was built with is found, and none where it has none."""

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.sequence import encode
from deeplift_genomics.effects.inserts import Insert
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.effects.spacing import (
    ORIENTATIONS,
    Preference,
    choose_pairs,
    largest_gap,
    measure_spacings,
    preference_of,
)
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.planning.predictions import predictions_of
from deeplift_genomics.settings.motif_sections import Effects, check_spacing

LENGTH, GAP, LARGEST = 120, 20, 40
LEFT, RIGHT = "GATTACAG", "CCGGTTAA"


def insert_of(name: str, bases: str) -> Insert:
    codes = encode(bases)
    return Insert(name, "pos_0", np.eye(4)[codes], codes)


def detector(*templates: str) -> keras.Model:
    """Build a model whose output is the number of places where a template stands, bar one base.

    ``.`` in a template is any base.
    """
    x0 = layers.Input((LENGTH, 4), name="sequence")
    outputs = []
    for template in templates:
        convolution = layers.Conv1D(1, len(template), activation="relu")
        outputs.append(layers.GlobalAveragePooling1D()(convolution(x0)))
        kernel = np.zeros((len(template), 4, 1), "float32")
        for i, base in enumerate(template):
            if base != ".":
                kernel[i, "ACGT".index(base), 0] = 1
        fixed = len(template) - template.count(".")
        convolution.set_weights([kernel * LENGTH, np.full(1, (1.5 - fixed) * LENGTH, "float32")])
    both = layers.Concatenate()(outputs)
    total = layers.Dense(1, name="counts", use_bias=False)
    model = keras.Model(x0, total(both))
    total.set_weights([np.ones((len(templates), 1), "float32")])
    return model


def bench(model: keras.Model, number: int = 8) -> tuple[Meter, Backgrounds]:
    meter = Meter(Predictor([from_keras(model)]), ["counts"])
    codes = np.random.default_rng(5).integers(0, 4, (number, LENGTH)).astype(np.int8)
    return meter, meter.backgrounds(codes)


PAIR = (insert_of("A", LEFT), insert_of("B", RIGHT))


def test_the_preferred_gap_and_orientation_are_found() -> None:
    model = detector(LEFT, RIGHT, LEFT + GAP * "." + RIGHT)
    meter, backgrounds = bench(model)
    (found,) = measure_spacings(meter, backgrounds, [PAIR], LARGEST)
    assert (found.left, found.right) == ("A", "B")
    assert found.mean.shape == (4, LARGEST + 1, len(found.measures))
    preference = preference_of(found, 0)
    assert preference is not None
    assert (preference.orientation, preference.gap, preference.first) == ("++", GAP, GAP)
    assert preference.in_words() == "prefers 20 bp apart, same strand"
    # as by hand: what both do, less what each does alone at the same place
    start = (LENGTH - LARGEST) // 2
    changed = []
    for bases in (
        ((LEFT, start - 8), (RIGHT, start + GAP)),
        ((LEFT, start - 8),),
        ((RIGHT, start + GAP),),
    ):
        codes = backgrounds.codes.copy()
        for text, at in bases:
            codes[:, at : at + 8] = encode(text)
        before, after = (model(np.eye(4, dtype="float32")[c]) for c in (backgrounds.codes, codes))
        changed.append(float(np.mean(after - before)))
    by_hand = changed[0] - changed[1] - changed[2]
    np.testing.assert_allclose(found.mean[0, GAP, 0], by_hand, rtol=1e-4)
    assert by_hand > 0.9


def test_other_orientations_are_told_apart() -> None:
    turned = "TTAACCGG"  # RIGHT on the other strand
    meter, backgrounds = bench(detector(LEFT, LEFT + 3 * "." + turned))
    (found,) = measure_spacings(meter, backgrounds, [PAIR], LARGEST)
    preference = preference_of(found, 0)
    assert preference is not None
    assert (preference.orientation, preference.gap) == ("+-", 3)
    assert "facing each other" in preference.in_words()
    assert set(ORIENTATIONS) == {"++", "+-", "-+", "--"}


def test_orientations_that_are_preferred_as_much_are_told_together() -> None:
    palindrome = insert_of("P", "GGAATTCC")
    meter, backgrounds = bench(detector(LEFT, "GGAATTCC", LEFT + GAP * "." + "GGAATTCC"))
    (found,) = measure_spacings(meter, backgrounds, [(PAIR[0], palindrome)], LARGEST)
    preference = preference_of(found, 0)
    assert preference is not None
    assert preference.in_words() == "prefers 20 bp apart, same strand or facing each other"
    # a motif after itself is the same motif after itself on the other strand
    meter, backgrounds = bench(detector(LEFT, "CTGTAATC" + 5 * "." + "CTGTAATC"))
    (found,) = measure_spacings(meter, backgrounds, [(PAIR[0], PAIR[0])], LARGEST)
    preference = preference_of(found, 0)
    assert preference is not None and preference.orientation == "--"
    assert preference.in_words() == "prefers 5 bp apart, same strand"


@pytest.mark.parametrize(
    ("orientations", "words"),
    [
        (["--"], "same strand, the other way round"),
        (["-+"], "facing away from each other"),
        (["+-", "-+"], "opposite strands"),
        (["++", "--", "+-"], "same strand or facing each other"),
        (ORIENTATIONS, "on any strand"),
    ],
)
def test_orientations_in_words(orientations: list[str], words: str) -> None:
    preference = Preference(orientations[0], frozenset(orientations), 3, 2, 4, 1.0, 0.01)
    assert preference.in_words() == f"prefers 2 to 4 bp apart, {words}"


def test_motifs_that_do_not_act_together_prefer_nothing() -> None:
    meter, backgrounds = bench(detector(LEFT, RIGHT))
    (found,) = measure_spacings(meter, backgrounds, [PAIR], LARGEST)
    assert preference_of(found, 0) is None


def test_pairs_of_the_first_motifs_come_first() -> None:
    inserts = [insert_of(name, LEFT) for name in "ABC"]
    names = [a.motif + b.motif for a, b in choose_pairs(inserts, 4)]
    assert names == ["AA", "AB", "AC", "BB"]
    assert len(choose_pairs(inserts, 20)) == 6


def test_the_forecast_counts_the_predictions(monkeypatch: pytest.MonkeyPatch) -> None:
    meter, backgrounds = bench(detector(LEFT), number=4)
    pairs = choose_pairs([insert_of(name, 3 * name + LEFT) for name in "ACG"], 4)
    predicted, batch = [0], meter.predictor.batch

    def counted(windows: np.ndarray, *more: object) -> object:
        predicted[0] += len(windows)
        return batch(windows, *more)

    monkeypatch.setattr(meter.predictor, "batch", counted)
    measure_spacings(meter, backgrounds, pairs, 9)
    of_pairs, without = (
        predictions_of(Effects(pairs=number, spacing=9, spacing_backgrounds=4), 3)
        for number in (4, 0)
    )
    assert predicted[0] == pytest.approx(of_pairs - without, rel=0.03)


@pytest.mark.parametrize(
    ("spacing", "length", "widths", "expected"),
    [(0, 500, [9, 20], 150), (30, 500, [20], 30), (0, 100, [9, 20], 59), (90, 100, [20], 59),
     (0, 41, [20], 0), (0, 40, [20], -1)],
)  # fmt: skip
def test_distances_end_where_the_window_does(
    spacing: int, length: int, widths: list[int], expected: int
) -> None:
    assert largest_gap(spacing, length, widths) == expected


def test_more_distances_than_the_window_holds_are_refused() -> None:
    with pytest.raises(InputError, match=r"spacing is 150 bp, more .* 160 bp .* Set it to 139 or"):
        check_spacing(150, 160)
    check_spacing(139, 160)  # the advice helps
    check_spacing(0, 5)
