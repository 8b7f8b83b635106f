"""The step `verify`: a results folder -> its differences from its two records."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import number

HELP = "check results against their provenance.json and ro-crate-metadata.json"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.description = (
        "Check every file of a results folder against its provenance.json and "
        "ro-crate-metadata.json, and the inputs that are found from the current folder. Every file "
        "that is missing, changed, unknown, or made with other settings than recorded is named. "
        "The exit status is 0 only if there is none. Inputs that are not here are named, too, but "
        "are no fault."
    )
    parser.add_argument("results", type=Path, help="folder that holds provenance.json")
    parser.add_argument("--threads", type=number, default=1, help="files read at the same time")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record import verify as record

    findings = record.verify(options.results, options.threads)
    print(record.as_table(findings))
    if not record.is_well(findings):
        sys.exit(1)
