"""The effect of an oligo on every head: against the wild type, in units that say something.

===========  =====================================================================================
log2_fold    of a head of log counts, the change of the (natural) logarithm divided by ln 2, so that
             -1 is half as many reads; the strands of one task are averaged. Of a head that ends in
             an exponential or softplus, and so gives counts, and of tracks, log2 of the ratio of
             their sums
shape        of a profile, the total variation distance from that of the wild type: the share of
             the reads that are elsewhere, from 0 to 1
difference   of any other head, the change of each unit; of a head with too many units, the change
             of the target that explains it
===========  =====================================================================================

Folds of a model are averaged: changes of logarithms and distances as they are, and sums before
their ratio is taken.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.design.table import DIFFERENCE, FOLD, Outcome
from deeplift_genomics.design.table import SHAPE as SHAPE_OUTCOME
from deeplift_genomics.effects.heads import OUTPUT, SHAPE, TARGET, units_of
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.model import Head
from deeplift_genomics.settings.choices import MOST_STRANDS

_TO_COUNTS = {"Exp", "Softplus"}  # at the end of a head


class _Told(NamedTuple):
    """An outcome, the measures that it is the mean of, and the factor to its unit.

    With `ratio`, it is log2 of the sum of the measure and of what it was before over the latter.
    """

    outcome: Outcome
    measures: list[int]
    factor: float = 1.0
    ratio: bool = False


@dataclass(frozen=True)
class Changed:
    """Windows (N, L), each with the row, in other windows, of the one that it is compared with."""

    codes: NDArray[np.int8]
    rows: NDArray[np.int64]


class Outcomes:
    """The effects that a model, or its folds, gives to oligos.

    Parameters
    ----------
    predictor
        The forward passes.
    targets
        Names of the targets; they count for heads with too many units.

    Attributes
    ----------
    outcomes
        What `measure` returns, in the order of its last axis.
    """

    def __init__(self, predictor: Predictor, targets: Sequence[str]) -> None:
        self._predictor = predictor
        self._meter = Meter(predictor, targets)
        self._told = [*self._of_heads(), *self._of_targets(targets)]
        self.outcomes = [told.outcome for told in self._told]

    def measure(self, base: Backgrounds, changed: Changed) -> NDArray[np.float64]:
        """Return the effects (N, K) on windows that were changed; NaN where there is no ratio."""
        changes = self._meter.changes(changed.codes, base, changed.rows)
        return self._as_told(changes, base, changed.rows)

    def compare(
        self, base: Backgrounds, other: Backgrounds, rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return the effects (N, K) on N other windows, each against the row of `base` it names."""
        return self._as_told(self._meter.compare(other.values, base, rows), base, rows)

    def _as_told(
        self, changes: NDArray[np.float64], base: Backgrounds, rows: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Return changes of the measures (N, ...) as effects (N, K)."""
        found = np.empty((len(changes), len(self._told)))
        for i, told in enumerate(self._told):
            change = changes[:, told.measures].mean(axis=1)
            if told.ratio:
                before = self._before(base, told.outcome)[rows]
                found[:, i] = _log2_ratio(before + change, before)
            else:
                found[:, i] = change * told.factor
        return found

    def windows(self, codes: NDArray[np.int8], controls: dict[str, NDArray]) -> Backgrounds:
        """Return windows (M, L) as others are compared with them."""
        return self._meter.backgrounds(codes, controls)

    def _before(self, base: Backgrounds, outcome: Outcome) -> NDArray[np.float64]:
        """Return the sum of a unit at each window that others are compared with, (M,)."""
        (head,) = (head for head in self._predictor.heads if head.name == outcome.head)
        folds = [units_of(head, values[head.name]) for values in base.values]
        assert outcome.unit is not None or len(folds[0][0]) == 1
        return np.mean(folds, axis=0)[:, outcome.unit or 0]

    def _of_heads(self) -> Iterator[_Told]:
        """Yield what is told of each head."""
        measures = list(enumerate(self._meter.measures))
        for head in self._predictor.heads:
            shapes = [i for i, one in measures if (one.head, one.kind) == (head.name, SHAPE)]
            for i in shapes:
                unit = self._meter.measures[i].unit
                yield _Told(Outcome(SHAPE_OUTCOME, head.name, unit), [i])
            outputs = [i for i, one in measures if (one.head, one.kind) == (head.name, OUTPUT)]
            if outputs:
                yield from _of_units(head, outputs)

    def _of_targets(self, targets: Sequence[str]) -> Iterator[_Told]:
        """Yield the targets whose head has no numbers of its own."""
        known = {one.head for one in self._meter.measures if one.kind != TARGET}
        for i, text in enumerate(targets):
            (target,) = find_targets(self._predictor.models[0], [text]).values()
            if not {head.name for head in target.heads} <= known:
                yield _Told(Outcome(DIFFERENCE, text), [i])


def _of_units(head: Head, measures: list[int]) -> Iterator[_Told]:
    """Yield what is told of the units of a head that is no profile."""
    one = len(measures) == 1
    logarithms = head.kind == "counts" and not having("link") & set(head.ends_in)
    counts = head.kind == "counts" and bool(_TO_COUNTS & set(head.ends_in))
    if logarithms and len(measures) <= MOST_STRANDS:
        yield _Told(Outcome(FOLD, head.name), measures, 1 / math.log(2))
        return
    for unit, measure in enumerate(measures):
        number = None if one else unit
        if head.kind == "tracks" or counts:
            yield _Told(Outcome(FOLD, head.name, number), [measure], ratio=True)
        elif logarithms:
            yield _Told(Outcome(FOLD, head.name, number), [measure], 1 / math.log(2))
        else:
            yield _Told(Outcome(DIFFERENCE, head.name, number), [measure])


def _log2_ratio(after: NDArray[np.float64], before: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return log2 of a ratio of positive numbers; NaN for others."""
    known = (after > 0) & (before > 0)
    ratio = np.divide(after, before, out=np.ones_like(after), where=known)
    return np.where(known, np.log2(ratio), np.nan)
