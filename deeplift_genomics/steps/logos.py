"""The step `logos`: patterns -> TARGET.logos."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from deeplift_genomics.settings.options import add_options as add_settings
from deeplift_genomics.settings.options import config_of
from deeplift_genomics.steps.parser import number

HELP = "draw the logos of all patterns"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--motifs", type=Path, required=True, help="from the motifs step")
    add_settings(parser, "report.letters")
    parser.add_argument("--threads", type=number, default=1, help="threads")
    parser.add_argument(
        "--output", type=Path, required=True, help="folder for PNG, SVG and PDF files"
    )


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.motifs.logos import draw_logos
    from deeplift_genomics.views.letters import LETTERS

    letters = LETTERS[config_of(options).report.letters]
    draw_logos(options.motifs, options.output, letters.on_light, options.threads)
