"""What to order: the oligos that test each motif, with what the model predicts of them."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, log
from typing import Any

from deeplift_genomics.design.table import (
    ABLATED,
    DIFFERENCE,
    FOLD,
    SCRAMBLED,
    SHAPE,
    WILD_TYPE,
    Oligo,
    Outcome,
)
from deeplift_genomics.report.folds_of_change import Scale
from deeplift_genomics.report.render import Plots
from deeplift_genomics.report.sample_run import SampleRun

MOST_EFFECTS = 4  # heads or units that the page tells of; the workbook has them all
_SCALES = {
    FOLD: Scale("predicted signal", 1.0, ""),
    SHAPE: Scale("share of the signal that moves", None, ""),
    DIFFERENCE: Scale("predicted value", None, ""),
}


def shown(run: SampleRun) -> bool:
    """Return whether oligos were designed, which takes the model."""
    return "oligos" in run.paths


def context(run: SampleRun, plots: Plots) -> dict[str, Any]:
    """Return a row for each motif, and the oligos of each motif's first place."""
    oligos = run.oligos
    outcomes = oligos.outcomes[:MOST_EFFECTS]
    by_motif: dict[str, list[Oligo]] = {}
    for row in oligos.rows:
        by_motif.setdefault(row.motif, []).append(row)
    anchors = {motif.name: motif.anchor for motif in run.motifs}
    first = [row for row in oligos.designed if row.locus == 1]
    return {
        "n_oligos": len(oligos.designed),
        "n_motifs": len({row.motif for row in oligos.designed}),
        "workbook": run.paths["oligos"].name,
        "table": run.paths["oligos_table"].name,
        "outcomes": [outcome.name for outcome in outcomes],
        "n_outcomes": len(oligos.outcomes),
        "rows": [_row(name, rows, outcomes, anchors) for name, rows in by_motif.items() if name],
        "notes": [row.note for row in oligos.left_out if not row.motif],
        "oligos": [_oligo(row, outcomes) for row in first],
        "length": first[0].length if first else 0,
        "scrambles": any(row.group == SCRAMBLED for row in first),
    }


def _row(
    motif: str, rows: Sequence[Oligo], outcomes: Sequence[Outcome], anchors: dict[str, str]
) -> dict[str, Any]:
    """Return the cells of a motif."""
    ablated = [row for row in rows if row.group == ABLATED]
    return {
        "motif": motif,
        "anchor": anchors.get(motif),
        "n_oligos": sum(bool(row.oligo) for row in rows),
        "places": [_place(row) for row in rows if row.group == WILD_TYPE],
        "effects": [_mean(ablated, number, outcomes[number]) for number in range(len(outcomes))],
        "notes": [row.note for row in rows if row.note],
    }


def _place(row: Oligo) -> str:
    """Return the place of an insert as genome browsers take it."""
    return f"{row.chrom}:{(row.start or 0) + 1}-{row.end}"


def _mean(rows: Sequence[Oligo], number: int, outcome: Outcome) -> dict[str, Any]:
    """Return the mean effect over some oligos, as a number and in words."""
    values = [row.effects[number] for row in rows]
    known = [value for value in values if value is not None and isfinite(value)]
    if not known:
        return {"value": None, "words": "–"}
    mean = sum(known) / len(known)
    return {"value": mean, "words": in_words(outcome, mean)}


def in_words(outcome: Outcome, effect: float) -> str:
    """Return what an effect means for a reader.

    >>> in_words(Outcome("log2_fold", "counts"), -1), in_words(Outcome("shape", "profile"), 0.25)
    ('falls by 50%', '25% moves')
    """
    if outcome.kind == SHAPE:
        return f"{effect:.0%} moves" if effect >= 0.005 or not effect else "less than 1% moves"
    return _SCALES[outcome.kind].in_words(effect * log(2) if outcome.kind == FOLD else effect)


def _oligo(row: Oligo, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the cells of an oligo; its sequence in parts, of which every other one is changed."""
    first = row.sequence.find(row.insert.upper())
    return {
        "name": row.oligo,
        "group": row.group,
        "motif": row.motif,
        "place": _place(row),
        "parts": _parts(row.sequence, row.insert, first),
        "effects": [
            {"value": effect, "words": "–" if effect is None else in_words(outcome, effect)}
            for effect, outcome in zip(row.effects, outcomes, strict=False)
        ],
        "wild": row.group == WILD_TYPE,
    }


def _parts(sequence: str, insert: str, first: int) -> list[tuple[bool, str]]:
    """Return a sequence in parts: whether each is changed, and its bases.

    >>> _parts("TTACGT", "AcgT", 2)
    [(False, 'TTA'), (True, 'CG'), (False, 'T')]
    """
    changed = [False] * len(sequence)
    for at, base in enumerate(insert):
        changed[first + at] = base.islower()
    parts: list[tuple[bool, str]] = []
    for base, is_changed in zip(sequence, changed, strict=True):
        if parts and parts[-1][0] == is_changed:
            parts[-1] = (is_changed, parts[-1][1] + base)
        else:
            parts.append((is_changed, base))
    return parts
