"""The step `figures`: TARGET.effects.h5 -> TARGET.figures."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "draw the footprints of motifs and the heat maps of pairs"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("--effects", type=Path, required=True, help="numbers of the effects step")
    parser.add_argument("--output", type=Path, required=True, help="folder for PNG and SVG files")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.effects.figures import draw_figures

    draw_figures(options.effects, options.output)
