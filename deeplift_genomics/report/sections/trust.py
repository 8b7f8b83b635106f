"""How sure: the figures of trust, and behind a click what they were measured from."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.report.trust import figures_of

SYMBOLS = {PASS: "✓", LOOK: "◆", FAIL: "✕", UNKNOWN: "–"}  # a shape for each, beside its colour


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the figures, the residuals of each target, and the agreement of the folds."""
    return {
        "figures": [figure._asdict() for figure in figures_of(run)],
        "symbols": SYMBOLS,
        "noun": run.noun,
        "residuals": [
            (target.text, target.words.scale, target.scores.completeness)
            for target in run.targets
            if target.scores.completeness is not None
        ],
        "folds": [
            (target.text, target.scores.agreement)
            for target in run.targets
            if target.scores.agreement is not None
        ],
        "n_windows": run.n_windows,
    }
