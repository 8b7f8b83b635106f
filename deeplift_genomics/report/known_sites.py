"""Known sites, such as those planted into simulated sequences: how many did the run find?"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bed import read_regions
from deeplift_genomics.errors import InputError
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.windows.file import read_places

COVERED = 0.5  # share of a site's bases that a seqlet or an instance must hold


class Places(NamedTuple):
    """Stretches of the genome and their names, arrays (n,)."""

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    name: NDArray[np.object_]

    def __len__(self) -> int:
        """Return the number of stretches."""
        return len(self.start)

    def chosen(self, rows: NDArray) -> Places:
        """Return some of them."""
        return Places(*(column[rows] for column in self))


class Found(NamedTuple):
    """The sites of one name that lie where a target's motifs are searched for.

    `motif` is the motif of most of the instances that cover them, ``""`` if none does.
    """

    name: str
    sites: int
    by_seqlets: int
    by_instances: int
    motif: str


def read_known_sites(path: str | Path) -> Places:
    """Read a BED file of sites; a site without a name is called ``site``.

    Raises
    ------
    InputError
        If it is no BED file.
    """
    found = read_regions(path)
    places = (f"{c}:{s}-{e}" for c, s, e in zip(found.chrom, found.start, found.end, strict=True))
    named = zip(found.name, places, strict=True)
    names = np.array(["site" if name == place else name for name, place in named], object)
    return Places(found.chrom, found.start, found.end, names)


@lru_cache(maxsize=1)
def found_sites(run: SampleRun, path: str | Path) -> list[tuple[TargetRun, list[Found]]]:
    """Count, for each target, the known sites that its seqlets and its instances cover.

    A site counts if it lies in the stretch of a window in which motifs are searched for, and is
    covered by what holds at least half of its bases.

    Raises
    ------
    InputError
        If no site lies there: then the file is of other regions or of another genome.
    """
    sites = read_known_sites(path)
    windows = read_places(run.paths["windows"])
    searched = min(int(run.config.get("motifs", {}).get("window", windows.length)), windows.length)
    starts = windows.start + (windows.length - searched) // 2
    inside = _within(sites, windows.chrom, starts, searched)
    if not inside.any():
        raise InputError(
            f"{path} has {len(sites):,} sites, and none of them is within the central {searched:,} "
            "bp of a window. Give sites in the coordinates of the regions' genome, in the column "
            "'known_sites' of the sample sheet, or leave the cell empty."
        )
    sites = sites.chosen(np.flatnonzero(inside))
    return [(target, _of_target(run, target, sites)) for target in run.targets]


def _of_target(run: SampleRun, target: TargetRun, sites: Places) -> list[Found]:
    seqlets, instances = _seqlets(target), _instances(run, target)
    by_seqlets, by_instances = covering(sites, seqlets), covering(sites, instances)
    found = []
    for name in sorted(set(sites.name)):
        rows = np.flatnonzero(sites.name == name)
        motifs = Counter(str(instances.name[i]) for row in rows for i in by_instances[row])
        found.append(
            Found(
                name,
                len(rows),
                sum(bool(by_seqlets[row]) for row in rows),
                sum(bool(by_instances[row]) for row in rows),
                motifs.most_common(1)[0][0] if motifs else "",
            )
        )
    return found


def covering(sites: Places, others: Places) -> list[list[int]]:
    """Return, for each site, the rows of the others that hold at least half of its bases.

    >>> sites = Places(*map(np.array, (["a", "a"], [10, 50], [20, 60], ["x", "x"])))
    >>> covering(sites, Places(*map(np.array, (["a"], [15], [52], ["m"]))))
    [[0], []]
    """
    found: list[list[int]] = [[] for _ in range(len(sites))]
    for contig in set(sites.chrom) & set(others.chrom):
        rows = np.flatnonzero(others.chrom == contig)
        rows = rows[np.argsort(others.start[rows], kind="stable")]
        start, end = others.start[rows], others.end[rows]
        longest = int((end - start).max())
        for site in np.flatnonzero(sites.chrom == contig):
            first, last = int(sites.start[site]), int(sites.end[site])
            some = slice(*np.searchsorted(start, [first - longest, last]))
            shared = np.minimum(end[some], last) - np.maximum(start[some], first)
            found[site] = rows[some][shared >= COVERED * (last - first)].tolist()
    return found


def _within(
    sites: Places, chrom: NDArray[np.object_], starts: NDArray[np.int64], length: int
) -> NDArray[np.bool_]:
    """Return which sites lie wholly within a stretch of that length from one of the starts."""
    inside = np.zeros(len(sites), bool)
    for contig in set(sites.chrom) & set(chrom):
        rows = np.flatnonzero(sites.chrom == contig)
        of_contig = np.sort(starts[chrom == contig])
        # the last stretch that starts no later than the site
        at = np.searchsorted(of_contig, sites.start[rows], side="right") - 1
        inside[rows] = (at >= 0) & (sites.end[rows] <= of_contig[at] + length)
    return inside


def _seqlets(target: TargetRun) -> Places:
    """Return the seqlets of a target in the genome, from its BED file."""
    import pandas as pd

    table = pd.read_csv(
        target.paths["seqlets"],
        sep="\t",
        header=0,
        usecols=[0, 1, 2, 3],
        names=["chrom", "start", "end", "pattern"],
        dtype={"chrom": str, "pattern": str},
        keep_default_na=False,
    )
    return Places(*(table[name].to_numpy() for name in table.columns))


def _instances(run: SampleRun, target: TargetRun) -> Places:
    columns = run.instances[target.text]
    names = np.array([motif.name for motif in run.motifs] or [""], object)
    contigs = np.array([*columns.contigs, ""], object)
    return Places(
        contigs[columns.contig],
        columns.start,
        columns.start + columns.width,
        names[columns.motif],
    )
