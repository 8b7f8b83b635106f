"""The step `evaluate`: windows and a model -> a shard of the evaluation of methods."""

from __future__ import annotations

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
    from deeplift_genomics.evaluation.truth import Sites
    from deeplift_genomics.models.model import Model

HELP = "compare methods of attribution in some windows"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser, targets=("counts", "profile"))
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument("--truth", type=Path, help="BED file of sites that are known to matter")
    parser.add_argument("--shard", default="1-of-1", help="which part of the windows to evaluate")
    add_settings(parser, "evaluation", "references", "attribution", "motifs.window")
    parser.add_argument("--output", type=Path, required=True, help="shard (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    import numpy as np

    from deeplift_genomics.dna.sequence import one_hot
    from deeplift_genomics.evaluation.chosen import choose_rows
    from deeplift_genomics.evaluation.motifs_found import write_scores
    from deeplift_genomics.evaluation.numbers import write_numbers
    from deeplift_genomics.evaluation.ranking import central
    from deeplift_genomics.evaluation.truth import read_sites
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.graph.lean_start import start_engine
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.scores.file import rows_of_shard
    from deeplift_genomics.windows.file import number_of_windows

    (position, n_shards), config = parse_part(options.shard), config_of(options)
    settings, in_file = config.evaluation, number_of_windows(options.windows)
    sites = read_sites(options.truth, options.windows) if options.truth else None
    chosen = choose_rows(in_file, settings.regions, settings.seed)
    part = rows_of_shard(len(chosen), position, n_shards)
    start_engine()
    free = use_device(config.attribution.device)
    models = [load_model(path, load_options(options)) for path in options.models]
    length = _checked_length(options.windows, models[0])
    from deeplift_genomics.evaluation.run import Evaluator
    from deeplift_genomics.evaluation.scored import read_batch

    evaluator = Evaluator(models, options.targets, config, free=free)
    sequences = np.zeros((0, min(length, config.motifs.window), 4), np.int8)
    if part.stop > part.start:
        batch = read_batch(options.windows, chosen[part])
        evaluator.run(batch, max(settings.retested - part.start, 0), sites)
        sequences = one_hot(batch.codes[:, central(length, config.motifs.window)])
    place = {"shard": position, "n_shards": n_shards, "first_row": part.start}
    place |= {"n_rows": part.stop - part.start, "n_windows": len(chosen), "n_in_file": in_file}
    write_numbers(
        options.output,
        evaluator.numbers,
        _attributes(options, models, sites=sites, n=len(chosen)) | place,
        lambda file: write_scores(file, sequences, evaluator.hypothetical),
    )


def _checked_length(windows: Path, model: Model) -> int:
    """Return the length of the windows, which must be what the model takes."""
    from deeplift_genomics.windows.file import check_length, read_places

    length = read_places(windows).length
    check_length(windows, length, model=model.name, expected=model.window_length)
    return length


def _attributes(
    options: Namespace, models: Sequence[Model], *, sites: Sites | None, n: int
) -> dict[str, Any]:
    """Return what the evaluation of n windows was made from."""
    from deeplift_genomics.evaluation.scored import described_methods
    from deeplift_genomics.files.atomic import digest
    from deeplift_genomics.models.load import runtime_versions
    from deeplift_genomics.settings.options import stored_settings
    from deeplift_genomics.settings.strict import as_plain
    from deeplift_genomics.steps.made_from import control_attributes, input_attributes
    from deeplift_genomics.windows.file import read_windows

    windows, config = read_windows(options.windows, slice(0, 1)), config_of(options)
    settings = stored_settings(as_plain(config), "evaluation", "references", "attribution")
    found = {
        **windows.attributes,
        "package_version": __version__,
        **runtime_versions(models[0]),
        "model": ", ".join(model.name for model in models),
        "model_digest": ", ".join(model.digest for model in models),
        "n_folds": len(models),
        "targets": ",".join(options.targets),
        **control_attributes(models[0], windows.control_attributes),
        **input_attributes(models[0]),
        **settings,
        "methods": described_methods(config),
        "motifs_window": config.motifs.window,
        "device": config.attribution.device,
        "n_retested": min(config.evaluation.retested, n),
    }
    if sites is not None:
        found |= {"truth": options.truth.name, "truth_digest": digest(options.truth)}
        found |= {"n_sites": sites.number}
    return found
