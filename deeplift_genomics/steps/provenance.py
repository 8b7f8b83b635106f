"""The step `provenance`: all results of a run -> provenance.json."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import json_object, number

HELP = "record what a finished run was made from, with what, and the digests of its outputs"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--config", type=json_object, required=True, help="configuration of the run, as JSON"
    )
    parser.add_argument("--command", default="", help="command line that started the run")
    parser.add_argument("--snakemake", help="version of Snakemake that runs it")
    parser.add_argument("--threads", type=number, default=1, help="files read at the same time")
    parser.add_argument("--output", type=Path, required=True, help="provenance.json")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record.provenance import write_provenance
    from deeplift_genomics.settings.config import parse_config
    from deeplift_genomics.settings.strict import as_plain

    config = as_plain(parse_config(options.config, "--config"))
    write_provenance(
        # a workflow that takes this one in may have moved the results
        config | {"results": str(options.output.parent)},
        options.output,
        command=options.command,
        snakemake=options.snakemake,
        threads=options.threads,
    )
