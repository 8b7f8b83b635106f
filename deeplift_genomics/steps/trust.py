"""The step `trust`: the evaluation of a sample -> evaluation.html."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of

HELP = "write the page that ranks the methods of attribution"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--evaluation", type=Path, required=True, help="SAMPLE/evaluation.h5")
    parser.add_argument("--title", default="", help="name of the sample, for the page's head")
    add_settings(parser, "report.letters")
    parser.add_argument("--output", type=Path, required=True, help="evaluation.html")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.ranking.page import write_ranking

    letters = config_of(options).report.letters
    write_ranking(options.evaluation, options.output, title=options.title, letters=letters)
