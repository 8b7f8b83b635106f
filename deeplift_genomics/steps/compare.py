"""The step `compare`: results folders of several runs -> a page on what differs."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import number

HELP = "compare the results of two or more runs"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.description = (
        "Compare finished runs with the first of them: which settings, inputs and versions differ, "
        "which motifs were lost and gained, and how alike the contributions of each region are. "
        "Samples of one name are compared, or the only sample of each run. It writes one page, and "
        "two tables beside it, NAME.motifs.tsv and NAME.regions.tsv."
    )
    parser.add_argument("results", type=Path, nargs="+", help="folders that hold provenance.json")
    parser.add_argument("--output", type=Path, default=Path("compare.html"), help="HTML file")
    parser.add_argument("--threads", type=number, default=1, help="threads")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.comparison.page import compare

    compare(options.results, options.output, threads=options.threads)
