"""The step `scan`: patterns and rows of scores -> a shard of calls."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import number, parse_part

CUTOFFS = ("instances.match_p", "instances.weakest", "instances.worst")
HELP = "look for instances of every pattern in some windows"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    parser.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    parser.add_argument("--shard", default="1-of-1", help="which part of the windows to scan")
    add_settings(parser, *CUTOFFS)
    parser.add_argument("--threads", type=number, default=1, help="threads")
    parser.add_argument("--output", type=Path, required=True, help="shard of calls (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.instances.scan import scan_windows

    scan_windows(
        options.scores,
        options.motifs,
        options.output,
        settings=config_of(options).instances,
        part=parse_part(options.shard),
        threads=options.threads,
    )
