"""The step `index`: all samples of a run -> index.html."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import json_object

HELP = "write the page above all samples"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--samples",
        type=json_object,
        required=True,
        help="JSON: name of each sample -> its row of the sheet",
    )
    add_settings(parser, "report.letters")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="index.html in the results folder, where the files of the samples are, too",
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.report.index_page import write_index

    write_index(
        options.output,
        options.output.parent,
        list(options.samples.values()),
        letters=config_of(options).report.letters,
    )
