"""A small genome with planted motifs, and the reads that their factors would leave.

Contigs are cut into slots. Three slots in four get a locus: one to three sites drawn from the
motifs' PFMs, close together. Elsewhere nothing scores like a site: what does so by chance is
broken, so that the list of planted sites is the whole truth. A site attracts reads in proportion
to its strength and in the shape of its factor's footprint, on top of an even background.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matrices import DIGITS, Motif
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import UNKNOWN

CONTIGS = {"chr1": 400_000, "chr2": 300_000, "chr3": 200_000, "chr4": 150_000}  # bp
# runs of N, (contig, start, end); a locus lies just before each, as beside real assembly gaps
GAPS = (("chr2", 100_000, 102_400), ("chr3", 60_000, 60_800))
BESIDE = 130  # bp from the locus to the gap, or to the contig's edge where that has one too
SLOT = 800  # bp
LOCUS_SHARE = 0.75
SITES_PER_LOCUS = ((1, 0.55), (2, 0.33), (3, 0.12))
SPREAD = 70  # sites lie within so many bp of the middle of their locus
APART = 10  # bp between two sites, at least
WEAKEST_SITE = 0.75  # relative score of a planted site, at least
STRONGEST_CHANCE = 0.7  # relative score left anywhere else, less than this

# next base (columns A C G T) given the last (rows): 42% GC, few CG, as in mammals
TRANSITIONS = np.array(
    [
        [0.32, 0.17, 0.24, 0.27],
        [0.35, 0.25, 0.05, 0.35],
        [0.29, 0.21, 0.25, 0.25],
        [0.22, 0.20, 0.25, 0.33],
    ]
)

BACKGROUND = 0.2  # reads per base and strand
READS = 500  # reads at a site of strength 1
REACH = 50  # bp from the middle of a site to the end of its footprint
# factor -> bumps of its footprint: strand, offset from the middle (bp), standard deviation (bp),
# share; as seen along the site's own strand, symmetric for the two palindromic sites
FOOTPRINTS = {
    "CTCF": (("+", -24, 3.0, 0.45), ("+", 6, 2.0, 0.15), ("-", 18, 3.0, 0.40)),
    "SPI1": (("+", -12, 2.0, 0.60), ("-", 8, 2.0, 0.15), ("-", 24, 4.0, 0.25)),
    "FOS::JUN": (("+", -8, 1.5, 0.50), ("-", 8, 1.5, 0.50)),
    "NRF1": (
        ("+", -34, 4.0, 0.25),
        ("+", -16, 3.0, 0.25),
        ("-", 16, 3.0, 0.25),
        ("-", 34, 4.0, 0.25),
    ),
}


@dataclass(frozen=True)
class Site:
    """A planted site: [start, end) on `chrom`; `score` is relative to the motif's best, 0 to 1."""

    chrom: str
    start: int
    end: int
    factor: str
    score: float
    strand: str

    @property
    def strength(self) -> float:
        """Share of `READS` that the site attracts, 0 to 1."""
        return (self.score - 0.4) / 0.6


@dataclass(frozen=True)
class Simulation:
    """All that was simulated.

    Attributes
    ----------
    motifs : list of Motif
    sequences : dict of str to int8 (length,)
        Contig -> codes.
    sites : list of Site
        In the order of the genome.
    rates : dict of str to float64 (length, 2)
        Contig -> reads expected at each base on the strands + and -.
    reads : dict of str to int64 (length, 2)
        Contig -> reads drawn.
    """

    motifs: list[Motif]
    sequences: dict[str, NDArray[np.int8]]
    sites: list[Site]
    rates: dict[str, NDArray[np.float64]]
    reads: dict[str, NDArray[np.int64]]


def simulate(motifs: list[Motif], seed: int) -> Simulation:
    """Simulate genome, sites and reads; the same seed gives the same of each."""
    rng = np.random.default_rng(seed)
    sequences, sites = {}, []
    for chrom, length in CONTIGS.items():
        codes = _background(length, rng)
        planted = _plant(codes, chrom, motifs, rng)
        for _, start, end in _gaps(chrom):
            codes[start:end] = UNKNOWN
        _break_chance_sites(codes, planted, motifs, rng)
        sequences[chrom] = codes
        sites += planted
    rates = {chrom: _rates(chrom, codes, sites) for chrom, codes in sequences.items()}
    reads = {chrom: rng.poisson(rate) for chrom, rate in rates.items()}
    return Simulation(motifs, sequences, sites, rates, reads)


def chance_sites(
    codes: NDArray[np.int8], motif: Motif, planted: list[Site]
) -> Iterator[tuple[int, str]]:
    """Yield (start, strand) of each place that scores like a site of `motif` and is none.

    A palindromic site also scores on the other strand, a few bases off: what shares at least half
    its bases with a planted site of the same factor is that site.
    """
    starts = np.array([site.start for site in planted if site.factor == motif.factor])
    for strand in "+-":
        scores = motif.relative_scores(codes, strand)
        for start in np.flatnonzero(scores >= STRONGEST_CHANCE):
            if not np.any(np.abs(starts - start) <= motif.width / 2):
                yield int(start), strand


def _gaps(chrom: str) -> list[tuple[str, int, int]]:
    return [gap for gap in GAPS if gap[0] == chrom]


def _background(length: int, rng: np.random.Generator) -> NDArray[np.int8]:
    """Codes (length,) of a first-order Markov chain."""
    steps = TRANSITIONS.cumsum(axis=1)[:, :3].tolist()
    codes = np.empty(length, np.int8)
    last = 0
    for position, draw in enumerate(rng.random(length).tolist()):
        a, c, g = steps[last]
        last = 0 if draw < a else 1 if draw < c else 2 if draw < g else 3
        codes[position] = last
    return codes


def _plant(
    codes: NDArray[np.int8], chrom: str, motifs: list[Motif], rng: np.random.Generator
) -> list[Site]:
    """Write sites into `codes` and return them in their order."""
    sites = []
    for middle in _loci(chrom, rng):
        numbers, shares = zip(*SITES_PER_LOCUS, strict=True)
        number = rng.choice(numbers, p=shares)
        chosen = [motifs[index] for index in rng.integers(len(motifs), size=number)]
        for motif, start in zip(chosen, _starts(chosen, middle, rng), strict=True):
            drawn, score = motif.sample(rng, WEAKEST_SITE)
            strand = "+-"[rng.integers(2)]
            end = start + motif.width
            codes[start:end] = drawn if strand == "+" else 3 - drawn[::-1]
            sites.append(Site(chrom, start, end, motif.factor, score, strand))
    return sorted(sites, key=lambda site: site.start)


def _loci(chrom: str, rng: np.random.Generator) -> list[int]:
    """Middles of the contig's loci, ascending."""
    length = CONTIGS[chrom]
    middles = []
    for start in range(0, length - SLOT + 1, SLOT):
        middle = start + SLOT // 2 + int(rng.integers(-SLOT // 8, SLOT // 8))
        if rng.random() < LOCUS_SHARE:
            middles.append(middle)
    forced = [start - BESIDE for _, start, _ in _gaps(chrom)]
    forced += {"chr1": [BESIDE], "chr2": [length - BESIDE]}.get(chrom, [])
    near = [(at - SLOT, at + SLOT) for at in forced]
    near += [(start - SLOT, end + SLOT // 2) for _, start, end in _gaps(chrom)]
    free = [at for at in middles if not any(first < at < last for first, last in near)]
    return sorted(free + forced)


def _starts(chosen: list[Motif], middle: int, rng: np.random.Generator) -> list[int]:
    """Starts of sites of the chosen motifs around `middle`, none nearer to another than allowed."""
    while True:
        starts = [middle + int(rng.integers(-SPREAD, SPREAD - motif.width + 1)) for motif in chosen]
        spans = sorted((at, at + motif.width) for at, motif in zip(starts, chosen, strict=True))
        if all(right[0] - left[1] >= APART for left, right in pairwise(spans)):
            return starts


def _break_chance_sites(
    codes: NDArray[np.int8], planted: list[Site], motifs: list[Motif], rng: np.random.Generator
) -> None:
    """Redraw bases, none of a planted site, until nothing but these scores like a site."""
    fixed = np.zeros(len(codes), bool)
    for site in planted:
        fixed[site.start : site.end] = True
    while True:
        found = [
            (start, motif) for motif in motifs for start, _ in chance_sites(codes, motif, planted)
        ]
        if not found:
            return
        for start, motif in found:
            free = start + np.flatnonzero(~fixed[start : start + motif.width])
            at = rng.choice(free)
            codes[at] = rng.choice(4, p=TRANSITIONS[codes[at - 1] % 4] if at else None)


def footprint(factor: str) -> NDArray[np.float64]:
    """Share of a site's reads at offsets -REACH to REACH on its own and the other strand (W, 2)."""
    offsets = np.arange(-REACH, REACH + 1)
    shape = np.zeros((len(offsets), 2))
    for strand, middle, deviation, share in FOOTPRINTS[factor]:
        bump = np.exp(-0.5 * ((offsets - middle) / deviation) ** 2)
        shape[:, "+-".index(strand)] += share * bump / bump.sum()
    return shape


def _rates(chrom: str, codes: NDArray[np.int8], sites: list[Site]) -> NDArray[np.float64]:
    """Reads expected at each base on either strand (length, 2); none in a gap."""
    rates = np.full((len(codes) + 2 * REACH, 2), BACKGROUND)
    shapes = {factor: footprint(factor) for factor in FOOTPRINTS}
    for site in sites:
        if site.chrom != chrom:
            continue
        middle = (site.start + site.end - 1) // 2
        shape = shapes[site.factor]
        if site.strand == "-":
            middle = (site.start + site.end) // 2
            shape = shape[::-1, ::-1]
        rates[middle : middle + 2 * REACH + 1] += READS * site.strength * shape
    rates = np.round(rates[REACH:-REACH], DIGITS)
    rates[codes == UNKNOWN] = 0
    return rates
