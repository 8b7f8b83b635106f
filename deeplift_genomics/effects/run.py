"""The effects of a target's motifs: measured one after the other, and written."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.effects.backgrounds import Background, draw_backgrounds
from deeplift_genomics.effects.footprint import Footprints, background_profile, profile_heads
from deeplift_genomics.effects.insertion import (
    Inserted,
    centre,
    insert_motif,
    insert_samples,
    number_of_tests,
    samples_of,
)
from deeplift_genomics.effects.inserts import Insert, choose_inserts
from deeplift_genomics.effects.meter import Backgrounds, Meter
from deeplift_genomics.effects.table import rows_of_insertion
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.models.model import Head
from deeplift_genomics.motifs.names import labels_of
from deeplift_genomics.motifs.patterns import read_motif_attributes, read_motifs
from deeplift_genomics.scores.effects import (
    EFFECTS,
    FOOTPRINTS,
    INSERTION,
    NO_UNIT,
    SAMPLED,
    effects_writer,
    write_arrays,
)
from deeplift_genomics.settings.options import stored_settings
from deeplift_genomics.settings.sections import Effects
from deeplift_genomics.settings.strict import as_plain

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Files:
    """The files of a sample and target that the effects are made from.

    Attributes
    ----------
    windows
        The windows file.
    motifs
        The target's motif file.
    labels
        The sample's motif table.
    """

    windows: Path
    motifs: Path
    labels: Path


@dataclass(frozen=True)
class Measurement:
    """All that is measured of one motif by insertion."""

    insert: Insert
    consensus: Inserted
    samples: NDArray[np.int8]
    sampled: Inserted
    footprints: list[NDArray[np.float64]]


def measure_effects(
    predictor: Predictor, files: Files, settings: Effects, *, output: Path, table: Path
) -> None:
    """Measure what a target's motifs do to the prediction, and write numbers and table.

    The files are the same, byte by byte, for the same inputs and settings. Without a motif they are
    empty and valid.

    Raises
    ------
    InputError, ModelError
        If the files are not of one run, or do not fit the model.
    """
    attributes = read_motif_attributes(files.motifs)
    target = str(attributes.get("target", ""))
    patterns = read_motifs(files.motifs)
    labels = labels_of(files.labels, target, [pattern.name for pattern in patterns])
    inserts = choose_inserts(patterns, labels, settings.motifs)
    meter = Meter(predictor, [target])
    background = draw_backgrounds(files.windows, settings.backgrounds, settings.seed)
    _check_length(background, predictor, files.windows)
    _check_fit(inserts, predictor.window_length)
    backgrounds = meter.backgrounds(background.codes, background.controls)
    heads = profile_heads(meter, backgrounds)
    found = [
        measure_motif(meter, backgrounds, insert, settings, heads=heads)
        for insert in Progress(inserts, what="insertion", unit="motif")
    ]
    if not found:
        log.warning("%s: no motif was found, so no effect is measured", files.motifs)
    attributes |= stored_settings({"effects": as_plain(settings)}, "effects")
    attributes |= {"n_motifs": len(found)}
    arrays = _arrays(meter, background, found, settings)
    with effects_writer(output, attributes) as file:
        write_arrays(file, arrays)
        for i, head in enumerate(heads):
            group = file.create_group(f"{FOOTPRINTS}/{i}")
            group.attrs["head"] = head.name
            write_arrays(
                group, _footprint(head, backgrounds, [item.footprints[i] for item in found])
            )
        file.require_group(FOOTPRINTS)
        tests = number_of_tests(settings, len(backgrounds))
        rows = [
            row
            for item in found
            for experiment, inserted in ((INSERTION, item.consensus), (SAMPLED, item.sampled))
            for row in rows_of_insertion(
                item.insert, experiment, meter.measures, inserted, tests=tests, seed=settings.seed
            )
        ]
        write_table(table, EFFECTS, rows)


def measure_motif(
    meter: Meter,
    backgrounds: Backgrounds,
    insert: Insert,
    settings: Effects,
    *,
    heads: Sequence[Head] = (),
) -> Measurement:
    """Insert a motif's consensus and samples of it, with footprints of these profile heads."""
    footprints = Footprints(heads, backgrounds)
    consensus = insert_motif(meter, backgrounds, insert, settings, watch=footprints.watch)
    sampled = insert_samples(meter, backgrounds, insert, settings)
    samples = samples_of(insert, len(backgrounds), settings)
    return Measurement(insert, consensus, samples, sampled, footprints.means)


def _check_length(background: Background, predictor: Predictor, path: Path) -> None:
    """Raise ModelError unless the windows are as long as the model's input."""
    length = background.codes.shape[1]
    if length != predictor.window_length:
        raise ModelError(
            f"{path} holds windows of {length} bp, but {predictor.models[0].name} takes "
            f"{predictor.window_length} bp. Cut the windows again for this model."
        )


def _check_fit(inserts: Sequence[Insert], length: int) -> None:
    """Raise InputError if an insert is longer than the window."""
    for insert in inserts:
        if len(insert) > length:
            raise InputError(
                f"Motif {insert.motif} ({insert.pattern}) has {len(insert)} bp, more than the "
                f"window's {length} bp, so it cannot be inserted. The motif file was made from "
                "longer windows; make the windows, scores and motifs again for this model."
            )


def _arrays(
    meter: Meter, background: Background, found: Sequence[Measurement], settings: Effects
) -> dict[str, Any]:
    """Return the datasets of the effects file, but for the footprints."""
    m, k, length = len(found), len(meter.measures), background.codes.shape[1]
    shape = (m, 2, len(background.codes), k)
    inserts = [item.insert for item in found]
    arrays: dict[str, Any] = {
        "measures/head": [measure.head for measure in meter.measures],
        "measures/unit": [
            NO_UNIT if measure.unit is None else measure.unit for measure in meter.measures
        ],
        "measures/kind": [measure.kind for measure in meter.measures],
        "backgrounds/codes": background.codes,
        "backgrounds/row": background.rows,
        "motifs/motif": np.array([insert.motif for insert in inserts], object),
        "motifs/pattern": np.array([insert.pattern for insert in inserts], object),
        "motifs/inserted": np.array([decode(insert.codes) for insert in inserts], object),
        "motifs/position": np.array([centre(length, len(i)) for i in inserts], np.int64),
        "sampled_insertion/sequences": np.array(
            [[decode(codes) for codes in item.samples] for item in found], object
        ).reshape(m, len(background.codes)),
    }
    for group in ("insertion", "sampled_insertion"):
        results = [item.consensus if group == "insertion" else item.sampled for item in found]
        arrays[f"{group}/changes"] = np.array([one.changes for one in results]).reshape(shape)
        scrambled = np.full((m, settings.scrambled, k), np.nan)
        for i, one in enumerate(results):
            scrambled[i, : len(one.scrambled)] = one.scrambled
        arrays[f"{group}/scrambled"] = scrambled
    return arrays


def _footprint(
    head: Head, backgrounds: Backgrounds, means: Sequence[NDArray[np.float64]]
) -> dict[str, NDArray]:
    """Return the datasets of one head's footprints."""
    plain = background_profile(head, backgrounds)
    return {"inserted": np.array(means).reshape(-1, 2, *plain.shape), "background": plain}
