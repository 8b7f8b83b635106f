"""The step `seqlets`: patterns and scores -> TARGET.seqlets.bed."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "list every seqlet in genome coordinates"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    parser.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    parser.add_argument("--output", type=Path, required=True, help="BED file")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.motifs.seqlets import write_seqlets

    write_seqlets(options.motifs, options.scores, options.output)
