"""The step `init`: a model or its scores, a genome, regions -> a folder for snakemake."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from deeplift_genomics.settings.sample_sheet import Sample

if TYPE_CHECKING:
    from deeplift_genomics.starting.sheet import Found

HELP = "look into a model, or into scores that exist, and lay out a folder that runs the workflow"

# columns of the sheet whose options differ in more than their dashes
_NAMES = {"sample": "name"}
_ADVICE = {
    "sample": "name of the sample (default: that of the model's file, or of the regions for folds)",
    "heads": "targets, separated by commas (default: those of the model's heads, or of the scores)",
}


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step: one for each column of the sample sheet."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="is made if it is missing")
    for column, field in Sample.model_fields.items():
        name = f"--{_NAMES.get(column, column).replace('_', '-')}"
        about = _ADVICE.get(column, f"{(field.description or '').rstrip('.')}")
        if column == "allow_lambda":
            parser.add_argument(name, dest=column, action="store_const", const="true", help=about)
            continue
        # a shell writes out *.h5, and the sheet separates several files by commas
        several = {"nargs": "+"} if column in ("model", "controls", "signal") else {}
        parser.add_argument(name, dest=column, required=column == "regions", help=about, **several)


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.planning.count import count_windows
    from deeplift_genomics.planning.genome import check_regions_and_genome
    from deeplift_genomics.planning.paths import check_paths
    from deeplift_genomics.planning.signal import check_signal
    from deeplift_genomics.settings.config import Config
    from deeplift_genomics.starting.configuration import configuration
    from deeplift_genomics.starting.folder import (
        CONFIG,
        SHEET,
        commands,
        lay_out,
        refuse_existing,
    )
    from deeplift_genomics.starting.sheet import sample_of, sheet

    cells = _cells(options)
    sample = sample_of(cells)
    refuse_existing(options.folder)
    config = Config(samples="The command line", results=str(options.folder / "results"))
    samples = {sample.sample: sample}
    check_paths(config, samples)
    check_signal(config, samples)
    check_regions_and_genome(sample)
    windows = count_windows(config, sample)
    found = _look_at_scores(sample) if sample.scores else _look(sample, named="heads" in cells)
    if found.heads:
        sample = sample_of({**cells, "heads": found.heads})
    lay_out(options.folder, {CONFIG: configuration(), SHEET: sheet(sample, found, options.folder)})
    heads = ", ".join(target.text for target in sample.heads)
    print(
        f"\n{options.folder} {'reports on' if sample.scores else 'explains'} {heads} in up to "
        f"{windows:,} window{'' if windows == 1 else 's'}; its "
        f"{SHEET} and {CONFIG} are yours to change. Next:\n"
    )
    print(commands(options.folder, f"plan {CONFIG}"))
    print(f"\nThen open {options.folder / 'results' / 'index.html'} in a browser.")


def _cells(options: Namespace) -> dict[str, str]:
    """Return the cells that were given: column -> text."""
    given = {name: getattr(options, name) for name in Sample.model_fields}
    cells = {
        name: ",".join(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return {name: cell for name, cell in cells.items() if cell}


def _look_at_scores(sample: Sample) -> Found:
    """Return what the score files of a sample tell.

    Raises
    ------
    InputError
        If one is of no program that is known, or they are of windows of different lengths.
    """
    from deeplift_genomics.errors import InputError
    from deeplift_genomics.models.info import ModelInfo
    from deeplift_genomics.scores.given_files import check_target, open_given
    from deeplift_genomics.starting.sheet import Found

    lengths = {}
    for target, path in sample.scores.items():
        with open_given(path) as given:
            check_target(given, target)
            lengths[path] = given.length
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{path} of {length} bp" for path, length in lengths.items())
        raise InputError(
            f"The score files are of windows of different lengths: {told}. Files of one sample "
            "are of the same regions: lay out a folder for each length."
        )
    return Found(ModelInfo(next(iter(lengths.values())), {}), ())


def _look(sample: Sample, named: bool) -> Found:
    """Print what `check` says of a sample's models, and return what was found.

    Parameters
    ----------
    named
        Whether the user named the targets.

    Raises
    ------
    InputError, ModelError
        If the models cannot be explained.
    """
    from tempfile import TemporaryDirectory

    from deeplift_genomics.attribution.description import describe_models
    from deeplift_genomics.attribution.request import Request
    from deeplift_genomics.errors import ModelError
    from deeplift_genomics.models.info import read_model_info
    from deeplift_genomics.models.options import LoadOptions
    from deeplift_genomics.settings.config import Config
    from deeplift_genomics.starting.sheet import Found

    loading = LoadOptions(
        allow_lambda=sample.allow_lambda,
        lambdas=sample.lambdas,
        custom_objects=sample.custom_objects or None,
        window_length=sample.window_length,
        inputs=sample.inputs,
    )
    targets = [target.text for target in sample.heads] if named else []
    request = Request(
        targets, Config(), loading, controls=sample.controls, signal=len(sample.signal), motifs=True
    )
    with TemporaryDirectory() as folder:
        info = Path(folder, "model.json")
        answer = describe_models(sample.model, request, info)
        print(answer.text, flush=True)
        if answer.error is not None:
            raise answer.error
        if not (named or answer.targets):
            raise ModelError(
                f"{sample.model[0]} has no head that is explained without more. Name targets by "
                "--heads; docs/methods.md lists them."
            )
        return Found(read_model_info(info), () if named else answer.targets)
