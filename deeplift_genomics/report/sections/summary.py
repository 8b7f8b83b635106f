"""Summary: what was asked, and what was found."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the main numbers."""
    return {
        "sample": run.sample,
        "n_used": run.n_windows,
        "n_dropped": run.dropped.n_windows,
        "noun": run.noun,
        "questions": [target.words.question for target in run.targets],
    }
