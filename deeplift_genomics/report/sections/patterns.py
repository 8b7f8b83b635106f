"""Patterns: a table of all patterns, a row each, or why there are none."""

from __future__ import annotations

from typing import Any, NamedTuple

from deeplift_genomics.motifs.patterns import Pattern
from deeplift_genomics.report.images import read_logo
from deeplift_genomics.report.run import Run


class Group(NamedTuple):
    """The patterns of one sign, with the words for their effect and its CSS class."""

    title: str
    verb: str
    mark: str
    patterns: list[Pattern]


def context(run: Run) -> dict[str, Any]:
    """Return the rows of the table by effect, and the note of the motifs file."""
    most = max((pattern.n_seqlets for pattern in run.patterns), default=1)
    return {
        "unit": run.target.unit,
        "note": run.motifs["note"],
        "n_used": run.scores.n_windows,
        "groups": [
            group._asdict() | {"patterns": [_row(run, pattern, most) for pattern in group.patterns]}
            for group in by_effect(run.patterns)
        ],
    }


def by_effect(patterns: list[Pattern]) -> list[Group]:
    """Return the patterns that raise the prediction, then those that lower it; no empty group."""
    positive = [pattern for pattern in patterns if pattern.sign > 0]
    negative = [pattern for pattern in patterns if pattern.sign < 0]
    groups = (
        Group("Patterns that raise the prediction", "raises the prediction", "up", positive),
        Group("Patterns that lower the prediction", "lowers the prediction", "down", negative),
    )
    return [group for group in groups if group.patterns]


def _row(run: Run, pattern: Pattern, most_seqlets: int) -> dict[str, Any]:
    return {
        "name": pattern.name,
        "consensus": pattern.consensus,
        "n_seqlets": pattern.n_seqlets,
        "share": f"{100 * pattern.n_seqlets / most_seqlets:.1f}",
        "mean_contribution": pattern.mean_contribution,
        "logo": read_logo(run.logos_folder, pattern.name, "cwm", "fwd"),
    }
