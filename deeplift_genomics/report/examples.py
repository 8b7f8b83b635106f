"""Example loci of a page: places worth showing, and the windows that show them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.files.words import shortened

STRONGEST, MEDIAN, WEAKEST, NAMED = "strongest", "median", "weakest", "named"
STRONG = "one of the strongest"


class Example(NamedTuple):
    """A place, and why the page shows it.

    Attributes
    ----------
    rank
        ``strongest``, ``median``, ``weakest`` or ``one of the strongest`` of its kind, or ``named``
        in the configuration.
    motif
        Label of the motif whose instance this is; ``""`` for a whole region.
    target
        The target by which it was ranked; ``""`` if it was named.
    value
        What it was ranked by: the contribution of the instance, or that of the whole window; None
        if it was named.
    row
        Row of the score file.
    locus
        The instance, the whole window, or the place that was named.
    """

    rank: str
    motif: str
    target: str
    value: float | None
    row: int
    locus: Locus

    @property
    def anchor(self) -> str:
        """The end of a link that opens the viewer here: ``#`` and this, percent-encoded."""
        return f"locus={self.locus.contig}:{self.locus.start + 1}-{self.locus.end}"

    @property
    def words(self) -> str:
        """Why the place is shown, as a reader is told."""
        if self.rank == NAMED:
            return "named in the configuration"
        if self.motif:
            return f"{self.rank} {self.motif}"
        noun = "regions" if self.rank == STRONG else "region"
        return f"{self.rank} {noun} for {self.target}"


@dataclass
class ExampleLocus:
    """A part of a window in the page's viewer, and the examples in it.

    Attributes
    ----------
    row
        Row of the score file.
    window
        The window.
    shown
        The part that the page shows: all of it, unless it is longer than `LONGEST`.
    region
        Name of its region.
    """

    row: int
    window: Locus
    shown: Locus
    region: str
    examples: list[Example] = field(default_factory=list)

    @property
    def called(self) -> str:
        """The region's name, for readers: not too long, and it turns no text around it.

        Coordinates of a region without a name count from 1, as all others do.
        """
        contig, _, span = self.region.rpartition(":")
        start, _, end = span.partition("-")
        if contig == self.window.contig and start.isdecimal() and end.isdecimal():
            return f"region {Locus(contig, int(start), int(end))}"
        name = shortened(self.region, _LONGEST_NAME)
        return name if name.isascii() else f"{_ISOLATE}{name}{_POP}"

    def holds(self, example: Example) -> bool:
        """Return whether an example can be seen here, with some bases on both sides of it."""
        place, shown = example.locus, self.shown
        if example.row == self.row and place == self.window:
            return True
        room = 0 if example.row == self.row else min(_ROOM, (shown.end - shown.start) // 4)
        return (
            shown.contig == place.contig
            and shown.start + room <= place.start
            and place.end + room <= shown.end
        )

    def repeats(self, other: Locus) -> bool:
        """Return whether another window shares more than half of its bases with this one."""
        shared = min(self.window.end, other.end) - max(self.window.start, other.start)
        return self.window.contig == other.contig and 2 * shared > other.end - other.start


_LONGEST_NAME = 80
_ISOLATE, _POP = "\u2068", "\u2069"  # Unicode's signs around a text of any direction
LONGEST = 5000  # bases of a locus on the page
_ROOM = 30  # bp on both sides of an instance


def shown_part(window: Locus, place: Locus) -> Locus:
    """Return the part of a window that a page shows: around a place, if the window is too long.

    >>> shown_part(Locus("chr1", 0, 20000), Locus("chr1", 400, 410))
    Locus(contig='chr1', start=0, end=5000)
    """
    if window.end - window.start <= LONGEST:
        return window
    centre = (place.start + place.end) // 2
    start = min(max(centre - LONGEST // 2, window.start), window.end - LONGEST)
    return Locus(window.contig, start, start + LONGEST)


class ExampleLoci(NamedTuple):
    """The loci of a page.

    Attributes
    ----------
    loci
        Their windows, distinct, in the order of the page.
    missing
        Loci of the configuration that the sample cannot show, each with the reason.
    """

    loci: list[ExampleLocus]
    missing: list[str]

    def of_motif(self, motif: str) -> Iterator[Example]:
        """Yield the examples of a motif: its strongest, median and weakest instance.

        On a page with many motifs, some have none.
        """
        for locus in self.loci:
            yield from (example for example in locus.examples if example.motif == motif)
