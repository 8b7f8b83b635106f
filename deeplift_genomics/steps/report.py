"""The step `report`: all files of a sample -> report.html."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import json_list, json_object

HELP = "write the HTML report of one sample"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument(
        "--configuration",
        type=json_object,
        required=True,
        help="JSON with the configuration (config) and the sample's row of the sheet (sample)",
    )
    parser.add_argument("--genes", type=Path, help="GTF or GFF3, to show genes")
    parser.add_argument("--contig-aliases", type=Path, help="other names of contigs")
    parser.add_argument(
        "--loci",
        type=json_list,
        default=[],
        help="JSON list of the loci of report.loci that the sample must have a window for",
    )
    parser.add_argument(
        "--known-motifs",
        type=Path,
        help="file of annotation.database, to draw the motifs that it has; JASPAR needs none",
    )
    parser.add_argument("--known-sites", type=Path, help="BED file of sites known to matter")
    parser.add_argument("--snakemake", help="version of Snakemake that runs the steps")
    parser.add_argument("--maps", type=Path, help="outputs.h5, to show maps of loci")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        help="report.html in the sample's folder of results, where its other files are, too",
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.report.page import write_report

    write_report(
        options.output,
        options.output.parent.parent,
        row=options.configuration["sample"],
        config=options.configuration["config"],
        genes=options.genes,
        contig_aliases=options.contig_aliases,
        required=options.loci,
        known_motifs=options.known_motifs,
        maps=options.maps,
        known_sites=options.known_sites,
        snakemake=options.snakemake or None,
    )
