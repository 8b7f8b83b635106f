"""Methods: a text ready to paste, with the parameters and versions of this run, and its sources."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.methods_text import methods_text
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the paragraphs and the references, also in BibTeX."""
    text = methods_text(run)
    return {
        "paragraphs": text.paragraphs,
        "references": text.references,
        "bibtex": text.bibtex,
    }
