"""The variants of a file, one after the other: effects, contributions, motifs; files written."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np

from deeplift_genomics.alleles.changes import Effects
from deeplift_genomics.alleles.collected import Collected
from deeplift_genomics.alleles.explained import Explained, PairExplainer
from deeplift_genomics.alleles.inputs import Inputs, controls_of, cut_windows
from deeplift_genomics.alleles.motifs import MotifFinder
from deeplift_genomics.attribution.predict import Predictor
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import remove_old
from deeplift_genomics.files.hdf5 import atomic_hdf5, stamp
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.models.model import Model
from deeplift_genomics.scores.allele_tables import (
    KIND,
    MOTIF_TABLE,
    Alleles,
    motif_rows,
    table_kind,
    table_rows,
)
from deeplift_genomics.scores.alleles import TARGETS, write_columns
from deeplift_genomics.settings.config import Config

log = logging.getLogger(__name__)

_MOST, _BASES = 8, 20_000  # variants and bases at a time


class Outputs(NamedTuple):
    """The files that are written."""

    numbers: Path
    table: Path
    motifs: Path


def explain_variants(
    models: Sequence[Model],
    targets: Sequence[str],
    inputs: Inputs,
    outputs: Outputs,
    *,
    config: Config,
    free: int = 0,
    attributes: Mapping[str, Any] | None = None,
) -> Alleles:
    """Explain both alleles of the variants of a file, and write the numbers and two tables.

    Parameters
    ----------
    models
        The model, or its folds.
    targets
        Names of targets.
    config
        The settings: `alleles`, `references`, `attribution`, `instances` and
        `regions.max_unknown` count.
    free
        Free bytes of the GPU; 0 for a CPU.
    attributes
        What the numbers are made from, for their file.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError, CompletenessError
        If a file or the model cannot be used, or contributions do not add up.
    """
    finders = [MotifFinder(path, inputs.motif_table, config.instances) for path in inputs.motifs]
    _check_targets(finders, targets)
    length = models[0].window_length
    pairs, left_out = cut_windows(inputs, length, config)
    predictor = Predictor(models, free=free, float64=config.attribution.float64)
    effects = Effects(predictor, targets)
    explainer = PairExplainer(models, targets, config, free)
    remove_old(outputs.table, outputs.motifs)
    with (
        controls_of(models[0], inputs, pairs) as (controls, of_controls),
        atomic_hdf5(outputs.numbers) as file,
    ):
        stamp(file, KIND, {**(attributes or {}), **of_controls})
        run = Collected(effects, explainer, finders, config)
        groups = _groups(file, explainer, len(pairs), length)
        progress = Progress(what="alleles", unit="variant", total=len(pairs))
        size = max(1, min(_MOST, _BASES // length))
        for first in range(0, len(pairs), size):
            rows = slice(first, min(first + size, len(pairs)))
            some = pairs[rows]
            file["codes"][rows] = np.stack([pair.codes for pair in some])
            for text, found in run.add(some, controls(rows)).items():
                _write(groups[text], rows, found)
            progress.update(len(some))
        progress.close()
        alleles = run.result(pairs, left_out)
        write_columns(file, alleles)
    write_table(outputs.table, table_kind(alleles.outcomes), table_rows(alleles))
    write_table(outputs.motifs, MOTIF_TABLE, motif_rows(alleles))
    number = f"{len(alleles)} variant{'' if len(alleles) == 1 else 's'}"
    log.info("%s: %s explained, %d left out", outputs.numbers, number, len(left_out))
    return alleles


def _check_targets(finders: Sequence[MotifFinder], targets: Sequence[str]) -> None:
    """Raise InputError if motif files are of other targets than those that are explained."""
    for finder in finders:
        if finder.target not in targets:
            raise InputError(
                f"A motif file is of the target {finder.target!r}, and the variants are explained "
                f"for {', '.join(targets)}. Give that target, too, or leave the file out."
            )


def _groups(
    file: h5py.File, explainer: PairExplainer, number: int, length: int
) -> dict[str, h5py.Group]:
    """Make the datasets of contributions, and return the group of each target."""
    packed = {"chunks": (1, 2, length), "compression": 1, "shuffle": True}
    file.create_dataset("codes", (number, 2, length), np.int8, **packed)
    parent, found = file.create_group(TARGETS), {}
    for index, text in enumerate(explainer.targets):
        group = found[text] = parent.create_group(str(index))
        group.attrs["target"] = text
        names = ("contributions", *(("standard_error",) if explainer.has_errors else ()))
        for name in names:
            group.create_dataset(name, (number, 2, length), np.float32, **packed)
        group.create_dataset("target", (number, 2), np.float32)
    return found


def _write(group: h5py.Group, rows: slice, found: Explained) -> None:
    """Write the contributions of some variants."""
    group["contributions"][rows] = found.contributions
    group["target"][rows] = found.target
    if found.standard_error is not None:
        group["standard_error"][rows] = found.standard_error
