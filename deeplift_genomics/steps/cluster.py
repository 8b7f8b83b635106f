"""The step `cluster`: motifs of all samples -> motifs.tsv, motifs.meme, motif_matrix.tsv."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import json_object, number

HELP = "cluster the motifs of all samples to unique ones"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--samples",
        type=json_object,
        required=True,
        help="JSON: name of each sample -> its targets, separated by commas, as in the sheet",
    )
    add_settings(parser, "clusters.across_samples", "motif_names")
    parser.add_argument("--threads", type=number, default=1, help="threads")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="motifs.tsv in the results folder, where the files of the samples are, too",
    )
    parser.add_argument("--meme", type=Path, required=True, help="matrices of the motifs (MEME)")
    parser.add_argument(
        "--matrix", type=Path, required=True, help="numbers of each motif in each sample (TSV)"
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.cohort.matrix import write_matrix
    from deeplift_genomics.cohort.places import files_of_samples, files_of_targets
    from deeplift_genomics.cohort.unique import find_unique, write_unique
    from deeplift_genomics.files.atomic import remove_old

    config, results = config_of(options), options.output.parent
    unique = find_unique(
        files_of_samples(results, options.samples),
        threshold=config.clusters.across_samples,
        names=config.motif_names,
        threads=options.threads,
    )
    remove_old(options.output, options.meme, options.matrix)
    write_matrix(unique, files_of_targets(results, options.samples), options.matrix)
    write_unique(unique, options.output, options.meme)
