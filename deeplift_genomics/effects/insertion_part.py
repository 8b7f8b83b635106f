"""Insertion of all motifs of a target: its datasets and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.effects.footprint import Footprints, background_profile, profile_heads
from deeplift_genomics.effects.insertion import (
    Inserted,
    centre,
    insert_motif,
    insert_samples,
    number_of_tests,
    samples_of,
)
from deeplift_genomics.effects.inserts import Insert
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.effects.part import Part
from deeplift_genomics.effects.table import rows_of_insertion
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.models.model import Head
from deeplift_genomics.scores.effects import FOOTPRINTS, INSERTION, SAMPLED
from deeplift_genomics.settings.motif_sections import Effects


@dataclass(frozen=True)
class Measurement:
    """All that is measured of one motif by insertion.

    Attributes
    ----------
    insert
        The motif.
    consensus, sampled
        The changes that its consensus makes, and sequences drawn from its base frequencies.
    samples
        Those sequences (M, W).
    footprints
        Mean profiles with the consensus, (2, C, P) for each profile head.
    """

    insert: Insert
    consensus: Inserted
    sampled: Inserted
    samples: NDArray[np.int8]
    footprints: list[NDArray[np.float64]]


def measure_insertions(
    meter: Meter, backgrounds: Backgrounds, inserts: Sequence[Insert], settings: Effects
) -> Part:
    """Measure the insertion of each motif into the backgrounds."""
    heads = profile_heads(meter, backgrounds)
    found = [
        measure_motif(meter, backgrounds, insert, settings, heads=heads)
        for insert in Progress(inserts, what="insertion", unit="motif")
    ]
    arrays = _of_inserts(inserts, backgrounds.codes.shape[1])
    arrays |= _of_changes(found, len(backgrounds), len(meter.measures), settings.scrambled)
    for i, head in enumerate(heads):
        plain = background_profile(head, backgrounds)
        means = np.array([item.footprints[i] for item in found])
        arrays[f"{FOOTPRINTS}/{i}/head"] = [head.name]
        arrays[f"{FOOTPRINTS}/{i}/inserted"] = means.reshape(-1, 2, *plain.shape)
        arrays[f"{FOOTPRINTS}/{i}/background"] = plain
    return Part(arrays, _rows(meter, found, settings))


def measure_motif(
    meter: Meter,
    backgrounds: Backgrounds,
    insert: Insert,
    settings: Effects,
    *,
    heads: Sequence[Head] = (),
) -> Measurement:
    """Measure a motif's consensus and samples of it, with footprints of these profile heads."""
    footprints = Footprints(heads, backgrounds)
    consensus = insert_motif(meter, backgrounds, insert, settings, watch=footprints.watch)
    sampled = insert_samples(meter, backgrounds, insert, settings)
    samples = samples_of(insert, len(backgrounds), settings)
    return Measurement(insert, consensus, sampled, samples, footprints.means)


def _of_inserts(inserts: Sequence[Insert], length: int) -> dict[str, Any]:
    """Return the datasets that name the motifs, and say what was inserted where."""
    return {
        "motifs/motif": _texts(insert.motif for insert in inserts),
        "motifs/pattern": _texts(insert.pattern for insert in inserts),
        "motifs/inserted": _texts(decode(insert.codes) for insert in inserts),
        "motifs/position": np.array([centre(length, len(i)) for i in inserts], np.int64),
    }


def _of_changes(
    found: Sequence[Measurement], n_backgrounds: int, n_measures: int, most: int
) -> dict[str, Any]:
    """Return the datasets of changes; NaN in the place of scrambled inserts that there are not."""
    m = len(found)
    arrays: dict[str, Any] = {
        "sampled_insertion/sequences": _texts(
            decode(codes) for item in found for codes in item.samples
        ).reshape(m, n_backgrounds)
    }
    for name, results in (
        ("insertion", [item.consensus for item in found]),
        ("sampled_insertion", [item.sampled for item in found]),
    ):
        changes = np.array([one.changes for one in results])
        arrays[f"{name}/changes"] = changes.reshape(m, 2, n_backgrounds, n_measures)
        scrambled = np.full((m, most, n_measures), np.nan)
        for row, one in zip(scrambled, results, strict=True):
            row[: len(one.scrambled)] = one.scrambled
        arrays[f"{name}/scrambled"] = scrambled
    return arrays


def _texts(texts: Iterable[str]) -> NDArray[np.object_]:
    return np.array(list(texts), dtype=object)


def _rows(meter: Meter, found: Sequence[Measurement], settings: Effects) -> list[tuple[Any, ...]]:
    """Return the rows of the table."""
    return [
        row
        for item in found
        for experiment, inserted in ((INSERTION, item.consensus), (SAMPLED, item.sampled))
        for row in rows_of_insertion(
            item.insert,
            experiment,
            meter.measures,
            inserted,
            tests=number_of_tests(settings, inserted.changes.shape[1]),
            seed=settings.seed,
        )
    ]
