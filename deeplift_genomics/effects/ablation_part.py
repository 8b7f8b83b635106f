"""Ablation of all motifs of a target: its datasets and rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from deeplift_genomics.effects.ablation import Ablation, Places, Site, ablate
from deeplift_genomics.effects.heads import SHAPE, Measure
from deeplift_genomics.effects.inserts import Insert
from deeplift_genomics.effects.meter import Meter
from deeplift_genomics.effects.part import Part
from deeplift_genomics.effects.sites import draw_sites, taken_of
from deeplift_genomics.effects.statistics import EFFECT, LEVEL, NO_EFFECT, bootstrap
from deeplift_genomics.effects.table import interval_cells, row_of
from deeplift_genomics.scores.effects import ABLATION
from deeplift_genomics.settings.motif_sections import Effects
from deeplift_genomics.windows.file import read_places

log = logging.getLogger(__name__)

TOO_FEW = "too few instances"


def measure_ablations(
    meter: Meter, inserts: Sequence[Insert], settings: Effects, *, windows: Path, instances: Path
) -> Part:
    """Replace instances of each motif in the windows of the run."""
    place = read_places(windows)
    places = Places(place.chrom.tolist(), place.start, place.length)
    motifs = [insert.motif for insert in inserts]
    sites = draw_sites(instances, places, motifs, most=settings.instances, seed=settings.seed)
    taken = taken_of(instances, windows, sites)
    found = ablate(meter, windows, sites, taken, draws=settings.draws, seed=settings.seed)
    rows = [
        row
        for insert, one in zip(inserts, found, strict=True)
        if len(one.change)
        for row in _rows(insert, meter.measures, one, settings.seed)
    ]
    return Part(_arrays(sites, found, len(meter.measures)), rows)


def _arrays(
    sites: Mapping[str, Sequence[Site]], found: Sequence[Ablation], n_measures: int
) -> dict[str, Any]:
    """Return the datasets: a row for each instance, those of a motif together."""
    flat = np.array([site for some in sites.values() for site in some], np.int64).reshape(-1, 3)
    number = [len(some) for some in sites.values()]
    empty = np.empty((0, n_measures))
    return {
        "ablation/motif": np.repeat(np.arange(len(sites)), number),
        "ablation/row": flat[:, 0],
        "ablation/start": flat[:, 1],
        "ablation/end": flat[:, 2],
        "ablation/changes": np.concatenate([empty, *(one.change for one in found)]),
        "ablation/controls": np.concatenate([empty, *(one.control for one in found)]),
    }


def _rows(
    insert: Insert, measures: Sequence[Measure], found: Ablation, seed: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one motif, one for each measure."""
    interval = bootstrap(found.change, seed)
    paired = ~np.isnan(found.control).any(axis=1)
    control = found.control[paired].mean(axis=0) if paired.any() else [np.nan] * len(measures)
    enough = smallest_p_value(int(paired.sum())) * len(measures) <= LEVEL
    for i, measure in enumerate(measures):
        p = compare(found.change[paired, i], found.control[paired, i], measure.kind)
        adjusted = min(1.0, p * len(measures))
        yield row_of(
            insert,
            ABLATION,
            measure,
            **interval_cells(interval, i),
            control=float(control[i]),
            n=len(found.change),
            p_value=p,
            p_adjusted=adjusted,
            verdict=(EFFECT if adjusted <= LEVEL else NO_EFFECT) if enough else TOO_FEW,
        )


def compare(change: NDArray[np.float64], control: NDArray[np.float64], kind: str) -> float:
    """Return the p-value of the changes without instances against those without other bases.

    It is that of Wilcoxon's signed-rank test of the pairs (Biometrics Bulletin 1:80, 1945),
    two-sided, but one-sided for shapes, whose distances cannot be negative.
    """
    difference = change - control
    if not difference.any():
        return 1.0
    side = "greater" if kind == SHAPE else "two-sided"
    return float(stats.wilcoxon(difference, alternative=side).pvalue)


def smallest_p_value(pairs: int) -> float:
    """Return the p-value of `compare` if all pairs differ in one direction, two-sided."""
    return min(1.0, 2.0 ** (1 - pairs))
