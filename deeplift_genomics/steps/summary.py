"""The step `summary`: a configuration and its results -> what the run has to say, summary.txt."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import ConfigError
from deeplift_genomics.steps.parser import json_object

HELP = "say what a run made, what to doubt in it, and what failed"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.description = (
        "Say for each sample of a configuration which regions were used, which motifs were found "
        "and where the pages are, and give all warnings. The same text is written to summary.txt "
        "in the results folder. Snakemake runs this step when a run ends."
    )
    parser.add_argument(
        "config", help="config.yaml; its paths count from this folder. Or -: JSON from the workflow"
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record.failed import FailedJob
    from deeplift_genomics.record.summary import write_summary
    from deeplift_genomics.settings.config import load_config, parse_config
    from deeplift_genomics.settings.sample_sheet import load_samples
    from deeplift_genomics.settings.scored import further_methods
    from deeplift_genomics.settings.strict import as_plain

    ended: dict[str, Any] = {}
    if options.config == "-":
        try:
            ended = json_object(sys.stdin.read())
        except ArgumentTypeError as error:
            raise ConfigError(f"Standard input: {error}") from error
    config = parse_config(ended["config"]) if ended else load_config(Path(options.config))
    rows = [as_plain(sample) for sample in load_samples(config.samples).values()]
    failed = [FailedJob(*job) for job in ended.get("failed", [])]
    results, names = ended.get("results", config.results), config.motif_names
    methods = further_methods(as_plain(config))
    print(write_summary(results, rows, failed, names=names, methods=methods), end="")
