"""The step `crate`: provenance.json -> ro-crate-metadata.json and repeat/."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "describe a finished run as a research object (RO-Crate), with all that repeats it"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--record",
        type=Path,
        required=True,
        help="provenance.json in the results folder, where the files that it names are, too",
    )
    parser.add_argument("--repeat", type=Path, required=True, help="folder for what repeats it")
    parser.add_argument("--output", type=Path, required=True, help="ro-crate-metadata.json")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record.crate import write_crate
    from deeplift_genomics.record.provenance import read_provenance
    from deeplift_genomics.record.repeat import write_repeat

    results = options.record.parent
    record = read_provenance(results)
    write_repeat(record, options.repeat)
    write_crate(record, results, options.output)
