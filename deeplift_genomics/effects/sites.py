"""The instances that are replaced: some of each motif, drawn while their table is read."""

from __future__ import annotations

import heapq
import zlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from deeplift_genomics.effects.ablation import Places, Site
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.windows.file import read_places

_COLUMNS = [list(INSTANCES.columns).index(name) for name in ("chrom", "start", "end", "motif")]


def draw_sites(
    instances: str | Path, places: Places, motifs: Iterable[str], *, most: int, seed: int
) -> dict[str, list[Site]]:
    """Return up to `most` instances of each motif, in the order of the windows file.

    They are those whose place, with the seed, has the smallest CRC-32, so that the choice depends
    neither on the order of the table nor on other motifs. An instance that leaves its window is
    not drawn.
    """
    drawn: dict[str, list[tuple[int, Site]]] = {motif: [] for motif in motifs}
    for row in iterate_table(instances, INSTANCES) if most else ():
        chrom, start, end, motif = (row[i] for i in _COLUMNS)
        if motif not in drawn:
            continue
        size = zlib.crc32(f"{seed} {chrom} {start} {end}".encode())
        heap = drawn[motif]
        if len(heap) == most and -heap[0][0] <= size:
            continue
        site = places.site(chrom, start, end)
        if site is None or (-size, site) in heap:
            continue
        (heapq.heappush if len(heap) < most else heapq.heapreplace)(heap, (-size, site))
    return {motif: sorted(site for _, site in heap) for motif, heap in drawn.items()}


def taken_of(
    instances: str | Path, windows: str | Path, sites: Mapping[str, list[Site]]
) -> dict[int, list[tuple[int, int]]]:
    """Return the stretches of all instances in the windows of some sites, by row of the window."""
    place = read_places(windows)
    chosen: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for row in {site.row for some in sites.values() for site in some}:
        chosen[place.chrom[row]].append((int(place.start[row]), row))
    for starts in chosen.values():
        starts.sort()
    taken: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for cells in iterate_table(instances, INSTANCES) if chosen else ():
        chrom, start, end, _ = (cells[i] for i in _COLUMNS)
        starts = chosen.get(chrom, [])
        first = bisect_left(starts, (start - place.length + 1, -1))
        for begin, row in starts[first : bisect_left(starts, (end, -1))]:
            taken[row].append((start - begin, end - begin))
    return taken
