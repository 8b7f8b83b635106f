"""Regions: how many were used, why the others were dropped, and how many seqlets were found."""

from __future__ import annotations

from typing import Any

from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.windows.dropped import REASONS, Dropped, DroppedRegion

EXAMPLES_PER_REASON = 3
SIGNS = {1: ("positive", "raise"), -1: ("negative", "lower")}  # sign -> in attributes, in words


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return the numbers of regions and seqlets, and the reasons for dropping."""
    return {
        "noun": run.noun,
        "n_on_summits": run.attributes.get("n_on_summits"),
        "n_on_middles": run.attributes.get("n_on_middles"),
        "n_used": run.n_windows,
        "n_dropped": run.dropped.n_windows,
        "n_stretches": sum(run.dropped.stretches().values()),
        "tiled": run.tiled,
        "has_uncounted_tiles": run.dropped.has_uncounted_tiles,
        "window_length": run.targets[0].scores.window_length,
        "motif_window": run.targets[0].attributes.get("window"),
        "dropped": _dropped_rows(run.dropped),
        "seqlets": [row for target in run.targets for row in _seqlets(target)],
    }


def _seqlets(target: TargetRun) -> list[dict[str, Any]]:
    """Return what became of the seqlets of each sign of a target."""
    rows = []
    for sign, (name, effect) in SIGNS.items():
        found = target.attributes.get(f"n_seqlets_{name}")
        if found is None:  # a motif file of another program
            continue
        patterns = [pattern for pattern in target.patterns if pattern.sign == sign]
        rows.append(
            {
                "target": target.text,
                "effect": effect,
                "found": int(found),
                "used": int(target.attributes.get(f"n_seqlets_{name}_used", found)),
                "in_patterns": sum(pattern.n_seqlets for pattern in patterns),
                "n_patterns": len(patterns),
                "least": target.attributes.get("min_seqlets"),
            }
        )
    return rows


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
