"""Summary: the question, the main numbers and the words of the page."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run
from deeplift_genomics.report.words import reference_words


def context(run: Run) -> dict[str, Any]:
    """Return the main numbers and the words that explain them."""
    return {
        "sample": run.sample,
        "target": run.target,
        "has_head": "head" in run.scores.attributes,
        "reference": reference_words(run.scores.attributes, run.scores.n_references),
        "n_used": run.scores.n_windows,
        "n_dropped": run.dropped.n_windows,
        "some_dropped": len(run.dropped) > 0,
        "noun": run.noun,
        "n_positive": sum(pattern.sign > 0 for pattern in run.patterns),
        "n_negative": sum(pattern.sign < 0 for pattern in run.patterns),
        "n_seqlets": sum(pattern.n_seqlets for pattern in run.patterns),
        "n_places": run.places.total,
    }
