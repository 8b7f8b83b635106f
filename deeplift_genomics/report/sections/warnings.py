"""Warnings: reasons to doubt the results, the same as in the summary of the run."""

from __future__ import annotations

import re
from typing import Any

from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun

_SENTENCE, _CLAUSE = re.compile(r"[.?](?=\s)"), re.compile(r"[:;](?=\s)")
LONGEST = 160


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the warnings, each with its beginning, which is shown at once."""
    return {"warnings": [_halves(text) for text in run.warnings]}


def shown(run: SampleRun) -> bool:
    """Return whether there is a warning."""
    return bool(run.warnings)


def _halves(text: str) -> tuple[str, str]:
    """Return a warning up to the end of its first sentence or, of a long one, clause."""
    for ends, mark in ((_SENTENCE, None), (_CLAUSE, "…")):
        for end in ends.finditer(text):
            if 30 < end.end() <= LONGEST:
                return text[: end.start()] + (mark or end[0]), text[end.end() :].strip()
    return text, ""
