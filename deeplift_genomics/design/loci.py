"""The places in the genome whose oligos are designed: the best-supported instances of a motif.

Instances come in this order; those of equal rank by what comes next:

1. that overlap no instance of another motif, so that replacing it tests one motif;
2. that are called for more targets;
3. near the centre of the window: within a quarter of its length, with the insert centred on them;
4. with the largest contribution: of the targets, each as a share of the motif's largest there.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.effects.ablation import Places, Site
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.one_place import is_one_place
from deeplift_genomics.instances.table import INSTANCES

MOST = 200  # instances of a motif and target, those of the largest contribution, that are looked at
_CENTRAL = 4  # a place is central within 1 / 4 of the window on either side of its centre
_NAMES = ("chrom", "start", "end", "motif", "strand", "contribution", "region")
_COLUMNS = [list(INSTANCES.columns).index(name) for name in _NAMES]


class _Instance(NamedTuple):
    """The cells of an instance that count here."""

    chrom: str
    start: int
    end: int
    motif: str
    strand: str
    contribution: float | None
    region: str

    @property
    def size(self) -> float:
        """The contribution without its sign."""
        return abs(self.contribution or 0.0)


@dataclass(eq=False)
class Locus:
    """An instance of a motif, and the insert around it.

    Attributes
    ----------
    motif, chrom, start, end, strand, region
        As in the table of instances.
    site
        The window, and the instance in it.
    insert
        First base of the insert in the window.
    off_centre
        How far the insert had to be moved to be in the window (bp).
    central
        Whether the instance is near the centre of the window, and the insert centred on it.
    support
        Target for which the instance is called -> its contribution, as a share of the largest of
        the motif.
    others
        Other motifs with an instance that overlaps this one.
    """

    motif: str
    chrom: str
    start: int
    end: int
    strand: str
    region: str
    site: Site
    insert: int
    off_centre: int
    central: bool
    support: dict[str, float] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    @property
    def core(self) -> tuple[int, int]:
        """First base of the instance in the insert, and the one after its last."""
        return self.site.start - self.insert, self.site.end - self.insert

    @property
    def first(self) -> int:
        """First base of the insert on the contig."""
        return self.start - self.core[0]

    def rank(self) -> tuple:
        """Return what sorts the best locus first."""
        size = -round(sum(self.support.values()), 9)
        place = (self.chrom, self.start, self.end, self.strand)
        return (bool(self.others), -len(self.support), not self.central, size, *place)


class Loci(NamedTuple):
    """The loci of a motif, the best ones first, and why other instances are none."""

    usable: list[Locus]
    reasons: Counter[str]


def find_loci(tables: Mapping[str, Path], places: Places, length: int) -> dict[str, Loci]:
    """Return the loci of each motif that has instances.

    Parameters
    ----------
    tables
        Target -> its table of instances.
    places
        The windows.
    length
        Bases of an insert. Instances that are longer are left out, and so are those that leave
        their window.

    Raises
    ------
    InputError
        If a table is missing or damaged.
    """
    largest: dict[tuple[str, str], float] = defaultdict(float)  # of target and motif
    found: dict[tuple[str, str, int, int, str], Locus] = {}
    of_motif: dict[str, Loci] = defaultdict(lambda: Loci([], Counter()))
    for target, table in tables.items():
        for one in _strongest(target, table, largest):
            locus = _locus(one, places, length)
            if isinstance(locus, str):
                of_motif[one.motif].reasons[locus] += 1
            else:
                found.setdefault((one.motif, one.chrom, one.start, one.end, one.strand), locus)
    near = _Near(found.values())
    for target, table in tables.items():
        for one in _instances(table):
            for locus in near.overlapped(one):
                if one.motif != locus.motif:
                    locus.others.add(one.motif)
                elif is_one_place(one.start, one.end, locus.start, locus.end):
                    share = one.size / (largest[target, one.motif] or 1)
                    locus.support[target] = max(share, locus.support.get(target, 0.0))
    for locus in sorted(found.values(), key=Locus.rank):
        of_motif[locus.motif].usable.append(locus)
    return dict(of_motif)


def _instances(table: Path) -> Iterator[_Instance]:
    """Yield the instances of a target."""
    for row in iterate_table(table, INSTANCES):
        yield _Instance(*(row[i] for i in _COLUMNS))


def _strongest(
    target: str, table: Path, largest: dict[tuple[str, str], float]
) -> Iterator[_Instance]:
    """Yield the strongest instances of each motif, and note the largest contribution."""
    heaps: dict[str, list[tuple[float, int, _Instance]]] = defaultdict(list)
    for number, one in enumerate(_instances(table)):
        largest[target, one.motif] = max(largest[target, one.motif], one.size)
        heap, item = heaps[one.motif], (one.size, -number, one)
        if len(heap) < MOST:
            heapq.heappush(heap, item)
        elif item > heap[0]:
            heapq.heapreplace(heap, item)
    for heap in heaps.values():
        yield from (one for _, _, one in sorted(heap, reverse=True))


def _locus(one: _Instance, places: Places, length: int) -> Locus | str:
    """Return the locus of an instance, or why it is none."""
    if one.end - one.start > length:
        return f"the instance is longer than the insert of {length} bp"
    site = places.site(one.chrom, one.start, one.end)
    if site is None:
        return "the instance is in no window"
    wanted = (site.start + site.end - length) // 2
    insert = min(max(wanted, 0), places.length - length)
    away = abs(site.start + site.end - places.length) / 2
    central = insert == wanted and away <= places.length / _CENTRAL
    place = (one.motif, one.chrom, one.start, one.end, one.strand, one.region)
    return Locus(*place, site, insert, abs(insert - wanted), central)


class _Near:
    """Loci by contig and start, to find those that overlap an instance."""

    def __init__(self, loci: Iterable[Locus]) -> None:
        self._loci: dict[str, list[Locus]] = defaultdict(list)
        for locus in sorted(loci, key=lambda one: one.start):
            self._loci[locus.chrom].append(locus)
        self._starts = {
            chrom: [locus.start for locus in some] for chrom, some in self._loci.items()
        }
        lengths = (locus.end - locus.start for some in self._loci.values() for locus in some)
        self._longest = max(lengths, default=0)

    def overlapped(self, one: _Instance) -> Iterator[Locus]:
        """Yield the loci that share a base with an instance."""
        starts = self._starts.get(one.chrom, [])
        first = bisect_left(starts, one.start - self._longest + 1)
        for locus in self._loci[one.chrom][first : bisect_left(starts, one.end)] if starts else ():
            if locus.end > one.start:
                yield locus


def is_apart(locus: Locus, others: list[Locus], length: int) -> bool:
    """Tell whether a locus has another window than others, and bases of its own."""
    return all(
        locus.site.row != other.site.row
        and (locus.chrom != other.chrom or abs(locus.first - other.first) >= length)
        for other in others
    )
