"""The step `motifs`: scores -> TARGET.modisco.h5."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import number

HELP = "find patterns with TF-MoDISco"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    add_settings(parser, "motifs")
    parser.add_argument("--threads", type=number, default=1, help="threads")
    parser.add_argument("--output", type=Path, required=True, help="motifs (HDF5)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.motifs.discovery import find_motifs
    from deeplift_genomics.motifs.patterns import read_motif_attributes
    from deeplift_genomics.record.warnings import Numbers, log_warnings

    settings = config_of(options).motifs
    find_motifs(options.scores, options.output, settings, options.threads)
    log_warnings(Numbers(read_motif_attributes(options.output)), "seqlets")
