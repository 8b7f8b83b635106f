"""The instances of all targets of a sample together: by motif, and by place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.instances.one_place import is_one_place


class MotifPlace(NamedTuple):
    """An instance: its place, strand, motif, target, and contribution to the target."""

    locus: Locus
    strand: str
    motif: str
    target: str
    contribution: float


class InstanceList:
    """The instances of all targets, in the order of their files.

    Attributes
    ----------
    start, end : (n,) int64
        0-based, half-open.
    centre : (n,) int64
        Centre of the window in which the instance was called.
    contribution : (n,) float32
    """

    def __init__(self, tables: Mapping[str, Columns]) -> None:
        """Take the instances of all targets together: target -> its instances."""
        self._targets, found = list(tables), list(tables.values())
        self._motifs = {name: i for i, name in enumerate(found[0].motifs)}
        self._contigs: dict[str, int] = {}
        # each target numbers the contigs by itself
        numbers = [
            np.array([self._contigs.setdefault(name, len(self._contigs)) for name in one.contigs])
            for one in found
        ]
        joined_up = [of[one.contig] for of, one in zip(numbers, found, strict=True) if len(one)]
        self._contig = np.concatenate([np.empty(0, np.intp), *joined_up])
        self.start: NDArray[np.int64] = np.concatenate([one.start for one in found])
        self.end: NDArray[np.int64] = self.start + np.concatenate([one.width for one in found])
        self.centre: NDArray[np.int64] = np.concatenate([one.summit for one in found])
        self.contribution: NDArray[np.float32] = np.concatenate([one.contribution for one in found])
        self._motif = np.concatenate([one.motif for one in found])
        self._minus = np.concatenate([one.minus for one in found])
        self._target = np.repeat(np.arange(len(found)), [len(one) for one in found])

    def contig(self, index: int) -> str:
        """Return the contig of an instance."""
        return list(self._contigs)[self._contig[index]]

    def locus(self, index: int) -> Locus:
        """Return the place of an instance."""
        return Locus(self.contig(index), int(self.start[index]), int(self.end[index]))

    def of_motif(self, motif: str, target: str) -> NDArray[np.intp]:
        """Return the numbers of a motif's instances, the largest contribution to the target first.

        Contributions of either sign count by their size.
        """
        if motif not in self._motifs:
            return np.empty(0, np.intp)
        mine = (self._motif == self._motifs[motif]) & (self._target == self._targets.index(target))
        rows = np.flatnonzero(mine)
        return rows[np.argsort(-np.abs(self.contribution[rows]), kind="stable")]

    def within(self, window: Locus) -> Iterator[MotifPlace]:
        """Yield the instances that a window holds any base of, from left to right."""
        motifs = list(self._motifs)
        contig = self._contigs.get(window.contig, -1)
        inside = (self._contig == contig) & (self.end > window.start) & (self.start < window.end)
        rows = np.flatnonzero(inside)
        for index in rows[np.lexsort((self._target[rows], self.start[rows]))]:
            yield MotifPlace(
                self.locus(index),
                "-" if self._minus[index] else "+",
                motifs[self._motif[index]],
                self._targets[self._target[index]],
                float(self.contribution[index]),
            )


def joined(places: Iterable[MotifPlace]) -> list[tuple[MotifPlace, list[str]]]:
    """Return each place once, with the targets in which it was called.

    Instances of one motif on one strand are one place if one of them overlaps the other by more
    than half of the shorter one.
    """
    found: list[tuple[MotifPlace, list[str]]] = []
    for place in places:
        for other, targets in found:
            if _is_same(place, other):
                targets.extend([place.target] if place.target not in targets else [])
                break
        else:
            found.append((place, [place.target]))
    return found


def _is_same(one: MotifPlace, other: MotifPlace) -> bool:
    """Return whether two instances are of one motif and strand, and at one place."""
    if (one.motif, one.strand) != (other.motif, other.strand):
        return False
    here, there = one.locus, other.locus
    return bool(is_one_place(here.start, here.end, there.start, there.end))
