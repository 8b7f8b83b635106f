"""The step `join`: patterns and their matches, of all targets of a sample -> SAMPLE/motifs.tsv."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import number

HELP = "join and name the patterns of a sample that are one motif"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--sample", required=True, help="name of the sample")
    parser.add_argument(
        "--motifs", type=Path, required=True, nargs="+", help="from the motifs step, of each target"
    )
    parser.add_argument(
        "--matches",
        type=Path,
        required=True,
        nargs="+",
        help="from the annotate step, in the same order",
    )
    add_settings(parser, "clusters.within_sample", "motif_names")
    parser.add_argument("--threads", type=number, default=1, help="threads")
    parser.add_argument("--output", type=Path, required=True, help="motifs of the sample (TSV)")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.motifs.join import join_motifs

    config = config_of(options)
    join_motifs(
        options.motifs,
        options.matches,
        options.output,
        settings=config.clusters,
        names=config.motif_names,
        sample=options.sample,
        threads=options.threads,
    )
