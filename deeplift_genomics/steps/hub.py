"""The step `hub`: tracks and instances of all samples -> hub/."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import json_object

HELP = "write a UCSC track hub with the tracks of all samples"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--samples",
        type=json_object,
        required=True,
        help="JSON: name of each sample -> its row of the sheet",
    )
    add_settings(parser, "hub")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="hub in the results folder, where the files of the samples are, too",
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.browsers.hub import write_hub

    write_hub(options.output, options.samples.values(), config_of(options).hub.email)
