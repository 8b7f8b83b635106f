"""What a motif has to do with the other motifs of its windows, in words and drawings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deeplift_genomics.instances.near_pairs import DISTANCES, OPPOSITE, SAME
from deeplift_genomics.instances.spacing import LEVEL, Spacing
from deeplift_genomics.instances.statistics import Statistics
from deeplift_genomics.instances.together import Together
from deeplift_genomics.report.drawn import rounded
from deeplift_genomics.report.render import Placeholder, Plots

SHOWN = 6  # other motifs that are told of
FEWEST = 10  # pairs of instances that are drawn
BIN = 7  # bp of a bar: 301 distances are 43 bars
LABELS = ("same orientation", "opposite orientation")


def neighbours_of(
    number: int, names: Sequence[str], found: Statistics, plots: Plots
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many other motifs are left out, and what is told of the most surprising ones.

    Parameters
    ----------
    number
        Number of the motif.
    names
        Labels of all motifs.
    """
    pairs = [pair for pair in found.together if number in (pair.left, pair.right)]
    told = (_told(pair, number, names, found=found, plots=plots) for pair in pairs[:SHOWN])
    return len(pairs) - SHOWN, list(told)


def _told(
    pair: Together, number: int, names: Sequence[str], *, found: Statistics, plots: Plots
) -> dict[str, Any]:
    """Return what is told of two motifs."""
    other = pair.right if pair.left == number else pair.left
    spacing = found.spacing_of(number, other)
    near = int(spacing.observed.sum()) if spacing else 0
    return {
        "name": names[other],
        "number": other,
        "n_both": pair.n_both,
        "expected": pair.expected,
        "ratio": pair.ratio,
        "q_value": pair.q_value,
        "verdict": _verdict(pair),
        "near": near,
        "favoured": spacing.favoured if spacing else None,
        "distance": _distance_words(spacing) if spacing else "",
        "plot": _drawn(spacing, names, plots) if spacing and near >= FEWEST else "",
    }


def _verdict(pair: Together) -> str:
    """Return whether two motifs occur together more or less often than by chance."""
    if pair.q_value > LEVEL:
        return "as often as by chance"
    return "more often than by chance" if pair.ratio > 1 else "less often than by chance"


def _distance_words(spacing: Spacing) -> str:
    """Return where the other motif stands most often; ``""`` without a favoured distance."""
    best = spacing.favoured
    if best is None:
        return ""
    bases = abs(best.distance)
    side = "downstream" if best.distance > 0 else "upstream"
    where = f"{bases} {'base' if bases == 1 else 'bases'} {side}" if bases else "at the same middle"
    return f"{where}, in the {LABELS[best.opposite]}"


def _drawn(spacing: Spacing, names: Sequence[str], plots: Plots) -> Placeholder:
    """Return the distances of two motifs as a drawing."""
    lanes = (SAME, OPPOSITE)
    shape = (-1, BIN)
    expected = [spacing.expected[lane].reshape(shape).sum(axis=1) for lane in lanes]
    data = {
        "start": int(DISTANCES[0]),
        "step": BIN,
        "counts": [spacing.observed[lane].reshape(shape).sum(axis=1).tolist() for lane in lanes],
        "expected": [rounded(values) for values in expected],
        "labels": LABELS,
        "width": 260,
        "height": 110,
    }
    words = _distance_words(spacing) or "no distance stands out"
    label = f"Distances of {names[spacing.right]} from {names[spacing.left]}: {words}"
    return plots.add("spacing", data, label)
