"""Do the models agree? How similar the contributions of several folds are."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run


def shown(run: Run) -> bool:
    """Return whether the scores come from several models."""
    return run.scores.agreement is not None


def context(run: Run) -> dict[str, Any]:
    """Return the agreement of the folds."""
    return {"agreement": run.scores.agreement}
