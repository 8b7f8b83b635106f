"""The step `predict`: windows and all folds of a model -> a shard of predictions."""

from __future__ import annotations

import logging
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options
from deeplift_genomics.steps.parser import parse_part
from deeplift_genomics.version import __version__

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from deeplift_genomics.attribution.predict import Predictor
    from deeplift_genomics.attribution.predicted import Predicted
    from deeplift_genomics.scores.prediction_writer import PredictionWriter
    from deeplift_genomics.windows.file import Windows

log = logging.getLogger(__name__)

HELP = "predict profiles and counts at some windows"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser, targets=("counts", "profile"))
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument("--shard", default="1-of-1", help="which part of the windows to predict")
    add_settings(parser, "attribution.float64", "attribution.device")
    parser.add_argument("--output", type=Path, required=True, help="shard (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.files.hdf5 import atomic_hdf5, stamp
    from deeplift_genomics.files.progress import Progress
    from deeplift_genomics.scores.file import rows_of_shard
    from deeplift_genomics.scores.prediction_writer import Group, PredictionWriter
    from deeplift_genomics.scores.predictions import SHARD
    from deeplift_genomics.steps.scoring import window_batches
    from deeplift_genomics.windows.file import number_of_windows, read_windows

    part = parse_part(options.shard)
    n_windows = number_of_windows(options.windows)
    rows = rows_of_shard(n_windows, *part)
    n = rows.stop - rows.start
    predictor = _predictor(options)
    some = read_windows(options.windows, slice(rows.start, rows.start + 1))
    kept = _prepared(predictor, options, some)
    place = {"shard": part[0], "n_shards": part[1], "first_row": rows.start, "n_rows": n}
    attributes = _attributes(predictor, options.targets, some)
    with atomic_hdf5(options.output, sealed=True) as file:
        stamp(file, SHARD, {**attributes, **place, "n_windows": n_windows})
        groups = [[Group(item.attributes, item.shape) for item in of] for of in kept]
        writer = PredictionWriter(file, n, tracks=groups[0], values=groups[1])
        progress = Progress(what=f"shard {options.shard}", unit="window", total=n)
        for batch in window_batches(options.windows, rows, predictor.batch_size):
            _append(writer, predictor, batch, kept)
            progress.update(len(batch))
        progress.close()
        writer.close()


def _predictor(options: Namespace) -> Predictor:
    """Load the models and compile them."""
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.graph.lean_start import start_engine
    from deeplift_genomics.models.load import load_model

    attribution, loading = config_of(options).attribution, load_options(options)
    start_engine()
    free = use_device(attribution.device)
    from deeplift_genomics.attribution.predict import Predictor

    models = [load_model(path, loading) for path in options.models]
    return Predictor(models, free=free, float64=attribution.float64)


def _prepared(
    predictor: Predictor, options: Namespace, some: Windows
) -> tuple[list[Predicted], list[Predicted]]:
    """Return what is predicted, after checks of the windows, before anything is written."""
    from deeplift_genomics.attribution.batches import fill_controls
    from deeplift_genomics.attribution.predicted import find_predicted
    from deeplift_genomics.windows.file import check_length

    model = predictor.models[0]
    length = int(some.attributes["window_length"])
    check_length(options.windows, length, model=model.name, expected=model.window_length)
    fill_controls(model, some.controls, len(some))
    return find_predicted(model, options.targets, predictor.heads)


def _append(
    writer: PredictionWriter,
    predictor: Predictor,
    windows: Windows,
    kept: Sequence[Sequence[Predicted]],
) -> None:
    """Add the predictions of a batch of windows."""
    folds = predictor.batch(windows.codes, windows.controls)
    made = [[item.read(folds) for item in of] for of in kept]
    for items, arrays in zip(kept, made, strict=True):
        for item, array in zip(items, arrays, strict=True):
            _check_finite(str(item.attributes["head"]), array, windows)
    writer.append(*made)


def _check_finite(head: str, values: NDArray, windows: Windows) -> None:
    """Raise ModelError if a prediction is not finite."""
    import numpy as np

    from deeplift_genomics.errors import ModelError

    sound = np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if not sound.all():
        row = int(np.argmin(sound))
        place = f"{windows.chrom[row]}:{windows.start[row]}-{windows.end[row]}"
        raise ModelError(
            f"Head {head} predicts a value that is not finite at {place}. Remove the region, or "
            "give a model whose weights are finite."
        )


def _attributes(predictor: Predictor, targets: Sequence[str], windows: Windows) -> dict[str, Any]:
    """Return the attributes of the predictions file: what it was made from."""
    from deeplift_genomics.models.load import runtime_versions
    from deeplift_genomics.steps.made_from import control_attributes, input_attributes

    first = predictor.models[0]
    return {
        **windows.attributes,
        "package_version": __version__,
        **runtime_versions(first),
        "model": ", ".join(model.name for model in predictor.models),
        "model_digest": ", ".join(model.digest for model in predictor.models),
        "n_folds": len(predictor.models),
        "targets": ",".join(targets),
        **control_attributes(first, windows.control_attributes),
        **input_attributes(first),
    }
