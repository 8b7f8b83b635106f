"""The step `report`: scores, patterns and logos -> TARGET.report.html."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.steps.parser import json_object

HELP = "write the HTML report of one sample and target"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--sample", required=True, help="name of the sample")
    parser.add_argument("--scores", type=Path, required=True, help="score file (HDF5)")
    parser.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    parser.add_argument("--logos", type=Path, required=True, help="folder from the logos step")
    parser.add_argument("--dropped", type=Path, required=True, help="from the regions step")
    parser.add_argument("--config", type=json_object, help="configuration to print, as JSON")
    parser.add_argument("--output", type=Path, required=True, help="HTML file")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.report.page import write_report

    write_report(
        options.output,
        options.sample,
        options.scores,
        options.motifs,
        logos_folder=options.logos,
        dropped_path=options.dropped,
        config=options.config,
    )
