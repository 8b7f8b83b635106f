"""Letters: readers tell any two of them apart, however they see."""

import pytest

from deeplift_genomics.settings.choices import LETTER_PALETTES
from deeplift_genomics.views.letters import LETTERS
from tests.motifs.sight import SEEN, contrast, least_distance

WHITE, DARK_PAGE, DARK_PANEL = "#ffffff", "#14171b", "#1d2126"


def test_each_palette_colours_the_four_bases() -> None:
    assert tuple(LETTERS) == LETTER_PALETTES
    for palette in LETTERS.values():
        assert list(palette.on_light) == list(palette.on_dark) == list("ACGT")


@pytest.mark.parametrize("vision", SEEN)
def test_letters_differ_for_every_reader(vision: str) -> None:
    assert least_distance(LETTERS["default"].on_light.values(), vision) > 38.5
    assert least_distance(LETTERS["default"].on_dark.values(), vision) > 51


def test_why_the_classic_letters_are_not_the_default() -> None:
    assert least_distance(LETTERS["classic"].on_light.values(), "deutan") < 14


def test_letters_stand_out() -> None:
    for colour in LETTERS["default"].on_light.values():
        assert contrast(colour, WHITE) >= 3.6
    for palette in LETTERS.values():
        for colour in palette.on_dark.values():
            assert contrast(colour, DARK_PANEL) >= 3.99
            assert contrast(colour, DARK_PAGE) >= 4.4
