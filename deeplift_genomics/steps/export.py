"""The step `export`: TARGET.scores.h5 -> files that other programs read."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of

HELP = "write contributions for other programs: modisco, finemo, bpnet-lite, tangermeme, browsers"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    parser.add_argument(
        "--format",
        required=True,
        help="modisco, finemo, bpnet-lite, tangermeme, bedgraph or bigwig: docs/formats.md says "
        "what each writes",
    )
    add_settings(parser, "tracks")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="the file, with its ending, such as counts.bw of bigwig; of a format with several, "
        "the beginning of their names",
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.scores.export import export_scores

    overlap = config_of(options).tracks.overlap
    for path in export_scores(options.scores, options.format, options.output, overlap=overlap):
        print(path)
