"""The step `workbook`: all files of a sample -> SAMPLE/motifs.xlsx, SAMPLE/motifs.meme."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import json_object

HELP = "write the motifs of one sample as a workbook and as matrices"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--configuration",
        type=json_object,
        required=True,
        help="JSON with the configuration (config) and the sample's row of the sheet (sample)",
    )
    parser.add_argument("--meme", type=Path, required=True, help="matrices (MEME's text format)")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="motifs.xlsx in the sample's folder of results, where its other files are, too",
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.handover.workbook import write_workbook

    write_workbook(
        options.output,
        options.meme,
        options.output.parent.parent,
        row=options.configuration["sample"],
        config=options.configuration["config"],
    )
