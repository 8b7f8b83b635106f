"""Planted sites of the demo that are found, around the chosen cutoffs of instances.

::

    make demo
    python -m benchmarks.instances results/demo

The table shows, for each target, the smallest recall and the smallest precision of the four
factors. The numbers in docs/methods.md are from here.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.instances.calls import call_instances
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.scan import scan_windows
from deeplift_genomics.scores.file import read_scores
from deeplift_genomics.settings.motif_sections import Instances

TRUTH = Path(__file__).parents[1] / "resources" / "demo" / "truth.bed"
COUNTED = 2 / 3  # of the shorter of instance and site: the least overlap that counts


class Site(NamedTuple):
    """A planted site; its strength is 1000 for the best site of the factor."""

    chrom: str
    start: int
    end: int
    factor: str
    strength: int


class Found(NamedTuple):
    """What was found of a factor: shares of the sites, and of the instances, that are right."""

    recall: float
    precision: float


def planted_sites(path: Path = TRUTH) -> list[Site]:
    """Return all planted sites."""
    rows = (line.split("\t") for line in path.read_text().splitlines())
    return [Site(row[0], int(row[1]), int(row[2]), row[3], int(row[4])) for row in rows]


def sites_in(scores: Path, sites: Iterable[Site]) -> list[Site]:
    """Return the sites that a window of a score file holds."""
    windows = read_scores(scores)
    return [
        site
        for site in sites
        if (
            (windows.chrom == site.chrom)
            & (windows.start <= site.start)
            & (windows.end >= site.end)
        ).any()
    ]


def compare(
    instances: Sequence[Instance], searched: Sequence[Site], sites: Sequence[Site]
) -> dict[str, Found]:
    """Return what was found of each factor, of the sites that were searched.

    The factor of a pattern is that of most of the sites that its instances overlap.
    """
    pairs = [(one, site) for one in instances for site in sites if _is_at(one, site)]
    votes: dict[str, Counter[str]] = {one.pattern: Counter() for one in instances}
    for one, site in pairs:
        votes[one.pattern][site.factor] += 1
    factor = {name: max(count, key=count.__getitem__, default="") for name, count in votes.items()}
    right = [(one, site) for one, site in pairs if factor[one.pattern] == site.factor]
    hit, true = {site for _, site in right}, {one[:5] for one, _ in right}
    found = {}
    for name in sorted({site.factor for site in sites}):
        mine = [site for site in searched if site.factor == name]
        called = [one for one in instances if factor[one.pattern] == name]
        found[name] = Found(
            sum(site in hit for site in mine) / max(1, len(mine)),
            sum(one[:5] in true for one in called) / max(1, len(called)),
        )
    return found


def _is_at(one: Instance, site: Site) -> bool:
    shared = min(one.end, site.end) - max(one.start, site.start)
    shorter = min(one.end - one.start, site.end - site.start)
    return one.chrom == site.chrom and shared >= COUNTED * shorter


def variants() -> Iterator[Instances]:
    """Yield the settings to compare: the defaults, and each of them changed."""
    usual = Instances()
    yield usual
    for key, values in {
        "match_p": (1, 0.01, 0.0001),
        "weakest": (0, 0.002, 0.01, 0.02),
        "worst": (0, 0.01, 0.02, 0.05),
        "max_overlap": (0, 0.25, 0.75),
    }.items():
        for value in values:
            yield usual.model_copy(update={key: value})


def main(folder: Path) -> None:
    """Print the table."""
    sites = planted_sites()
    targets = sorted(path.name.removesuffix(".scores.h5") for path in folder.glob("*.scores.h5"))
    print("| match_p | weakest | worst | max_overlap |", " | ".join(targets), "|")
    for settings in variants():
        cells = []
        for target in targets:
            scores, motifs = folder / f"{target}.scores.h5", folder / f"{target}.modisco.h5"
            with tempfile.TemporaryDirectory() as work:
                shard = Path(work) / "calls.h5"
                scan_windows(scores, motifs, shard, settings=settings)
                calls = call_instances([shard], scores, max_overlap=settings.max_overlap)
                found = compare(list(calls), sites_in(scores, sites), sites)
            least = (min(one[column] for one in found.values()) for column in (0, 1))
            cells.append("{:.3f}, {:.3f}".format(*least))
        values = (settings.match_p, settings.weakest, settings.worst, settings.max_overlap)
        print("|", " | ".join([*map(str, values), *cells]), "|", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
