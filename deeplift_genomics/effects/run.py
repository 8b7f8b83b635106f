"""The effects of a target's motifs: measured one experiment after the other, and written."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.effects.ablation_part import measure_ablations
from deeplift_genomics.effects.backgrounds import ShuffledWindows, draw_backgrounds
from deeplift_genomics.effects.insertion_part import measure_insertions
from deeplift_genomics.effects.inserts import Insert, choose_inserts
from deeplift_genomics.effects.meter import Meter
from deeplift_genomics.effects.part import Part, join_parts
from deeplift_genomics.effects.spacing_part import measure_pairs
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import remove_old
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.motifs.names import labels_of
from deeplift_genomics.motifs.patterns import read_motif_attributes, read_motifs
from deeplift_genomics.scores.effects import EFFECTS, NO_UNIT, write_effects
from deeplift_genomics.settings.motif_sections import Effects, check_spacing
from deeplift_genomics.settings.options import stored_settings
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.windows.file import check_length

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
    instances
        The target's table of instances.
    """

    windows: Path
    motifs: Path
    labels: Path
    instances: Path


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
    check_length(
        files.windows,
        background.codes.shape[1],
        model=predictor.models[0].name,
        expected=predictor.window_length,
    )
    _check_fit(inserts, predictor.window_length)
    check_spacing(settings.spacing, predictor.window_length)
    if not inserts:
        log.warning("%s: there is no motif, so no effect is measured", files.motifs)
    backgrounds = meter.backgrounds(background.codes, background.controls)
    parts = [
        _common(meter, background),
        measure_insertions(meter, backgrounds, inserts, settings),
        measure_ablations(
            meter, inserts, settings, windows=files.windows, instances=files.instances
        ),
        measure_pairs(meter, backgrounds.first(settings.spacing_backgrounds), inserts, settings),
    ]
    whole = join_parts(parts)
    attributes |= stored_settings({"effects": as_plain(settings)}, "effects")
    attributes |= {"n_motifs": len(inserts)}
    remove_old(output, table)
    write_table(table, EFFECTS, whole.rows)
    write_effects(output, attributes, whole.arrays)


def _common(meter: Meter, background: ShuffledWindows) -> Part:
    """Return what all experiments share: measures and backgrounds."""
    measures = meter.measures
    return Part(
        {
            "measures/head": [measure.head for measure in measures],
            "measures/unit": [
                NO_UNIT if measure.unit is None else measure.unit for measure in measures
            ],
            "measures/kind": [measure.kind for measure in measures],
            "backgrounds/codes": background.codes,
            "backgrounds/row": background.rows,
        }
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
