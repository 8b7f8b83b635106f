"""Observed against predicted: how far the model agrees with the experiment."""

from __future__ import annotations

from typing import Any

import numpy as np
from markupsafe import Markup

from deeplift_genomics.report.fit import counts_verdict, fits_of, shape_verdict
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.scores.predictions import LOG_READS
from deeplift_genomics.scores.read_fit import CountsFit, HeadFit, ShapeFit

MOST_DRAWN = 6  # heads with drawings; the others are in the table
BINS = 40  # of distances from 0 to 1
SERIES = (("predicted", "distance"), ("mean shape", "average"), ("shuffled reads", "shuffled"))


def shown(run: SampleRun) -> bool:
    """Return whether the sample has a measured signal, and a head to compare with it."""
    return bool(fits_of(run))


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the numbers of each head, and drawings of the first ones."""
    fits = fits_of(run)
    return {
        "noun": run.noun,
        "heads": [
            _head(run, fit, plots if index < MOST_DRAWN else None) for index, fit in enumerate(fits)
        ],
        "drawn": min(MOST_DRAWN, len(fits)),
    }


def _head(run: SampleRun, fit: HeadFit, plots: Plots | None) -> dict[str, Any]:
    """Return the numbers of one head."""
    counts, shape = fit.counts, fit.shape
    medians = shape.medians if shape is not None and shape.n else None
    return {
        "label": fit.label,
        "exchanged": shape is not None and shape.exchanged,
        "n_windows": fit.n_windows,
        "counts": counts,
        "shape": shape if medians else None,
        "medians": dict(zip(("predicted", "shuffled", "average"), medians or (), strict=False)),
        "nearer": int((shape.distance < shape.shuffled).sum()) if shape is not None else 0,
        "n_without_reads": shape.n_without_reads if shape is not None else 0,
        "verdicts": {"counts": counts_verdict(counts), "shape": shape_verdict(shape)},
        "scatter": _scatter(run, fit.label, counts, plots),
        "histogram": _histogram(run, fit.label, shape, plots),
    }


def _scatter(
    run: SampleRun, label: str, counts: CountsFit | None, plots: Plots | None
) -> Markup | None:
    """Draw measured against predicted reads, a point for each region, or for 2,000 of them."""
    if counts is None or plots is None:
        return None
    data = {
        "x": _rounded(counts.predicted),
        "y": _rounded(counts.observed),
        "xlabel": f"predicted, {counts.unit}",
        "ylabel": f"measured, {LOG_READS}",
        "diagonal": counts.unit == LOG_READS,
    }
    return plots.add(
        "scatter",
        data,
        f"{label}: measured against predicted reads of {len(counts.predicted):,} {run.noun}s, "
        f"Pearson's correlation {counts.pearson:.2f}",
    )


def _histogram(
    run: SampleRun, label: str, shape: ShapeFit | None, plots: Plots | None
) -> Markup | None:
    """Draw how many regions have which distance, for the prediction and what it is held against."""
    if shape is None or not shape.n or plots is None:
        return None
    series = [
        {"label": name, "values": np.histogram(getattr(shape, key), BINS, (0, 1))[0].tolist()}
        for name, key in SERIES
    ]
    data = {
        "start": 0.5 / BINS,
        "step": 1 / BINS,
        "series": series,
        "xlabel": "distance from the measured shape (0 alike, 1 apart)",
        "ylabel": f"{run.noun}s",
        "width": 380,
        "height": 340,
    }
    predicted, shuffled, _ = shape.medians
    return plots.add(
        "line",
        data,
        f"{label}: distance of the measured shape from the predicted one, median {predicted:.2f}, "
        f"and from shuffled reads, median {shuffled:.2f}",
    )


def _rounded(values: Any) -> list[float]:
    return [float(f"{value:.4g}") for value in values]
