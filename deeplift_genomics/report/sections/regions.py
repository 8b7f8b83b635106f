"""Regions: how many were used, and why the others were dropped."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.run import Run
from deeplift_genomics.windows.dropped import REASONS, Dropped, DroppedRegion

EXAMPLES_PER_REASON = 3


def context(run: Run) -> dict[str, Any]:
    """Return the numbers of regions, the sizes of windows, and the reasons for dropping."""
    attributes = run.scores.attributes
    return {
        "noun": run.noun,
        "n_on_summits": attributes.get("n_on_summits"),
        "n_on_middles": attributes.get("n_on_middles"),
        "n_used": run.scores.n_windows,
        "n_dropped": run.dropped.n_windows,
        "n_stretches": sum(run.dropped.stretches().values()),
        "tiled": run.tiled,
        "has_uncounted_tiles": run.dropped.has_uncounted_tiles,
        "window_length": run.scores.window_length,
        "motif_window": run.motifs["window"],
        "dropped": _dropped_rows(run.dropped),
    }


def _dropped_rows(dropped: Dropped) -> list[dict[str, Any]]:
    """Return the reasons, the commonest first, each with its counts and its first few regions."""
    examples: dict[str, list[str]] = {}
    for record in dropped:
        some = examples.setdefault(record.reason, [])
        if len(some) < EXAMPLES_PER_REASON:
            some.append(_example(record))
        elif len(some) == EXAMPLES_PER_REASON:
            some.append("…")
    stretches = dropped.stretches()
    return [
        {
            "reason": reason,
            "meaning": REASONS[reason],
            "count": count,
            "stretches": stretches[reason],
            "examples": examples[reason],
        }
        for reason, count in sorted(dropped.counts().items(), key=lambda item: (-item[1], item[0]))
    ]


def _example(record: DroppedRegion) -> str:
    """Return a dropped region in words; a stretch of tiles has neither a line nor a name."""
    place = f"{record.chrom}:{record.start:,}-{record.end:,} ({record.detail})"
    return f"line {record.line}: {record.name}, {place}" if record.line else place
