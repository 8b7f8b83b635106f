"""Windows from a whole genome: tiles side by side, cut one contig at a time.

Tiles are written as they are cut, so that memory does not grow with their number. In the list of
dropped regions, neighbouring tiles that are dropped for the same reason are one stretch.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.dna.contigs import match_some_contigs
from deeplift_genomics.dna.fai import contig_lengths, index_of, require_fitting
from deeplift_genomics.dna.fasta import open_genome
from deeplift_genomics.dna.genome import Genome
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.words import first_few
from deeplift_genomics.settings.choices import BED, TILE
from deeplift_genomics.windows.controls import ControlPlan, control_writer
from deeplift_genomics.windows.cutting import ContigWindows, check_cut, pieces, unknown_fraction
from deeplift_genomics.windows.dropped import (
    EXCLUDED,
    SHORT_CONTIG,
    UNKNOWN_BASES,
    Dropped,
    DroppedRegion,
    NoWindowsError,
    dropped_tiles,
    write_dropped,
)
from deeplift_genomics.windows.file import Windows, WindowsWriter, windows_writer
from deeplift_genomics.windows.tiling import Tiling, taken_contigs

log = logging.getLogger(__name__)


def make_tiles(
    fasta_path: str | Path,
    tiling: Tiling,
    length: int,
    windows_path: str | Path,
    *,
    dropped_path: str | Path,
    max_unknown: float,
    controls: ControlPlan | None = None,
) -> int:
    """Cut the tiles of a genome into a windows file and return their number.

    Parameters
    ----------
    length
        Bases per window (L).
    max_unknown
        Largest fraction, 0 to 1, of a window's bases that may be none of A, C, G, T.
    controls
        From `deeplift_genomics.windows.controls.plan_controls`.

    Raises
    ------
    InputError
        If an argument is out of its bounds, a file is missing or damaged, a contig is not in the
        genome, or an output cannot be written.
    NoWindowsError
        If every tile was dropped; the list of dropped tiles is written all the same.
    """
    check_cut(length, max_unknown)
    with open_genome(fasta_path) as genome:
        _check_index(genome)
        names = taken_contigs(genome.lengths, tiling, fasta_path)
        cutter = TileCutter(genome, tiling, length, max_unknown, _excluded(tiling, genome))
        try:
            with windows_writer(windows_path, length) as writer:
                for name in Progress(names, what="contigs", unit="contig"):
                    cutter.cut(name, writer)
                dropped = Dropped(cutter.dropped)
                if not writer.n:
                    places = first_few(f"{r.name} ({r.reason}; {r.detail})" for r in dropped)
                    message = f"Every tile of {fasta_path} was dropped: {places}."
                    raise NoWindowsError(message, dropped)
                writer.finish(_attributes(cutter, writer.n, dropped.n_windows, fasta_path))
                if controls is not None:
                    control_writer(controls, cutter.places())(writer.file)
        finally:
            write_dropped(dropped_path, Dropped(cutter.dropped))
    log.info("%d of %d tiles became windows", writer.n, writer.n + dropped.n_windows)
    return writer.n


def _check_index(genome: Genome) -> None:
    """Refuse an index beside the genome by which tiles were counted, and which does not fit it."""
    if index_of(genome.path) is not None:
        require_fitting(contig_lengths(genome.path), genome.lengths, genome.path)


def _excluded(tiling: Tiling, genome: Genome) -> dict[str, NDArray[np.int64]]:
    """Return, by contig, the starts and ends (2, n), in order, of what no tile may overlap."""
    if tiling.exclude is None:
        return {}
    # only starts and ends count, which every form has in the same columns
    regions = read_regions(tiling.exclude, BED)
    contig_of = match_some_contigs(
        dict.fromkeys(regions.chrom),
        genome.lengths,
        source=f"{tiling.exclude}, whose regions no tile may overlap,",
        target=f"FASTA file {genome.path}",
        aliases=tiling.aliases,
    )
    contigs = np.array([contig_of.get(name) for name in regions.chrom], dtype=object)
    found = {}
    for contig in set(contig_of.values()):
        rows = contigs == contig
        order = np.argsort(regions.start[rows], kind="stable")
        # the furthest end so far: of two regions, one may lie within the other
        ends = np.maximum.accumulate(regions.end[rows][order])
        found[contig] = np.stack([regions.start[rows][order], ends])
    return found


def tile_starts(size: int, length: int, stride: int) -> NDArray[np.int64]:
    """Return the starts of the tiles of a contig of `size` bases; the last tile ends with it.

    >>> tile_starts(25, 10, 10).tolist()
    [0, 10, 15]
    """
    if size < length:
        return np.empty(0, dtype=np.int64)
    starts = np.arange(0, size - length + 1, stride, dtype=np.int64)
    return starts if starts[-1] == size - length else np.append(starts, size - length)


@dataclass
class TileCutter:
    """The state of one run: where the tiles that are kept start, and the stretches dropped."""

    genome: Genome
    tiling: Tiling
    length: int
    max_unknown: float
    excluded: dict[str, NDArray[np.int64]]
    dropped: list[DroppedRegion] = field(default_factory=list)
    kept: dict[str, NDArray[np.int64]] = field(default_factory=dict)  # contig -> starts
    n_ambiguous: int = 0

    def cut(self, name: str, writer: WindowsWriter) -> None:
        """Write the tiles of one contig."""
        size = self.genome.lengths[name]
        starts = tile_starts(size, self.length, self.tiling.stride)
        if not len(starts):
            self.dropped.append(
                dropped_tiles(name, 0, size, reason=SHORT_CONTIG, n=0, note=f"{size} bases")
            )
            return
        windows = ContigWindows(self.genome.contig(name), self.length)
        kept = [np.empty(0, dtype=np.int64)]
        for some in pieces(starts):
            codes = windows.codes(some)
            unknown = unknown_fraction(codes) > self.max_unknown
            excluded = self._overlaps(name, some)
            self._drop(name, some[excluded], EXCLUDED)
            self._drop(name, some[unknown & ~excluded], UNKNOWN_BASES)
            taken = ~(unknown | excluded)
            writer.append(self._windows(name, some[taken], codes[taken]))
            self.n_ambiguous += int(windows.n_ambiguous(some[taken]).sum())
            kept.append(some[taken])
        self.kept[name] = np.concatenate(kept)

    def _overlaps(self, name: str, starts: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return whether each tile overlaps an excluded region."""
        if name not in self.excluded:
            return np.zeros(len(starts), dtype=bool)
        begin, end = self.excluded[name]
        before = np.searchsorted(begin, starts + self.length)  # regions that begin before the end
        furthest = np.concatenate([[0], end])[before]
        return furthest > starts

    def _windows(self, name: str, start: NDArray[np.int64], codes: NDArray[np.int8]) -> Windows:
        """Return tiles of one contig as windows, each named after its place."""
        end = start + self.length
        names = [f"{name}:{a}-{b}" for a, b in zip(start.tolist(), end.tolist(), strict=True)]
        return Windows(
            chrom=np.full(len(start), name, dtype=object),
            start=start,
            end=end,
            summit=start + self.length // 2,
            name=np.array(names, dtype=object),
            strand=np.full(len(start), ".", dtype=object),
            codes=codes,
        )

    def _drop(self, name: str, starts: NDArray[np.int64], reason: str) -> None:
        """Record dropped tiles; join neighbours, also with those of the last call."""
        if not len(starts):
            return
        gaps = np.flatnonzero(np.diff(starts) > self.length) + 1
        for stretch in np.split(starts, gaps):
            begin, n = int(stretch[0]), len(stretch)
            last = self.dropped[-1] if self.dropped else None
            if last and (last.chrom, last.reason) == (name, reason) and begin <= last.end:
                begin, n = last.start, last.n_windows + n
                self.dropped.pop()
            end = int(stretch[-1]) + self.length
            self.dropped.append(dropped_tiles(name, begin, end, reason=reason, n=n))

    def places(self) -> Windows:
        """Return all windows without their bases, for the controls."""
        names = [np.full(len(starts), name, dtype=object) for name, starts in self.kept.items()]
        start = np.concatenate(list(self.kept.values()))
        none = np.empty((len(start), 0), dtype=np.int8)
        chrom = np.concatenate(names)
        return Windows(chrom, start, start + self.length, start, chrom, chrom, none)


def _attributes(
    cutter: TileCutter, n: int, n_dropped: int, fasta: str | Path
) -> dict[str, str | int | float]:
    """Return the attributes of the windows file."""
    tiling = cutter.tiling
    lengths = {name: cutter.genome.lengths[name] for name, kept in cutter.kept.items() if len(kept)}
    return {
        "fasta": Path(fasta).name,
        "fasta_digest": digest(fasta),
        "regions": TILE,
        "regions_digest": digest(tiling.exclude) if tiling.exclude else "",
        "merge_within": 0,
        "tile_stride": tiling.stride,
        "tile_contigs": ",".join(tiling.contigs),
        "tile_leave_out": ",".join(tiling.leave_out),
        "window_length": cutter.length,
        "max_unknown": float(cutter.max_unknown),
        "n_regions": n + n_dropped,
        "n_dropped": n_dropped,
        "n_ambiguous_bases": cutter.n_ambiguous,
        "contig_names": "{}",
        "contig_lengths": json.dumps(lengths, sort_keys=True),
    }
