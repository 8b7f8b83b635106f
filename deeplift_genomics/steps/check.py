"""The step `check`: a model -> model.json, or one clear refusal."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of, given_options
from deeplift_genomics.settings.scored import CHECKED
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options
from deeplift_genomics.steps.parser import listed

HELP = "tell whether a model can be explained, by which targets, from which inputs"

# settings that are often tried, with short names: key -> how its value is written
_SHORT: dict[str, dict[str, Any]] = {
    "attribution.rules": {"metavar": "VALUE"},
    "attribution.float64": {"action": "store_const", "const": True},
}


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser)
    parser.add_argument(
        "--controls", type=listed, default=(), help="bigWig files for the model's control inputs"
    )
    parser.add_argument(
        "--signal", type=int, default=0, help="number of bigWig files of the measured signal"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show the rule of each operation as well"
    )
    parser.add_argument(
        "--trust",
        action="store_true",
        help="measure in a few windows how far the scores can be trusted, which takes minutes",
    )
    parser.add_argument("--windows", type=Path, help="for --trust: from the regions step")
    parser.add_argument(
        "--regions",
        type=Path,
        help="for --trust: BED or narrowPeak file with --fasta, or FASTA of sequences without",
    )
    parser.add_argument("--fasta", type=Path, help="for --trust: genome, FASTA or 2bit")
    add_settings(parser, *CHECKED)
    for key, form in _SHORT.items():
        name = f"--{key.rpartition('.')[2]}"
        parser.add_argument(name, dest=key, default=SUPPRESS, help=f"as --{key}", **form)
    parser.add_argument("--output", type=Path, help="JSON file for the regions step")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.attribution.description import describe_models
    from deeplift_genomics.attribution.request import Request

    _check_together(options)
    request = Request(
        options.targets,
        config_of(options),
        load_options(options),
        controls=options.controls,
        signal=options.signal,
        operations=options.verbose,
        motifs="motifs.window" in given_options(options),
    )
    answer = describe_models(options.models, request, options.output)
    print(answer.text, flush=True)
    if answer.error is not None:
        raise answer.error
    if options.trust:
        print(f"\n{_trust(options)}", flush=True)


def _check_together(options: Namespace) -> None:
    """Raise ConfigError if options are given that do not go together."""
    from deeplift_genomics.errors import ConfigError
    from deeplift_genomics.files.atomic import require_file

    if options.trust and options.windows is None and options.regions is None:
        raise ConfigError(
            "--trust needs windows to look at: give --windows windows.h5 of a run, or --regions "
            "peaks.narrowPeak with --fasta genome.fa, or --regions sequences.fa."
        )
    given = [name for name in ("windows", "regions", "fasta") if getattr(options, name) is not None]
    if given and not options.trust:
        raise ConfigError(f"--{given[0]} is for --trust; add --trust, or leave it out.")
    if options.windows is not None and len(given) > 1:
        raise ConfigError(f"Give either --windows or --{given[1]}: windows have their bases.")
    for name in given:
        require_file(getattr(options, name), f"--{name}")


def _trust(options: Namespace) -> str:
    """Return how far the scores can be trusted, in words."""
    from tempfile import TemporaryDirectory

    from deeplift_genomics.evaluation.trust import trust_text
    from deeplift_genomics.graph.device import use_device
    from deeplift_genomics.models.load import load_model
    from deeplift_genomics.windows.cut import cut

    config, loading = config_of(options), load_options(options)
    free = use_device(config.attribution.device)
    models = [load_model(path, loading) for path in options.models]
    with TemporaryDirectory() as folder:
        windows = options.windows or cut(
            options.regions,
            options.fasta,
            models[0].window_length,
            Path(folder),
            max_unknown=config.regions.max_unknown,
        )
        return trust_text(models, windows, options.targets, config, free=free)
