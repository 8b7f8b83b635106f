"""The step `merge`: the shards of all folds -> TARGET.scores.h5."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "join shards into the score file of one target"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("shards", type=Path, nargs="+", help="all shards of a run")
    parser.add_argument("--target", required=True, help="target to take from the shards")
    parser.add_argument("--output", type=Path, required=True, help="score file (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.record.warnings import log_warnings, read_numbers
    from deeplift_genomics.scores.merge import merge_shards
    from deeplift_genomics.settings.target_names import parse_target_name

    merge_shards(options.shards, parse_target_name(options.target).slug, options.output)
    log_warnings(read_numbers(options.output), "controls", "shuffles")
