"""The bundled demo: what each method makes of the planted sites."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from benchmarks.instances import Site, planted_sites
from benchmarks.reproduction.measures import (
    Place,
    area_at_sites,
    area_of_bases,
    share_on_sites,
)
from benchmarks.reproduction.methods import score
from benchmarks.reproduction.simulated import ROOT
from deeplift_genomics import load_model
from deeplift_genomics.windows.file import Windows
from deeplift_genomics.windows.from_regions import cut_windows

FOLDER = ROOT / "resources" / "demo"
TARGETS = ["counts", "profile"]
BATCH, WINDOWS = 10, 50


def measure(most: int | None = None) -> dict[str, Any]:
    """Return all numbers of the demo, from `most` of its windows, spread evenly."""
    model = load_model(FOLDER / "model.keras")
    windows, _ = cut_windows(
        FOLDER / "regions.narrowPeak", FOLDER / "genome.fa.gz", model.window_length, 0.0
    )
    chosen = np.linspace(0, len(windows) - 1, most or WINDOWS).astype(int)
    sites = [_sites_in(windows, row, planted_sites()) for row in chosen]
    rows = [
        {"method": scored.method, "references": scored.references, "seconds": scored.seconds}
        | {name: _numbers(scored.values[i], sites) for i, name in enumerate(TARGETS)}
        for scored in score(model, windows.codes[chosen], TARGETS, BATCH)
    ]
    return {"windows": len(chosen), "sites": sum(map(len, sites)), "methods": rows}


def _sites_in(windows: Windows, row: int, sites: list[Site]) -> list[tuple[Place, float]]:
    """Return the planted sites of a window, each with its strength."""
    start, end = int(windows.start[row]), int(windows.end[row])
    return [
        ((site.start - start, site.end - start), site.strength)
        for site in sites
        if site.chrom == windows.chrom[row] and start <= site.start and site.end <= end
    ]


def _numbers(
    values: NDArray[np.floating], sites: list[list[tuple[Place, float]]]
) -> dict[str, Any]:
    places = [[place for place, _ in mine] for mine in sites]
    nothing: list[list[Place]] = [[] for _ in sites]
    sums = [values[row, a:b].sum() for row, mine in enumerate(places) for a, b in mine]
    strength = [value for mine in sites for _, value in mine]
    return {
        "sites": area_at_sites(values, places, nothing),
        "bases": area_of_bases(values, places, nothing),
        "missed": int((np.array(sums) <= 0).sum()),
        "follows_strength": float(spearmanr(sums, strength)[0]),
        "on_sites": share_on_sites(values, places),
    }
