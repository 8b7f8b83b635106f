"""A locus as people write it: ``chr22:17,398,490-17,398,511``, as genome browsers show it.

Positions of such a text count from 1, and the end is included. In Python a locus may also be a
tuple, ``("chr22", 17398489, 17398511)``, as in BED: from 0, and the end is excluded.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

import numpy as np

# a contig may have colons itself; thousands may be parted, and a range may have a dash or dots
_PLACE = re.compile(
    r"(?P<contig>\S+?)\s*:\s*(?P<first>[\d,']+)(?:\s*(?:-|–|\.\.)\s*(?P<last>[\d,']+))?"
)
_BETWEEN_THOUSANDS = str.maketrans("", "", ",'")


class Locus(NamedTuple):
    """A stretch of a contig, 0-based and half-open."""

    contig: str
    start: int
    end: int

    def __str__(self) -> str:
        """Return the locus as genome browsers write it.

        >>> str(Locus("chr22", 17398489, 17398511)), str(Locus("chr22", 9, 10))
        ('chr22:17,398,490-17,398,511', 'chr22:10')
        """
        last = f"-{self.end:,}" if self.end > self.start + 1 else ""
        return f"{self.contig}:{self.start + 1:,}{last}"


def parse_locus(text: str) -> Locus | None:
    """Return the locus that a text names; None if it is not written as one.

    >>> parse_locus("chr22:17,398,490-17,398,511")
    Locus(contig='chr22', start=17398489, end=17398511)
    >>> parse_locus("22:5"), parse_locus("peak_12")
    (Locus(contig='22', start=4, end=5), None)
    """
    found = _PLACE.fullmatch(text.strip())
    if found is None:
        return None
    digits = [part.translate(_BETWEEN_THOUSANDS) for part in found.group("first", "last") if part]
    if not all(digits):
        return None
    first, last = int(digits[0]), int(digits[-1])
    return Locus(found["contig"], first - 1, last)


def locus_of(place: Any) -> Locus | None:
    """Return the locus that a text or a tuple names; None if it is neither.

    >>> locus_of("22:5"), locus_of(("22", 4, 5))
    (Locus(contig='22', start=4, end=5), Locus(contig='22', start=4, end=5))
    """
    if isinstance(place, str):
        return parse_locus(place)
    if not isinstance(place, tuple | list) or len(place) != 3 or not isinstance(place[0], str):
        return None
    if not all(isinstance(position, int | np.integer) for position in place[1:]):
        return None
    return Locus(str(place[0]), int(place[1]), int(place[2]))
