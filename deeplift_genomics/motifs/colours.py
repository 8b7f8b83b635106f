"""Colours of motifs in genome browsers.

The palette was chosen so that any two of its colours differ in normal vision and in the three
kinds of colour blindness, as Machado, Oliveira and Fernandes (2009) simulate them, and so that
each is dark enough on white.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

# red, green and blue, 0 to 255, as in the column itemRgb of BED
PALETTE = (
    "75,60,0",
    "0,180,195",
    "165,0,255",
    "165,165,0",
    "120,0,105",
    "225,135,120",
    "60,30,165",
    "30,105,180",
    "225,60,135",
    "150,105,30",
    "255,75,255",
    "135,0,60",
)


def colours_of(labels: Iterable[str]) -> dict[str, str]:
    """Return the colour of each label, as the text of BED's itemRgb.

    A label's text chooses its colour, so that a motif has one colour in all samples. If labels
    before it in `labels` have that colour, it takes the next free one; once all are taken, they
    begin anew.

    >>> colours_of(["CTCF", "SP1"])
    {'CTCF': '225,135,120', 'SP1': '60,30,165'}
    """
    found: dict[str, str] = {}
    free: list[str] = []
    for label in labels:
        if label in found:
            continue
        free = free or list(PALETTE)
        wish = int.from_bytes(hashlib.sha256(label.encode()).digest()[:8], "big") % len(PALETTE)
        order = PALETTE[wish:] + PALETTE[:wish]
        found[label] = next(colour for colour in order if colour in free)
        free.remove(found[label])
    return found
