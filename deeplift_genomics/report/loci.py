"""The choice of a page's example loci.

They are, in this order and each region once: those that the configuration names; of each target the
region with the largest contribution, and the median one; of each motif the strongest instance; then
the median ones; then the weakest ones. What is left when the page is full is not shown. Of a sample
without motifs, the ten strongest regions are shown.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.aliases import read_aliases
from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.report.examples import (
    MEDIAN,
    NAMED,
    STRONG,
    STRONGEST,
    WEAKEST,
    Example,
    ExampleLoci,
    ExampleLocus,
    shown_part,
)
from deeplift_genomics.report.instance_list import InstanceList
from deeplift_genomics.scores.file import SCORE_LAYOUT
from deeplift_genomics.scores.totals import summed_contributions
from deeplift_genomics.windows.loci import LocusError, Places, find_locus, read_window_places

log = logging.getLogger(__name__)

WITHOUT_MOTIFS = 10  # regions of a page without motifs
_TRIED = 100  # regions of one rank that are looked through for one that is not on the page


@dataclass(frozen=True)
class Sources:
    """The files from which the loci are chosen, and what is wished for.

    Attributes
    ----------
    windows
        windows.h5.
    scores
        Target -> its score file.
    instances
        All instances of all targets.
    motifs
        Labels of the motifs, the strongest first, each with its targets, the best first.
    named
        The loci of the configuration.
    aliases
        Table of contig names, if there is one.
    most
        Largest number of loci.
    """

    windows: Path
    scores: dict[str, Path]
    instances: InstanceList
    motifs: dict[str, list[str]]
    named: Sequence[str] = ()
    aliases: Path | None = None
    most: int = 30


class LocusChoice:
    """The loci of a page, chosen from the files of a sample."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._places: Places = read_window_places(sources.windows)
        self._row_of = {
            (chrom, centre): row
            for row, (chrom, centre) in enumerate(
                zip(self._places.chrom, self._centres(), strict=True)
            )
        }
        self.instances = sources.instances

    def _centres(self) -> list[int]:
        """Return the position that each window is centred on."""
        start, end = self._places.start, self._places.end
        return (start + (end - start) // 2).tolist()

    @cached_property
    def chosen(self) -> ExampleLoci:
        """The loci, and those that the sample cannot show."""
        found: list[ExampleLocus] = []
        missing: list[str] = []
        for text in self._sources.named:
            try:
                row, locus = find_locus(text, self._places, read_aliases(self._sources.aliases))
            except LocusError as error:
                missing.append(f"{text}: {error.reason}")
                continue
            self._put(Example(NAMED, "", "", None, row, locus), found, most=len(found) + 1)
        for example in self._ranked(found):
            self._put(example, found, most=self._sources.most)
        return ExampleLoci(found, missing)

    def _put(self, example: Example, found: list[ExampleLocus], *, most: int) -> None:
        """Add an example to the locus that shows it, or a locus, unless there are enough."""
        for locus in found:
            if locus.holds(example):
                locus.examples.append(example)
                return
        if len(found) < most:
            window, name = self._window(example.row), str(self._places.name[example.row])
            shown = shown_part(window, example.locus)
            found.append(ExampleLocus(example.row, window, shown, name, [example]))

    def _window(self, row: int) -> Locus:
        """Return the window of a row."""
        places = self._places
        return Locus(str(places.chrom[row]), int(places.start[row]), int(places.end[row]))

    def _ranked(self, found: list[ExampleLocus]) -> Iterator[Example]:
        """Yield the examples, those that a page needs most first; `found` grows meanwhile."""
        for target, path in self._sources.scores.items():
            yield from self._regions(target, totals_of(path), found)
        each = [list(self._of_motif(motif)) for motif in self._sources.motifs]
        yield from chain.from_iterable(
            [example for examples in each for example in examples if example.rank == rank]
            for rank in (STRONGEST, MEDIAN, WEAKEST)
        )

    def _regions(
        self, target: str, totals: NDArray[np.float64], found: list[ExampleLocus]
    ) -> Iterator[Example]:
        """Yield the strongest and the median region of a target; of a sample without motifs, more.

        Only the first target's may repeat a region of the page.
        """
        order = np.argsort(-totals, kind="stable").tolist()
        number = 1 if self._sources.motifs else WITHOUT_MOTIFS
        ranks = [(STRONGEST, order[:1]), *[(STRONG, order[1:_TRIED])] * (number - 1)]
        for rank, rows in [*ranks, (MEDIAN, order[len(order) // 2 :][:1])]:
            for row in rows:
                window = self._window(row)
                same = rank != STRONG  # what is shown already gets a further reason
                if all(not locus.repeats(window) or (same and locus.row == row) for locus in found):
                    yield Example(rank, "", target, float(totals[row]), row, window)
                    break

    def _of_motif(self, motif: str) -> Iterator[Example]:
        """Yield strongest, median and weakest instance, as far as they are distinct."""
        for target in self._sources.motifs[motif]:
            order = self.instances.of_motif(motif, target)
            ranks = {0: STRONGEST, len(order) // 2: MEDIAN, len(order) - 1: WEAKEST}
            taken = dict.fromkeys(sorted(index for index in ranks if 0 <= index < len(order)))
            for index in taken:
                number = int(order[index])
                locus = self.instances.locus(number)
                row = self._row_of.get((locus.contig, int(self.instances.centre[number])))
                if row is not None:
                    value = float(self.instances.contribution[number])
                    rank = STRONGEST if index == 0 else ranks[index]
                    yield Example(rank, motif, target, value, row, locus)
            if len(order):
                return


def totals_of(path: Path) -> NDArray[np.float64]:
    """Return the sum of contributions of each window of a score file."""
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        return summed_contributions(file)
