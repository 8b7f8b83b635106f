"""How sure: the figures of trust, and behind a click what they were measured from."""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.report.figure import FAIL, LOOK, PASS, UNKNOWN
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.report.trust import figures_of
from deeplift_genomics.scores.second_path import largest_of

SYMBOLS = {PASS: "✓", LOOK: "◆", FAIL: "✕", UNKNOWN: "–"}  # a shape for each, beside its colour


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the figures, residuals and second path of each target, and the folds' agreement."""
    return {
        "figures": [figure._asdict() for figure in figures_of(run)],
        "symbols": SYMBOLS,
        "noun": run.noun,
        "residuals": [
            (target.text, target.words.scale, target.scores.completeness)
            for target in run.targets
            if target.scores.completeness is not None
        ],
        "second_paths": [
            _of_second_path(target)
            for target in run.targets
            if target.scores.second_path is not None and len(target.scores.second_path)
        ],
        "folds": [
            (target.text, target.scores.agreement)
            for target in run.targets
            if target.scores.agreement is not None
        ],
        "n_windows": run.n_windows,
    }


def _of_second_path(target: TargetRun) -> dict[str, Any]:
    """Return the numbers of a target's second path; those that are not a number are None."""
    found = target.scores.second_path
    assert found is not None
    return {
        "target": target.text,
        "unit": target.words.scale,
        "n": found.n_windows,
        "single": found.in_single > 0,
        **{
            name: None if np.isnan(values).all() else largest_of(values)
            for name in ("contributions", "hypothetical", "target_difference", "residual")
            for values in [getattr(found, name.removesuffix("_difference"))]
        },
    }
