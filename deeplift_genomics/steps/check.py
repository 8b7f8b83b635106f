"""The step `check`: a model -> model.json, or one clear refusal."""

from __future__ import annotations

from argparse import SUPPRESS, ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
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
    add_settings(parser, "references", "attribution", "effects.spacing", "oligos.length")
    for key, form in _SHORT.items():
        name = f"--{key.rpartition('.')[2]}"
        parser.add_argument(name, dest=key, default=SUPPRESS, help=f"as --{key}", **form)
    parser.add_argument("--output", type=Path, help="JSON file for the regions step")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.attribution.description import describe_models
    from deeplift_genomics.attribution.request import Request

    request = Request(
        options.targets,
        config_of(options),
        load_options(options),
        controls=options.controls,
        signal=options.signal,
        operations=options.verbose,
    )
    answer = describe_models(options.models, request, options.output)
    print(answer.text, flush=True)
    if answer.error is not None:
        raise answer.error
