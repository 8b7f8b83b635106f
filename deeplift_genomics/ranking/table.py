"""The table that ranks the methods, and the tables of all numbers."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any

from deeplift_genomics.ranking.answers import RANDOMISED
from deeplift_genomics.ranking.charts import short
from deeplift_genomics.ranking.numbers import (
    BARRED,
    BEHIND,
    BEST,
    TIED,
    UNRANKED,
    TargetNumbers,
    Value,
)
from deeplift_genomics.ranking.shown import COLUMNS
from deeplift_genomics.report.figure import verdict_of
from deeplift_genomics.report.sections.trust import SYMBOLS as VERDICTS
from deeplift_genomics.settings.metrics import METRICS, RANDOM_ORDER, barred_by

# standing -> its symbol and its word in a cell
SYMBOLS = {
    BEST: ("●", "best"),
    TIED: ("○", "as good"),
    BEHIND: ("", ""),
    BARRED: ("–", "not ranked"),
    UNRANKED: ("", ""),
}
_LEFT_OUT = {"value": None, "shown": "", "interval": "", "standing": BARRED} | dict(
    zip(("symbol", "word"), SYMBOLS[BARRED], strict=True)
)


def ranking(numbers: TargetNumbers) -> dict[str, Any]:
    """Return the columns and the rows of the table, those first that are good most often."""
    columns = [name for name in COLUMNS if numbers.of(name)]
    standings = {name: numbers.standing(name) for name in columns}
    rows = [_row(numbers, method, standings) for method in (*numbers.methods, RANDOM_ORDER)]
    rows = [row for row in rows if row["cells"]]
    order = {row["name"]: place for place, row in enumerate(rows)}
    rows.sort(key=lambda row: (row["bound"], -row["share"], -row["n_good"], order[row["name"]]))
    return {
        "columns": [(name, COLUMNS[name], METRICS[name].better) for name in columns],
        "rows": rows,
        "barred": [
            (row["title"], numbers.methods[row["name"]]["picked_by"])
            for row in rows
            if not row["bound"] and numbers.methods[row["name"]].get("picked_by")
        ],
    }


def leaders(numbers: TargetNumbers) -> str:
    """Return which methods are good most often, in a sentence; nothing with one method."""
    rows = [row for row in ranking(numbers)["rows"] if row["n_ranked"]]
    if len(rows) < 2:
        return ""
    first = rows[0]
    alike = [row for row in rows if row["share"] == first["share"]]
    named = "; ".join(
        f"{row['title']} ({row['n_good']} of {row['n_ranked']} columns)" for row in alike[:3]
    )
    return f"Most often best, or as good as the best: {named}."


def _row(
    numbers: TargetNumbers, method: str, standings: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Return the row of a method: a cell for each column that it has."""
    found = [one[method] for one in standings.values() if method in one]
    barred = barred_by(str(numbers.methods.get(method, {}).get("picked_by", "")))
    cells = {
        name: _judged(value) if name == "cascading" else cell(value, standing[method])
        for name, standing in standings.items()
        if (value := numbers.last(name, method)) is not None
    }
    n_ranked = sum(one in (BEST, TIED, BEHIND) for one in found)
    n_good = sum(one in (BEST, TIED) for one in found)
    return {
        "name": method,
        "title": numbers.title(method),
        "bound": method == RANDOM_ORDER,
        "n_good": n_good,
        "n_ranked": n_ranked,
        "share": n_good / n_ranked if n_ranked else 0.0,
        # an evaluation may leave out what a method is not ranked by
        "cells": cells | {name: _LEFT_OUT for name in standings if name in barred - cells.keys()},
    }


def cell(value: Value, standing: str) -> dict[str, Any]:
    """Return what a cell shows: number, interval, and standing as a symbol and a word."""
    symbol, word = SYMBOLS[standing]
    return {
        "value": value.mean if isfinite(value.mean) else None,
        "shown": short(value.mean),
        "interval": _ends(value.low, value.high, 2),
        "symbol": symbol,
        "word": word,
        "standing": standing,
    }


def _judged(value: Value) -> dict[str, Any]:
    """Return what a cell shows of a randomised model: the verdict in place of a standing."""
    verdict = verdict_of(abs(value.mean), *RANDOMISED)
    return cell(value, UNRANKED) | {
        "symbol": VERDICTS[verdict],
        "word": verdict,
        "standing": verdict.replace(" ", "-"),
    }


def all_numbers(numbers: TargetNumbers, metric: str) -> list[dict[str, Any]]:
    """Return a row for each method and place of a metric, with both differences."""
    return [
        {
            "title": numbers.title(method),
            "x": value.x if isfinite(value.x) else None,
            "level": value.level,
            "n": value.n,
            "mean": short(value.mean),
            "interval": _ends(value.low, value.high),
            "difference": short(value.difference) if isfinite(value.difference) else "",
            "difference_interval": _ends(value.difference_low, value.difference_high),
            "behind": short(value.behind) if isfinite(value.behind) else "",
            "behind_interval": _ends(value.behind_low, value.behind_high),
        }
        for method, own in numbers.of(metric).items()
        for value in own
    ]


def seqlets(numbers: TargetNumbers) -> dict[str, Any] | None:
    """Return the known motifs that each method's patterns match, with seqlets; None without."""
    found = numbers.of("motif_seqlets")
    if not found:
        return None
    motifs = list(dict.fromkeys(value.level for own in found.values() for value in own))
    counts = {
        method: {value.level: round(value.mean) for value in own if isfinite(value.mean)}
        for method, own in found.items()
    }
    most = {motif: max(of.get(motif, 0) for of in counts.values()) for motif in motifs}
    motifs.sort(key=lambda motif: (-most[motif], motif))
    return {
        "motifs": motifs,
        "methods": [(numbers.title(method), counts[method]) for method in found],
        "without": [
            numbers.title(method)
            for method, about in numbers.methods.items()
            if method not in found and about.get("gives") == "positions"
        ],
    }


def _ends(low: float, high: float, digits: int = 3) -> str:
    """Return an interval as text, nothing without one."""
    if not (isfinite(low) and isfinite(high)):
        return ""
    return f"{short(low, digits)} to {short(high, digits)}"
