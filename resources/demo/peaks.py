"""A plain peak caller, and the demo's choice among what it calls."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.atomic import atomic_path

BOX = 75  # bp over which reads are averaged
FOLD = 3.0  # of the genome's median, from which on a base is enriched
MERGE = 150  # bp between enriched runs that still make one peak, at most


@dataclass(frozen=True)
class Peak:
    """A peak [start, end) with its summit (a position on the contig) and statistics.

    `fold` is the enrichment over the genome's median; `p` and `q` are -log10 of the Poisson
    p-value and of its Benjamini-Hochberg q-value.
    """

    chrom: str
    start: int
    end: int
    name: str
    summit: int
    fold: float
    p: float
    q: float = 0.0


def call_peaks(reads: dict[str, NDArray[np.int64]]) -> list[Peak]:
    """Runs of enriched bases, both strands together; in the order of the genome."""
    box = np.ones(BOX, int)
    boxed = {chrom: np.convolve(of.sum(axis=1), box, "same") for chrom, of in reads.items()}
    typical = float(np.median(np.concatenate(list(boxed.values()))))
    level = typical / BOX
    peaks: list[Peak] = []
    for chrom, values in boxed.items():
        for start, end in _runs(values > FOLD * typical):
            count = int(reads[chrom][start:end].sum())
            expected = level * (end - start)
            name = f"peak_{len(peaks) + 1:04d}"
            summit = start + int(values[start:end].argmax())
            p = _poisson(count, expected)
            peaks.append(Peak(chrom, start, end, name, summit, count / expected, p))
    tests = sum(map(len, reads.values())) // BOX
    return _with_q(peaks, tests)


def _runs(enriched: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Runs of True as [start, end), joined where no more than MERGE apart."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], enriched, [False]]).astype(np.int8)))
    runs: list[tuple[int, int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and start - runs[-1][1] <= MERGE:
            start = runs.pop()[0]
        runs.append((start, end))
    return runs


def _poisson(count: int, expected: float) -> float:
    """-log10 of P(X >= count), by the geometric bound of the tail (close for count >> expected)."""
    log_mass = count * math.log(expected) - expected - math.lgamma(count + 1)
    return -(log_mass + math.log((count + 1) / (count + 1 - expected))) / math.log(10)


def _with_q(peaks: list[Peak], tests: int) -> list[Peak]:
    """Peaks with their q-values, after Benjamini and Hochberg (1995) for so many tests."""
    order = sorted(range(len(peaks)), key=lambda index: peaks[index].p)
    least, done = 0.0, list(peaks)
    for rank, index in zip(range(len(peaks), 0, -1), order, strict=True):
        least = max(least, peaks[index].p - math.log10(tests / rank))
        done[index] = replace(peaks[index], q=least)
    return done


def choose_regions(
    peaks: list[Peak], sequences: dict[str, NDArray[np.int8]], number: int, margin: int, seed: int
) -> list[Peak]:
    """Peaks for the demo's region file: `number` that can be used, and some that cannot.

    The latter are all peaks within `margin` bp of a contig's edge or of an N, the first and last
    usable one a second time, as in lists joined from two replicates, and one on a contig that the
    genome lacks.
    """
    usable = [peak for peak in peaks if is_clear(peak, sequences, margin)]
    others = [peak for peak in peaks if not is_clear(peak, sequences, margin)]
    rows = np.random.default_rng(seed).choice(len(usable), number, replace=False)
    chosen = [usable[row] for row in sorted(rows)]
    again = [replace(peak, name=f"{peak.name}_again") for peak in (chosen[0], chosen[-1])]
    order = list(sequences)
    regions = sorted(chosen + others + again, key=lambda p: (order.index(p.chrom), p.start, p.name))
    return [*regions, replace(chosen[0], chrom="chrUn", name="peak_unplaced")]


def is_clear(peak: Peak, sequences: dict[str, NDArray[np.int8]], margin: int) -> bool:
    """Whether `margin` bp to both sides of the summit are within the contig and free of N."""
    codes = sequences[peak.chrom]
    first, last = peak.summit - margin, peak.summit + margin
    return first >= 0 and last <= len(codes) and bool((codes[first:last] < 4).all())


def write_narrowpeak(path: Path, peaks: Iterable[Peak]) -> None:
    """Write peaks as BED6+4; the score grows with the fold enrichment, up to 1000."""
    lines = []
    for peak in peaks:
        score = min(1000, round(50 * peak.fold))
        row = (peak.chrom, peak.start, peak.end, peak.name, score, ".")
        statistics = (f"{peak.fold:.3f}", f"{peak.p:.3f}", f"{peak.q:.3f}")
        lines.append("\t".join(map(str, (*row, *statistics, peak.summit - peak.start))))
    with atomic_path(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="ascii")
