"""The step `check`: a model -> model.json, or one clear refusal."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options

HELP = "show a model's inputs, heads, and the rule of each operation"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("models", nargs="+", metavar="MODEL", help=f"{MODEL}; several are folds")
    add_loading_options(parser)
    parser.add_argument("--output", type=Path, help="JSON file for the regions step")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.attribution.description import describe_models

    print(describe_models(options.models, options.targets, options.output, load_options(options)))
