"""The step `tracks`: scores -> TARGET.contributions.bw."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of

HELP = "write contributions along the genome, as bigWig"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    add_settings(parser, "tracks")
    parser.add_argument("--output", type=Path, required=True, help="track (bigWig)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.scores.tracks import write_track

    write_track(options.scores, options.output, config_of(options).tracks.overlap)
