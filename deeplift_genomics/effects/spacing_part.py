"""Spacing of the pairs of a target's motifs: its datasets and rows."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from deeplift_genomics.effects.heads import SHAPE
from deeplift_genomics.effects.inserts import Insert
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.effects.part import Part
from deeplift_genomics.effects.spacing import (
    ORIENTATIONS,
    Spacing,
    choose_pairs,
    largest_gap,
    measure_spacings,
    preference_of,
)
from deeplift_genomics.effects.table import row_of
from deeplift_genomics.scores.effects import SPACING
from deeplift_genomics.settings.motif_sections import USUAL_SPACING, Effects

log = logging.getLogger(__name__)

NO_PREFERENCE = "no preference seen"


def measure_pairs(
    meter: Meter, backgrounds: Backgrounds, inserts: Sequence[Insert], settings: Effects
) -> Part:
    """Measure the interaction of pairs of motifs at all distances."""
    pairs = choose_pairs(inserts, settings.pairs)
    length = backgrounds.codes.shape[1]
    most = largest_gap(settings.spacing, length, [len(item) for pair in pairs for item in pair])
    if pairs and most < (settings.spacing or USUAL_SPACING):
        log.warning("windows of %d bp hold pairs at distances up to %d bp", length, max(most, 0))
    if most < 0:
        pairs, most = [], 0
    found = measure_spacings(meter, backgrounds, pairs, most)
    rows = [row for pair, one in zip(pairs, found, strict=True) for row in _rows(pair, one)]
    return Part(_arrays(meter, pairs, inserts, found, gaps=most + 1), rows)


def _arrays(
    meter: Meter,
    pairs: Sequence[tuple[Insert, Insert]],
    inserts: Sequence[Insert],
    found: Sequence[Spacing],
    *,
    gaps: int,
) -> dict[str, Any]:
    """Return the datasets of all pairs, whose motifs are numbered as in the file."""
    kept = [i for i, measure in enumerate(meter.measures) if measure.kind != SHAPE]
    shape = (len(pairs), len(ORIENTATIONS), gaps, len(kept))
    numbers = {insert.motif: i for i, insert in enumerate(inserts)}
    arrays: dict[str, Any] = {
        "spacing/orientation": list(ORIENTATIONS),
        "spacing/measure": np.array(kept, np.int64),
        "spacing/preference": np.array([_preference_in_words(one) for one in found], dtype=object),
    }
    for side, name in enumerate(("left", "right")):
        of_side = [numbers[pair[side].motif] for pair in pairs]
        arrays[f"spacing/{name}"] = np.array(of_side, np.int64)
    for name, values in (
        ("interaction", [one.mean for one in found]),
        ("standard_error", [one.standard_error for one in found]),
        ("p_value", [one.p_value for one in found]),
    ):
        arrays[f"spacing/{name}"] = np.array(values, np.float64).reshape(shape)
    return arrays


def _preference_in_words(found: Spacing) -> str:
    """Return what a pair prefers by the target's scalar, the first measure."""
    preference = preference_of(found, 0) if found.measures else None
    return preference.in_words() if preference else NO_PREFERENCE


def _rows(pair: tuple[Insert, Insert], found: Spacing) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of one pair, one for each measure."""
    left, right = pair
    for i, measure in enumerate(found.measures):
        mean, p = found.mean[:, :, i], found.p_value[:, :, i]
        preference = preference_of(found, i)
        at = (
            (ORIENTATIONS.index(preference.orientation), preference.gap)
            if preference
            else np.unravel_index(int(mean.argmax()), mean.shape)
        )
        error = float(found.standard_error[:, :, i][at])
        yield row_of(
            left,
            SPACING,
            measure,
            mean=float(mean[at]),
            low=float(mean[at]) - 2 * error,
            high=float(mean[at]) + 2 * error,
            control=float(mean.mean()),
            n=found.n,
            p_adjusted=float(p[at]),
            verdict=preference.in_words() if preference else NO_PREFERENCE,
            partner=right.motif,
            orientation=ORIENTATIONS[int(at[0])],
            distance=int(at[1]),
        )
