"""Ablation: instances in real regions replaced by shuffled bases.

The bases of an instance are replaced by those at the same place of dinucleotide shuffles of its
window, several times. The same is done to a stretch of the same length, in the same window, that
overlaps no instance: what the prediction loses there is lost to any replacement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.shuffle import shuffle_codes
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.windows.file import read_rows

_TOGETHER = 64  # windows of sites read and changed at a time


class Site(NamedTuple):
    """A stretch of a window, by row of the windows file; start and end count in the window."""

    row: int
    start: int
    end: int


class Ablation(NamedTuple):
    """The changes of a prediction where instances of a motif were replaced.

    Attributes
    ----------
    motif
        Its label.
    change
        From the window to the window without the instance, averaged over the draws, (n, K).
    control
        The same for a stretch without an instance, (n, K); NaN where the window has none.
    """

    motif: str
    change: NDArray[np.float64]
    control: NDArray[np.float64]


class Places:
    """The windows of a run, to find instances in them.

    Parameters
    ----------
    chrom, start
        Contig and first base of each window, in the order of the windows file.
    length
        Bases of a window.
    """

    def __init__(self, chrom: Sequence[str], start: NDArray[np.int64], length: int) -> None:
        self.length = length
        self._rows: dict[str, NDArray[np.int64]] = {}
        self._starts: dict[str, NDArray[np.int64]] = {}
        contigs = np.asarray(chrom, dtype=object)
        for contig in dict.fromkeys(chrom):
            rows = np.flatnonzero(contigs == contig)
            order = rows[np.argsort(start[rows], kind="stable")]
            self._rows[contig], self._starts[contig] = order, start[order]

    def site(self, chrom: str, start: int, end: int) -> Site | None:
        """Return an instance in the window whose centre is nearest, or None if it leaves that."""
        if chrom not in self._rows:
            return None
        starts = self._starts[chrom]
        wanted = (
            start + end - self.length
        ) // 2  # start of a window with the instance at its centre
        at = int(np.searchsorted(starts, wanted))
        near = [i for i in (at - 1, at) if 0 <= i < len(starts)]
        best = min(near, key=lambda i: abs(int(starts[i]) - wanted))
        first = int(starts[best])
        if start < first or end > first + self.length:
            return None
        return Site(int(self._rows[chrom][best]), start - first, end - first)


def control_of(site: Site, taken: Iterable[tuple[int, int]], length: int, seed: int) -> Site | None:
    """Return a stretch as long as a site, in its window, that overlaps nothing in `taken`.

    None if there is none. Which one it is depends on the seed and the site alone.
    """
    width = site.end - site.start
    free = np.ones(length - width + 1, dtype=bool)
    for start, end in taken:
        free[max(start - width + 1, 0) : max(end, 0)] = False
    starts = np.flatnonzero(free)
    if not len(starts):
        return None
    at = int(np.random.default_rng([seed, *site]).choice(starts))
    return Site(site.row, at, at + width)


def ablate(
    meter: Meter,
    windows_path: str | Path,
    sites: Mapping[str, Sequence[Site]],
    taken: Mapping[int, Sequence[tuple[int, int]]],
    *,
    draws: int,
    seed: int,
) -> list[Ablation]:
    """Measure what the prediction loses without the instances of each motif.

    Parameters
    ----------
    windows_path
        The windows file.
    sites
        Label of a motif -> the instances to replace.
    taken
        Row of a window -> start and end in the window of all instances of all motifs.
    draws
        Replacements of each instance, each by other bases.
    seed
        Of the shuffles and of the choice of stretches without an instance.

    Raises
    ------
    InputError
        If the windows file cannot be read.
    """
    found = []
    progress = Progress(
        what="ablation", unit="instance", total=sum(len(some) for some in sites.values())
    )
    for motif, some in sites.items():
        parts = []
        for first in range(0, len(some), _TOGETHER):
            block = some[first : first + _TOGETHER]
            codes, controls = read_rows(windows_path, [site.row for site in block])
            base = meter.backgrounds(codes, controls)
            shuffled = shuffle_codes(codes, draws, seed)
            others = [
                control_of(site, taken.get(site.row, ()), codes.shape[1], seed) for site in block
            ]
            parts.append(
                np.stack([_changes(meter, base, shuffled, places) for places in (block, others)])
            )
            progress.update(len(block))
        k = len(meter.measures)
        joined = np.concatenate(parts, axis=1) if parts else np.empty((2, 0, k))
        found.append(Ablation(motif, joined[0], joined[1]))
    progress.close()
    return found


def _changes(
    meter: Meter, base: Backgrounds, shuffled: NDArray[np.int8], places: Sequence[Site | None]
) -> NDArray[np.float64]:
    """Return the changes (n, K) of n windows whose bases at a place are replaced; NaN without one.

    `shuffled` (n, draws, L) has the new bases.
    """
    rows = np.array([i for i, place in enumerate(places) if place is not None], dtype=np.int64)
    changes = np.full((len(places), len(meter.measures)), np.nan)
    if not len(rows):
        return changes
    draws, length = shuffled.shape[1:]
    made = np.repeat(base.codes[rows, None], draws, axis=1)
    for windows, row in zip(made, rows, strict=True):
        place = places[row]
        assert place is not None
        windows[:, place.start : place.end] = shuffled[row, :, place.start : place.end]
    of_draws = meter.changes(made.reshape(-1, length), base, np.repeat(rows, draws))
    changes[rows] = of_draws.reshape(len(rows), draws, -1).mean(axis=1)
    return changes
