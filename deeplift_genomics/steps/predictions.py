"""The step `predictions`: shards of predictions and a measured signal -> SAMPLE/predictions.h5."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import listed

HELP = "join predictions, and compare them with the measured signal"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("shards", type=Path, nargs="+", help="all shards of predictions")
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument(
        "--signal", type=listed, default=(), help="bigWig files of the measured signal"
    )
    parser.add_argument("--contig-aliases", type=Path, help="other names of contigs, for --signal")
    parser.add_argument("--output", type=Path, required=True, help="predictions (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.dna.aliases import read_aliases
    from deeplift_genomics.scores.prediction_merge import merge_predictions

    merge_predictions(
        options.shards,
        options.windows,
        options.output,
        signal=options.signal,
        aliases=read_aliases(options.contig_aliases),
    )
