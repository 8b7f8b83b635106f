"""Do the numbers add up? The residuals of the contributions."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run


def context(run: Run) -> dict[str, Any]:
    """Return the residuals and the target, whose scale they have."""
    return {
        "completeness": run.scores.completeness,
        "several_models": run.scores.agreement is not None,
        "target": run.target,
    }
