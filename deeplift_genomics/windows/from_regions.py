"""The regions step: region file and genome in, windows of one length and dropped regions out.

A region becomes the window of `length` bases around its centre, or it is dropped with a reason; a
window is never moved, clipped or padded to make it fit. Contigs are read one after the other, each
once, and all windows of a contig are sliced from it together.
"""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from deeplift_genomics.dna.bed import Regions, read_regions
from deeplift_genomics.dna.fasta import Genome, match_contigs, open_genome
from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.windows.controls import ControlPlan, control_writer
from deeplift_genomics.windows.dropped import (
    LEAVES_CONTIG,
    NO_CONTIG,
    REPEATED,
    UNKNOWN_BASES,
    Dropped,
    DroppedRegion,
    NoWindowsError,
    write_dropped,
)
from deeplift_genomics.windows.file import Windows, write_windows

logger = logging.getLogger(__name__)
_KEPT = ""  # in place of a reason for dropping a region
_ROWS = 4096  # windows handled at a time, where a copy of all would double the memory


def make_windows(
    regions_path: str | Path,
    fasta_path: str | Path,
    length: int,
    windows_path: str | Path,
    dropped_path: str | Path,
    max_unknown: float = 0.05,
    controls: ControlPlan | None = None,
) -> Windows:
    """Run the whole step: `cut_windows`, then write both files and return the windows.

    The list of dropped regions is written even if it names every region and the step fails. With
    `controls`, from `windows.controls.plan_controls`, the windows file holds the controls, too.

    Raises
    ------
    InputError
        As `cut_windows` does, or if an output cannot be written.
    """
    try:
        windows, dropped = cut_windows(regions_path, fasta_path, length, max_unknown)
    except NoWindowsError as error:
        write_dropped(dropped_path, error.dropped)
        raise
    write_dropped(dropped_path, dropped)
    add = None if controls is None else control_writer(controls, windows)
    write_windows(windows_path, windows, add)
    return windows


def cut_windows(
    regions_path: str | Path, fasta_path: str | Path, length: int, max_unknown: float = 0.05
) -> tuple[Windows, Dropped]:
    """Cut one window per region, [c - length // 2, c - length // 2 + length) around its centre c.

    Regions are dropped, in this order of checks, if their contig is not in the genome, if the
    window leaves the contig, if it holds too many unknown bases, or if it is the window of an
    earlier region.

    Parameters
    ----------
    regions_path : str or Path
        BED or narrowPeak, plain or gzipped.
    fasta_path : str or Path
        FASTA, plain, gzipped or bgzipped.
    length : int
        Bases per window (L), at least 1.
    max_unknown : float
        Largest fraction, 0 to 1, of a window's bases that may be none of A, C, G, T.

    Returns
    -------
    windows : Windows
        At least one, in the order of the region file.
    dropped : Dropped

    Raises
    ------
    InputError
        If an argument or file is not as described, or the files have no contig in common.
    NoWindowsError
        If every region was dropped (an InputError too).
    """
    if isinstance(length, bool) or not isinstance(length, int | np.integer) or length < 1:
        raise InputError(f"Window length must be a whole number of bases above 0, not {length!r}.")
    if not 0 <= max_unknown <= 1:
        raise InputError(f"max_unknown must be a fraction from 0 to 1, not {max_unknown!r}.")
    length = int(length)
    regions = read_regions(regions_path)
    with open_genome(fasta_path) as genome:
        contig_of = _reconcile(regions, genome, regions_path)
        cutter = _Cutter(regions, genome, contig_of, length, max_unknown)
        cutter.cut()
    dropped = cutter.dropped()
    _report(dropped, len(regions))
    if len(dropped) == len(regions):
        raise NoWindowsError(_all_dropped(regions_path, dropped, length, max_unknown), dropped)
    renamed = {name: contig for name, contig in contig_of.items() if name != contig}
    attributes: dict[str, str | int | float] = {
        "fasta": Path(fasta_path).name,
        "fasta_digest": digest(fasta_path),
        "regions": Path(regions_path).name,
        "regions_digest": digest(regions_path),
        "window_length": length,
        "max_unknown": float(max_unknown),
        "n_regions": len(regions),
        "n_dropped": len(dropped),
        "n_ambiguous_bases": cutter.n_ambiguous,
        "contig_names": json.dumps(renamed, sort_keys=True),
        "contig_lengths": json.dumps(cutter.contig_lengths(), sort_keys=True),
    }
    return cutter.windows(attributes), dropped


class _Cutter:
    """The state of one run: for every region its window, and why it is dropped if it is."""

    def __init__(
        self,
        regions: Regions,
        genome: Genome,
        contig_of: dict[str, str],
        length: int,
        max_unknown: float,
    ) -> None:
        self.regions = regions
        self.genome = genome
        self.length = length
        self.max_unknown = max_unknown
        self.contigs = sorted(set(contig_of.values()))
        number = {contig: index for index, contig in enumerate(self.contigs)}
        number_of_name = {name: number[contig] for name, contig in contig_of.items()}
        self.contig = np.array([number_of_name.get(name, -1) for name in regions.chrom], np.int64)
        self.start = regions.centre - length // 2
        self.end = self.start + length
        self.reason = np.full(len(regions), _KEPT, dtype=object)
        self.unknown = np.zeros(len(regions))  # fraction of the window's bases
        self.first = self._place()
        self.n_ambiguous = 0
        # the regions whose windows are cut, one row of codes for each
        self.cut_regions = np.flatnonzero(self.reason == _KEPT)
        self.codes = np.empty((len(self.cut_regions), length), dtype=np.int8)

    def _place(self) -> NDArray[np.int64]:
        """Mark what can be told without bases; return each region's first one with its window."""
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

    def cut(self) -> None:
        """Fill `codes` contig by contig and drop the windows with too many unknown bases."""
        numbers = np.unique(self.contig[self.cut_regions])
        for number in tqdm(numbers, desc="contigs", unit="contig", disable=None):
            contig = self.genome.contig(self.contigs[number])
            views = np.lib.stride_tricks.sliding_window_view(contig.codes, self.length)
            of_contig = np.flatnonzero(self.contig[self.cut_regions] == number)
            for rows in _pieces(of_contig):
                indices = self.cut_regions[rows]
                codes = views[self.start[indices]]
                self.codes[rows] = codes
                self.unknown[indices] = np.count_nonzero(codes == UNKNOWN, axis=1) / self.length
                kept = indices[self.unknown[indices] <= self.max_unknown]
                bounds = np.searchsorted(contig.ambiguous, [self.start[kept], self.end[kept]])
                self.n_ambiguous += int((bounds[1] - bounds[0]).sum())
        # a repeat of a window that is dropped for its bases is dropped for them too
        self.unknown = self.unknown[self.first]
        self.reason[self.unknown > self.max_unknown] = UNKNOWN_BASES

    def windows(self, attributes: dict[str, str | int | float]) -> Windows:
        """The windows that are kept."""
        kept = np.flatnonzero(self.reason == _KEPT)
        # kept rows move up within the array: a second array would double the memory
        done = 0
        for rows in _pieces(np.flatnonzero(self.reason[self.cut_regions] == _KEPT)):
            self.codes[done : done + len(rows)] = self.codes[rows]
            done += len(rows)
        return Windows(
            chrom=self.regions.chrom[kept],
            start=self.start[kept],
            end=self.end[kept],
            summit=self.regions.centre[kept],
            name=self.regions.name[kept],
            strand=self.regions.strand[kept],
            codes=self.codes[:done],
            attributes=attributes,
        )

    def contig_lengths(self) -> dict[str, int]:
        """Bases of the contigs that have windows, by the names that the regions use."""
        kept = self.reason == _KEPT
        numbers = dict(zip(self.regions.chrom[kept], self.contig[kept].tolist(), strict=True))
        return {name: self.genome.lengths[self.contigs[i]] for name, i in numbers.items()}

    def dropped(self) -> Dropped:
        """The regions that are not, with their reasons."""
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
        reason = self.reason[index]
        window = f"window {self.start[index]}-{self.end[index]}"
        if reason == NO_CONTIG:
            return "no contig of this name or its usual variants, or more than one"
        if reason == LEAVES_CONTIG:
            contig = self.contigs[self.contig[index]]
            return f"{window}; contig {contig} has {self.genome.lengths[contig]} bases"
        if reason == UNKNOWN_BASES:
            return f"{window}; {self.unknown[index]:.4g} unknown, at most {self.max_unknown:g}"
        return f"{window}; same as line {self.regions.line[self.first[index]]}"


def _pieces(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    for start in range(0, len(rows), _ROWS):
        yield rows[start : start + _ROWS]


def _reconcile(regions: Regions, genome: Genome, regions_path: str | Path) -> dict[str, str]:
    """The genome's contig for each name in the regions that has one; differences are logged once.

    Raises
    ------
    InputError
        If no name has one.
    """
    names = list(dict.fromkeys(regions.chrom))
    contig_of = match_contigs(names, genome.lengths)
    if not contig_of:
        raise InputError(
            f"Regions file {regions_path} and FASTA file {genome.path} have no contig in common. "
            f"The regions name {_first_few(names)}; the FASTA has {_first_few(genome.lengths)}. "
            f"Are they of the same genome assembly?"
        )
    renamed = [f"{name} = {contig}" for name, contig in contig_of.items() if name != contig]
    if renamed:
        logger.warning(
            "Contigs are named differently in %s and %s; taken as the same: %s. "
            "Results use the names of the regions.",
            Path(regions_path).name,
            genome.path.name,
            _first_few(renamed),
        )
    return contig_of


def _first_few(names: list[str] | dict[str, int], number: int = 5) -> str:
    more = f" and {len(names) - number} more" if len(names) > number else ""
    return ", ".join(list(names)[:number]) + more


def _report(dropped: Dropped, n_regions: int) -> None:
    logger.info("%d of %d regions became windows", n_regions - len(dropped), n_regions)
    for reason, count in dropped.counts().items():
        logger.warning("%d of %d regions dropped: %s", count, n_regions, reason)


def _all_dropped(
    regions_path: str | Path, dropped: Dropped, length: int, max_unknown: float
) -> str:
    counts = "; ".join(f"{reason}: {count}" for reason, count in dropped.counts().items())
    first = dropped.records[0]
    return (
        f"None of the {len(dropped)} regions of {regions_path} gives a window of {length} bases "
        f"with at most {max_unknown:g} of them unknown ({counts}). The first, line {first.line}: "
        f"{first.detail}. Are regions, FASTA and model of the same genome assembly?"
    )
