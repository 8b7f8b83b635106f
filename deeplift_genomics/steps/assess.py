"""The step `assess`: shards of an evaluation -> SAMPLE/evaluation.h5 and evaluation.tsv."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of

HELP = "join the shards of an evaluation, with intervals and differences"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("shards", type=Path, nargs="+", help="all shards of the evaluation")
    add_settings(parser, "motifs", "annotation")
    parser.add_argument("--output", type=Path, required=True, help="numbers (HDF5)")
    parser.add_argument("--table", type=Path, required=True, help="table (TSV)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.evaluation.merge import merge_evaluation

    merge_evaluation(options.shards, options.output, options.table, config_of(options))
