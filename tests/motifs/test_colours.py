"""Colours: readers tell any two of them apart, however they see."""

import pytest

from deeplift_genomics.motifs.colours import PALETTE, colours_of
from tests.motifs.sight import SEEN, contrast, least_distance


@pytest.mark.parametrize("vision", SEEN)
def test_colours_differ_for_every_reader(vision: str) -> None:
    assert least_distance(PALETTE, vision) > 20


def test_colours_are_dark_enough_on_white() -> None:
    assert min(contrast(colour, "#ffffff") for colour in PALETTE) > 2.3


def test_a_label_has_one_colour_wherever_it_is_free() -> None:
    alone = {label: colours_of([label])[label] for label in ("CTCF", "SP1", "été", "")}
    assert len(set(alone.values())) == 4
    assert colours_of(alone) == colours_of(reversed(alone)) == alone


def test_labels_that_meet_get_different_colours_until_all_are_taken() -> None:
    labels = [f"M{number}" for number in range(2 * len(PALETTE))]
    found = colours_of([*labels, "M0"])
    first, second = labels[: len(PALETTE)], labels[len(PALETTE) :]
    assert {found[name] for name in first} == {found[name] for name in second} == set(PALETTE)
    assert list(found) == labels
