"""Warnings: reasons to doubt the results, the same as in the summary of the run."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run


def context(run: Run) -> dict[str, Any]:
    """Return the warnings."""
    return {"warnings": run.warnings}


def shown(run: Run) -> bool:
    """Return whether there is a warning."""
    return bool(run.warnings)
