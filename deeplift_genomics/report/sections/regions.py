"""Regions: how many were used, and why the others were dropped."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run
from deeplift_genomics.report.words import REASON_MEANINGS
from deeplift_genomics.windows.dropped import Dropped

EXAMPLES_PER_REASON = 3


def context(run: Run) -> dict[str, Any]:
    """Return the numbers of regions, the sizes of windows, and the reasons for dropping."""
    return {
        "n_used": run.scores.n_windows,
        "n_dropped": len(run.dropped),
        "window_length": run.scores.window_length,
        "motif_window": run.motifs["window"],
        "dropped": _dropped_rows(run.dropped),
    }


def _dropped_rows(dropped: Dropped) -> list[dict[str, Any]]:
    """Return the reasons, the commonest first, each with its count and first few regions."""
    examples: dict[str, list[str]] = {}
    for record in dropped:
        some = examples.setdefault(record.reason, [])
        if len(some) < EXAMPLES_PER_REASON:
            some.append(
                f"line {record.line}: {record.name}, "
                f"{record.chrom}:{record.start:,}-{record.end:,} ({record.detail})"
            )
    counts = sorted(dropped.counts().items(), key=lambda item: (-item[1], item[0]))
    return [
        {
            "reason": reason,
            "meaning": REASON_MEANINGS.get(reason, ""),
            "count": count,
            "examples": examples[reason],
        }
        for reason, count in counts
    ]
