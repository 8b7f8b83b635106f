"""The step `attribute`: windows and one fold's model -> a shard of scores for all targets."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.loading import MODEL, add_loading_options, load_options

HELP = "score windows with DeepLIFT, or another method of attribution"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--model", required=True, help=MODEL)
    add_loading_options(parser, targets=("counts", "profile"))
    parser.add_argument("--windows", type=Path, required=True, help="from the regions step")
    parser.add_argument("--shard", default="1-of-1", help="which part of the windows to score")
    parser.add_argument("--fold", default="1-of-1", help="which of several models this is")
    add_settings(parser, "references", "attribution", "motifs.window")
    parser.add_argument("--output", type=Path, required=True, help="shard (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.steps.scoring import score_windows

    score_windows(
        options.model,
        options.windows,
        options.output,
        targets=options.targets,
        config=config_of(options),
        shard=options.shard,
        fold=options.fold,
        loading=load_options(options),
    )
