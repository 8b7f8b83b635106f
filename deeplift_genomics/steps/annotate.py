"""The step `annotate`: patterns and known motifs -> TARGET.matches.tsv."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import number

HELP = "compare the patterns with known motifs"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    add_settings(parser, "annotation")
    parser.add_argument("--threads", type=number, default=1, help="threads")
    parser.add_argument("--output", type=Path, required=True, help="table of matches (TSV)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.motifs.annotation import write_matches

    settings = config_of(options).annotation
    write_matches(options.motifs, options.output, settings, options.threads)
