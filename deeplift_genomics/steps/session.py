"""The step `session`: tracks and instances of a sample -> igv.xml."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import json_object

HELP = "write an IGV session with the tracks of a sample"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--sample", type=json_object, required=True, help="JSON: the sample's row of the sheet"
    )
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="igv.xml in the sample's folder of results, where its other files are, too",
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.browsers.session import write_session

    write_session(options.output, options.sample)
