"""Observed against predicted, for the page: the numbers of a run and their verdict.

The limits are told, with what they were taken from, in docs/methods.md under "Observed against
predicted".
"""

from __future__ import annotations

import math
from functools import lru_cache

from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN, Figure, verdict_of
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.scores.read_fit import CountsFit, HeadFit, ShapeFit, read_fit

COUNTS = (0.5, 0.3)  # Pearson's correlation: good from the first on, bad below the second

_MEANINGS = {
    PASS: "The model predicts what was measured in these {noun}s, so there is something to "
    "explain.",
    LOOK: "The model predicts what was measured in part: it is explained as it is, right or wrong.",
    FAIL: "What the model predicts has little to do with what was measured here. Find out why "
    "before you believe an explanation: other cells, another genome, other files?",
    UNKNOWN: "There are too few reads to compare.",
}


@lru_cache(maxsize=1)
def fits_of(run: SampleRun) -> list[HeadFit]:
    """Return how far each head agrees with the measured signal; empty without one."""
    return read_fit(run.paths["predictions"]) if run.row.get("signal") else []


def counts_verdict(counts: CountsFit | None) -> str:
    """Return the verdict of the correlation of reads."""
    return UNKNOWN if counts is None else verdict_of(counts.pearson, *COUNTS)


def shape_verdict(shape: ShapeFit | None) -> str:
    """Return the verdict of the shapes: pass if the predicted one is nearer than the mean shape.

    It fails if shuffled reads are as near to what was measured as the prediction is.
    """
    if shape is None or not shape.n:
        return UNKNOWN
    predicted, shuffled, average = shape.medians
    if predicted >= shuffled:
        return FAIL
    return LOOK if predicted >= average else PASS


def fit_figure(run: SampleRun) -> Figure | None:
    """Return the figure of trust of the worst head; None without a measured signal."""
    fits = fits_of(run)
    if not fits:
        return None
    worst = min(fits, key=_rank)
    verdicts = (counts_verdict(worst.counts), shape_verdict(worst.shape))
    verdict = min(verdicts, key=_ORDER.index)
    named = f" ({worst.label})" if len(fits) > 1 else ""
    parts = [_counts_in_words(run, worst.counts, named), _shape_in_words(run, worst.shape, named)]
    said = [part for part in parts if part]
    value = None if worst.counts is None else worst.counts.pearson
    return Figure(
        "Observed against predicted",
        verdict,
        said[0] if said else "not defined",
        _MEANINGS[verdict].format(noun=run.noun),
        "trust-fit",
        None if value is None or math.isnan(value) else value,
        "; ".join(said[1:]).capitalize() + "." if said[1:] else "",
    )


_ORDER = (FAIL, LOOK, PASS, UNKNOWN)


def _rank(fit: HeadFit) -> tuple[int, float, str]:
    """Return by what heads are ordered, the worst first."""
    verdicts = (counts_verdict(fit.counts), shape_verdict(fit.shape))
    pearson = math.inf if fit.counts is None else fit.counts.pearson
    return (min(map(_ORDER.index, verdicts)), pearson, fit.label)


def _counts_in_words(run: SampleRun, counts: CountsFit | None, named: str) -> str:
    """Return the correlation of reads in words."""
    if counts is None or math.isnan(counts.pearson):
        return ""
    return (
        f"{counts.pearson:.2f} is the correlation of measured and predicted reads over "
        f"{counts.n:,} {run.noun}s{named}"
    )


def _shape_in_words(run: SampleRun, shape: ShapeFit | None, named: str) -> str:
    """Return the distances of shapes in words."""
    if shape is None or not shape.n:
        return ""
    predicted, shuffled, average = (f"{value:.2f}" for value in shape.medians)
    than = f"that of the mean shape {average}, " if shape.n > 1 else ""
    return (
        f"the predicted shape is at a distance of {predicted} from the measured one, {than}that of "
        f"shuffled reads {shuffled} (medians of {shape.n:,} {run.noun}s{named})"
    )
