"""Patterns: a table with a row for each pattern, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.motifs.patterns import Pattern
from deeplift_genomics.report.images import read_logo
from deeplift_genomics.report.run import Run


class Group(NamedTuple):
    """The patterns of one sign, with the words and the CSS class for their effect."""

    title: str
    verb: str
    mark: str
    patterns: list[Pattern]


def context(run: Run) -> dict[str, Any]:
    """Return the rows of the table by effect, and the note of the motifs file."""
    of_pattern = dict(zip((p.name for p in run.patterns), run.places.of_pattern, strict=True))
    row = partial(
        _row,
        places=of_pattern,
        logos_folder=run.logos_folder,
        most_seqlets=max((pattern.n_seqlets for pattern in run.patterns), default=0),
        most_contribution=max((abs(p.mean_contribution) for p in run.patterns), default=0),
    )
    return {
        "target": run.target,
        "note": run.motifs["note"],
        "n_used": run.scores.n_windows,
        "n_seqlets": sum(pattern.n_seqlets for pattern in run.patterns),
        "n_places": run.places.total,
        "groups": [
            group._asdict() | {"patterns": [row(pattern) for pattern in group.patterns]}
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


def _row(
    pattern: Pattern,
    *,
    places: Mapping[str, int],
    logos_folder: Path,
    most_seqlets: int,
    most_contribution: float,
) -> dict[str, Any]:
    """Return the cells of a pattern's row, with the lengths of its bars."""
    return {
        "name": pattern.name,
        "consensus": pattern.consensus,
        "n_seqlets": pattern.n_seqlets,
        "n_places": places[pattern.name],
        "share_of_seqlets": _percent(pattern.n_seqlets, most_seqlets),
        "mean_contribution": pattern.mean_contribution,
        "share_of_contribution": _percent(pattern.mean_contribution, most_contribution),
        "logo": read_logo(logos_folder, pattern.name, "cwm", "fwd"),
    }


def _percent(value: float, largest: float) -> str:
    """Return the size of a value as a percentage of the largest, for the length of a bar."""
    return f"{100 * abs(value) / largest:.1f}" if largest else "0"
