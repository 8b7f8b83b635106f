"""Glossary: the words of the page."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.report.terms import terms


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the words and what they mean."""
    return {"terms": [term for term in terms() if term.on_page]}
