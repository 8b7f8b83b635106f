"""Rows of TARGET.effects.tsv."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from deeplift_genomics.effects.heads import SHAPE, Measure
from deeplift_genomics.effects.insertion import Inserted
from deeplift_genomics.effects.inserts import Insert
from deeplift_genomics.effects.statistics import Interval, Ranked, bootstrap, rank
from deeplift_genomics.scores.effects import EFFECTS


def row_of(insert: Insert, experiment: str, measure: Measure, **cells: Any) -> tuple[Any, ...]:
    """Return the row of one measure of a motif, from the other cells that are not empty, by column.

    Raises
    ------
    ValueError
        If there is no such column.
    """
    if unknown := cells.keys() - EFFECTS.columns.keys():
        raise ValueError(f"the table of effects has no column {', '.join(sorted(unknown))}")
    empty = {name: "" if kind is str else None for name, kind in EFFECTS.columns.items()}
    known = {
        "motif": insert.motif,
        "pattern": insert.pattern,
        "experiment": experiment,
        "head": measure.head,
        "unit": measure.unit,
        "measure": measure.kind,
    }
    return tuple((empty | known | cells).values())


def interval_cells(interval: Interval, index: int) -> dict[str, float]:
    """Return the cells of a measure's mean and its bootstrap interval."""
    return {name: float(getattr(interval, name)[index]) for name in ("mean", "low", "high")}


def rows_of_insertion(
    insert: Insert,
    experiment: str,
    measures: Sequence[Measure],
    inserted: Inserted,
    *,
    tests: int,
    seed: int,
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one motif and experiment, one for each measure.

    Parameters
    ----------
    tests
        Number of backgrounds in which scrambled inserts were measured.
    seed
        Seed of the bootstrap.
    """
    interval = bootstrap(inserted.by_background, seed)
    ranked = rank_insertion(measures, inserted, tests)
    forward, reverse = inserted.changes.mean(axis=1)
    none = np.full(len(measures), np.nan)
    control = inserted.scrambled.mean(axis=0) if len(inserted.scrambled) else none
    for i, measure in enumerate(measures):
        yield row_of(
            insert,
            experiment,
            measure,
            **interval_cells(interval, i),
            control=float(control[i]),
            forward=float(forward[i]),
            reverse=float(reverse[i]),
            n=len(inserted.by_background),
            p_value=float(ranked.p_value[i]),
            p_adjusted=float(ranked.p_adjusted[i]),
            verdict=ranked.verdict[i],
        )


def rank_insertion(measures: Sequence[Measure], inserted: Inserted, tests: int) -> Ranked:
    """Return how extreme a motif's changes are among those of scrambled inserts."""
    one_sided = np.array([measure.kind == SHAPE for measure in measures])
    return rank(inserted.as_tested(tests), inserted.scrambled, one_sided=one_sided)
