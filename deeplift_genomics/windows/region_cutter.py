"""The windows around the regions of a file, and the regions that have none."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bed import Regions
from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.windows.centres import mean_position
from deeplift_genomics.windows.cutting import ContigWindows, pieces, unknown_fraction
from deeplift_genomics.windows.dropped import (
    LEAVES_CONTIG,
    MERGED,
    NO_CONTIG,
    REPEATED,
    UNKNOWN_BASES,
    Dropped,
    DroppedRegion,
)
from deeplift_genomics.windows.file import Windows

_KEPT = ""  # in place of a reason for dropping a region


class RegionCutter:
    """The state of one run: the window of every region, and the reason if it is dropped."""

    def __init__(
        self,
        regions: Regions,
        genome: Genome,
        contig_of: dict[str, str],
        *,
        length: int,
        max_unknown: float,
        merge_within: int = 0,
    ) -> None:
        self.regions = regions
        self.genome = genome
        self.length = length
        self.max_unknown = max_unknown
        self.merge_within = merge_within
        self.contigs = sorted(set(contig_of.values()))
        number = {contig: index for index, contig in enumerate(self.contigs)}
        number_of_name = {name: number[contig] for name, contig in contig_of.items()}
        self.contig = np.array([number_of_name.get(name, -1) for name in regions.chrom], np.int64)
        self.start = regions.centre - length // 2
        self.end = self.start + length
        self.reason = np.full(len(regions), _KEPT, dtype=object)
        self.unknown = np.zeros(len(regions))  # fraction of the window's bases
        self.ambiguous = np.zeros(len(regions), np.int64)  # number of the window's bases
        self.first = self._place()
        self.taken = np.arange(len(regions))  # the region in whose place each one is merged
        self.names = self._names()
        # the regions whose windows are cut, one row of codes for each
        self.cut_regions = np.flatnonzero(self.reason == _KEPT)
        self.codes = np.empty((len(self.cut_regions), length), dtype=np.int8)

    def _place(self) -> NDArray[np.int64]:
        """Drop regions by their place alone; return the first region with each one's window."""
        lengths = np.array([self.genome.lengths[name] for name in self.contigs], dtype=np.int64)
        self.reason[(self.start < 0) | (self.end > lengths[self.contig])] = LEAVES_CONTIG
        self.reason[self.contig < 0] = NO_CONTIG
        first = np.arange(len(self.regions))
        inside = np.flatnonzero(self.reason == _KEPT)
        # contigs laid end to end give every place a number of its own
        places = (np.cumsum(lengths) - lengths)[self.contig[inside]] + self.start[inside]
        _, earliest, group = np.unique(places, return_index=True, return_inverse=True)
        first[inside] = inside[earliest[group]]
        self.reason[first != np.arange(len(first))] = REPEATED
        return first

    def _names(self) -> NDArray[np.object_]:
        """Return the name of each contig in the results: the first one that the regions use."""
        used: dict[int, str] = {}
        for name, index in zip(self.regions.chrom, self.contig.tolist(), strict=True):
            used.setdefault(index, name)
        return np.array([used[index] for index in range(len(self.contigs))], dtype=object)

    def cut(self) -> None:
        """Fill `codes` contig by contig, and drop the windows with too many unknown bases."""
        numbers = np.unique(self.contig[self.cut_regions])
        for number in Progress(numbers, what="contigs", unit="contig"):
            windows = ContigWindows(self.genome.contig(self.contigs[number]), self.length)
            for rows in pieces(np.flatnonzero(self.contig[self.cut_regions] == number)):
                indices = self.cut_regions[rows]
                codes = windows.codes(self.start[indices])
                self.codes[rows] = codes
                self.unknown[indices] = unknown_fraction(codes)
                self.ambiguous[indices] = windows.n_ambiguous(self.start[indices])
        # a window that is dropped for its bases is not an earlier window that another repeats
        self.unknown = self.unknown[self.first]
        self.reason[self.unknown > self.max_unknown] = UNKNOWN_BASES
        if self.merge_within:
            self._merge()

    def _merge(self) -> None:
        """Drop regions whose centre is nearer than `merge_within` to that of a stronger one.

        Regions are taken by signal, then by score, then in the order of the file, and each one that
        is taken drops those near it.
        """
        # a repeated window counts with the strongest of its regions
        kept = np.flatnonzero((self.reason == _KEPT) | (self.reason == REPEATED))
        signal, score = (
            np.nan_to_num(values[kept], nan=-np.inf)
            for values in (self.regions.signal, self.regions.score)
        )
        taken: dict[int, list[tuple[int, int]]] = {}  # contig -> (centre, region), in order
        strongest_first = self.first[kept[np.lexsort((kept, -score, -signal))]]
        for index in dict.fromkeys(strongest_first.tolist()):
            here = taken.setdefault(int(self.contig[index]), [])
            centre = int(self.regions.centre[index])
            at = bisect_left(here, (centre, index))
            near = [
                x for x in here[max(at - 1, 0) : at + 1] if abs(x[0] - centre) < self.merge_within
            ]
            if near:
                self.reason[index] = MERGED
                self.taken[index] = min(near, key=lambda x: abs(x[0] - centre))[1]
            else:
                here.insert(at, (centre, index))

    def windows(self, attributes: dict[str, str | int | float]) -> Windows:
        """Return the windows that are kept."""
        kept = np.flatnonzero(self.reason == _KEPT)
        # kept rows move up within the array: a second array would double the memory
        done = 0
        for rows in pieces(np.flatnonzero(self.reason[self.cut_regions] == _KEPT)):
            self.codes[done : done + len(rows)] = self.codes[rows]
            done += len(rows)
        return Windows(
            chrom=self.names[self.contig[kept]],
            start=self.start[kept],
            end=self.end[kept],
            summit=self.regions.centre[kept],
            name=self.regions.name[kept],
            strand=self.regions.strand[kept],
            codes=self.codes[:done],
            attributes=attributes,
        )

    def numbers(self) -> dict[str, int | float]:
        """Return how many windows are centred on summits and on middles, and ambiguous bases."""
        kept, regions = self.reason == _KEPT, self.regions
        on_summits = np.flatnonzero(kept & regions.on_summit)
        return {
            "n_on_summits": len(on_summits),
            "n_on_middles": int(kept.sum()) - len(on_summits),
            "summit_position": mean_position(
                regions.start[on_summits], regions.end[on_summits], regions.centre[on_summits]
            ),
            "n_ambiguous_bases": int(self.ambiguous[kept].sum()),
        }

    def contig_lengths(self) -> dict[str, int]:
        """Return the bases of the contigs that have windows, by their names in the results."""
        numbers = np.unique(self.contig[self.reason == _KEPT]).tolist()
        return {self.names[i]: self.genome.lengths[self.contigs[i]] for i in numbers}

    def dropped(self) -> Dropped:
        """Return the regions that are dropped, with their reasons."""
        regions = self.regions
        return Dropped(
            [
                DroppedRegion(
                    chrom=regions.chrom[index],
                    start=int(regions.start[index]),
                    end=int(regions.end[index]),
                    name=regions.name[index],
                    reason=self.reason[index],
                    detail=self._detail(int(index)),
                    line=int(regions.line[index]),
                )
                for index in np.flatnonzero(self.reason != _KEPT)
            ]
        )

    def _detail(self, index: int) -> str:
        """Return the particulars of a dropped region, for the list."""
        reason = self.reason[index]
        window = f"window {self.start[index]}-{self.end[index]}"
        if reason == NO_CONTIG:
            return "no contig of this name or its usual variants, or more than one"
        if reason == LEAVES_CONTIG:
            contig = self.contigs[self.contig[index]]
            return f"{window}; contig {contig} has {self.genome.lengths[contig]} bases"
        if reason == UNKNOWN_BASES:
            return f"{window}; {self.unknown[index]:.4g} unknown, at most {self.max_unknown:g}"
        if reason == MERGED:
            other = self.taken[index]
            distance = abs(int(self.regions.centre[index] - self.regions.centre[other]))
            return f"{window}; centre {distance} bases from that of line {self.regions.line[other]}"
        return f"{window}; same as line {self.regions.line[self.first[index]]}"
