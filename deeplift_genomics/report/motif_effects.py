"""What a motif does to the prediction: every number that was measured, and its footprint."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from deeplift_genomics.report.drawn import rounded
from deeplift_genomics.report.folds_of_change import OUTPUT, SHAPE, TARGET, Scale, scale_of_measure
from deeplift_genomics.report.measured import SEEN
from deeplift_genomics.report.render import Placeholder, Plots
from deeplift_genomics.report.sample_run import ReportMotif, SampleRun
from deeplift_genomics.scores.effects import (
    ABLATION,
    INSERTION,
    SAMPLED,
    SPACING,
    ToDraw,
    read_to_draw,
)

AROUND = 100  # positions of a footprint that are drawn on either side of the motif
MOST_STRANDS = 2  # of a head that are drawn
EXPERIMENTS = {
    INSERTION: "Put in: best sequence",
    SAMPLED: "Put in: typical sequences",
    ABLATION: "Taken out",
}


def effects_of(run: SampleRun, motif: ReportMotif) -> list[dict[str, Any]]:
    """Return the effects of a motif: each experiment and number once, whichever target has it."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for target in run.targets:
        for row in run.effects[target.text]:
            if row["motif"] != motif.name or row["experiment"] not in EXPERIMENTS:
                continue
            key = tuple(row[name] for name in ("experiment", "head", "unit", "measure"))
            scale = scale_of_measure(
                row["measure"],
                row["head"],
                target=target.text,
                heads=run.heads,
                unit=target.words.scale,
            )
            found.setdefault(key, _told(row, scale))
    of_targets = {_numbers(row) for row in found.values() if row["measure"] == TARGET}
    told = [
        row
        for row in found.values()
        # the only unit of a head is what its target explains
        if row["measure"] != OUTPUT or _numbers(row) not in of_targets
    ]
    order = list(EXPERIMENTS)
    return sorted(told, key=lambda row: order.index(row["experiment"]))


def _numbers(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return by what rows with the same numbers are known."""
    return row["experiment"], row["mean"], *row["interval"]


def _told(row: dict[str, Any], scale: Scale) -> dict[str, Any]:
    """Return a row of the table of effects in words."""
    return {
        "experiment": row["experiment"],
        "measure": row["measure"],
        "title": EXPERIMENTS[row["experiment"]],
        "what": _what(row, scale),
        "change": change_words(row["mean"], scale),
        "mean": row["mean"],
        "interval": [change_words(row[name], scale) for name in ("low", "high")],
        "control": change_words(row["control"], scale),
        "n": row["n"],
        "verdict": row["verdict"],
        "seen": row["verdict"] == SEEN,
        "p_value": row["p_adjusted"],
    }


def _what(row: dict[str, Any], scale: Scale) -> str:
    """Return what changes, with its head and unit."""
    if row["measure"] == TARGET:
        return f"{row['head']}: {scale.what if scale.logs else scale.unit}"
    unit = "" if row["unit"] is None else f" [{row['unit']}]"
    if row["measure"] == SHAPE:
        return f"{row['head']}: share of the profile that moves"
    return f"{row['head']}{unit}: {scale.what if row['measure'] == OUTPUT else row['measure']}"


def change_words(value: float | None, scale: Scale) -> str:
    """Return a change as a factor, a percentage, or a number with its sign; a dash for none.

    >>> change_words(0.911, Scale("predicted signal", 2, ""))
    '× 1.58'
    >>> change_words(-0.53, Scale("predicted signal", 1, "")), change_words(None, Scale("", 1, ""))
    ('−41%', '–')
    """
    if value is None or not np.isfinite(value):
        return "–"
    if scale.what.startswith("share"):
        return f"{100 * value:.0f}%" if abs(value) >= 0.01 else f"{100 * value:.1g}%"
    fold = scale.fold(value)
    if fold is None:
        return f"{value:+.3g}".replace("-", "−")
    if fold < 1:
        return f"−{100 * (1 - fold):.0f}%" if fold < 0.995 else "× 1.00"
    return f"× {fold:.2f}" if fold < 10 else f"× {fold:,.0f}"


def pairs_of(run: SampleRun, motif: ReportMotif) -> list[dict[str, Any]]:
    """Return what was found for the motif beside another one, by the target's own number."""
    return [
        {
            "target": target.text,
            "left": row["motif"],
            "right": row["partner"],
            "verdict": row["verdict"],
            "told": row["verdict"] != "no preference seen",
        }
        for target in run.targets
        for row in run.effects[target.text]
        if row["experiment"] == SPACING
        and row["measure"] == TARGET
        and motif.name in (row["motif"], row["partner"])
    ]


def read_footprints(run: SampleRun) -> list[ToDraw]:
    """Read the footprints of each target that has effects."""
    paths = [target.paths["effects"] for target in run.targets if "effects" in target.paths]
    return [read_to_draw(path) for path in paths]


def footprints_of(
    motif: str, found: list[ToDraw], plots: Plots
) -> Iterator[tuple[str, Placeholder]]:
    """Yield the profile with a motif and without, of each profile head and strand, with its name.

    They are of the first target in which the motif was put into backgrounds.
    """
    item = next((one for one in found if motif in one.motifs), None)
    if item is None:
        return
    number = item.motifs.index(motif)
    for footprint in item.footprints:
        strands = footprint.background[:MOST_STRANDS]
        middle = strands.shape[1] // 2
        shown = slice(max(0, middle - AROUND), middle + AROUND + 1)
        for strand, plain in enumerate(strands):
            inserted = footprint.inserted[number, 0, strand]
            name = footprint.head + (f", strand {strand}" if len(footprint.background) > 1 else "")
            data = {
                "start": shown.start - middle,
                "xlabel": "position from the middle of the motif",
                "ylabel": "% of reads",
                "series": [
                    {"label": "with the motif", "values": rounded(100 * inserted[shown])},
                    {"label": "without", "values": rounded(100 * plain[shown])},
                ],
                "width": 460,
                "height": 200,
            }
            drawn = plots.add("line", data, f"Predicted profile {name} with {motif} and without")
            yield name, drawn
