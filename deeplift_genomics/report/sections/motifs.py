"""Motifs: a table with a row for each motif, its patterns side by side."""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.motifs.patterns import trimmed
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import Member, ReportMotif, SampleRun


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the rows of the table."""
    return {"rows": [_row(motif, plots) for motif in run.motifs]}


def _row(motif: ReportMotif, plots: Plots) -> dict[str, Any]:
    """Return the cells of a motif."""
    return {
        "name": motif.name,
        "family": motif.label.family,
        "n_seqlets": motif.n_seqlets,
        "logos": [
            {"target": member.target.text, "plot": _logo(member, plots)} for member in motif.members
        ],
    }


def _logo(member: Member, plots: Plots) -> Any:
    """Return the logo of a pattern's contributions, as its motif reads."""
    heights = trimmed(member.pattern).cwm
    if member.label.turned:
        heights = heights[::-1, ::-1]
    return plots.add(
        "logo",
        {"heights": np.round(heights, 3).tolist()},
        f"{member.label.motif}, {member.target.text}: {member.label.consensus}",
    )
