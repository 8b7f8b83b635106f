"""Do the numbers add up: the residuals of the contributions."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run


def context(run: Run) -> dict[str, Any]:
    """Return the residuals with their unit."""
    return {
        "completeness": run.scores.completeness,
        "several_models": run.scores.agreement is not None,
        "unit": run.target.unit,
    }
