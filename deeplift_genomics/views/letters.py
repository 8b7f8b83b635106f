"""Colours of the four bases, wherever letters are drawn: logo files, pages, workbooks, tracks.

How far apart two colours are is their distance in CIELAB (CIE 1976), seen with normal sight and
with the three kinds of colour blindness as Machado, Oliveira and Fernandes (2009) simulate them at
severity 1. Of the default colours no two are nearer than 38.6, and on white each has a contrast of
at least 3.6 (WCAG 2.1). Of the classic ones two are as near as 13.6: red and green to a reader
without the green cones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

# on white, and in print
LETTER_COLOURS = {"A": "#0d9970", "C": "#120f81", "G": "#c66c06", "T": "#500b03"}
# their twins on dark, of the same hues: at least 51 apart, contrast at least 4 on #1d2126
LETTER_COLOURS_ON_DARK = {"A": "#84ffd5", "C": "#796fe4", "G": "#ffe300", "T": "#d45639"}
# the green, blue, orange and red that many readers are used to
CLASSIC_COLOURS = {"A": "#109648", "C": "#255c99", "G": "#f7a325", "T": "#d62839"}
CLASSIC_COLOURS_ON_DARK = {"A": "#35b96b", "C": "#6ea6ea", "G": "#f7a325", "T": "#f2606e"}


class Letters(NamedTuple):
    """A palette of letters: from each base to its colour, on light and on dark."""

    on_light: Mapping[str, str]
    on_dark: Mapping[str, str]


# by the names that `report.letters` takes
LETTERS = {
    "default": Letters(LETTER_COLOURS, LETTER_COLOURS_ON_DARK),
    "classic": Letters(CLASSIC_COLOURS, CLASSIC_COLOURS_ON_DARK),
}
