"""The step `demo`: the bundled demo -> a folder in which snakemake runs it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

HELP = "lay out the bundled demo in a folder"


def add_options(parser: ArgumentParser) -> None:
    """Add the options of this step."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="is made if it is missing")


def run(options: Namespace) -> None:
    """Run this step."""
    from deeplift_genomics.starting.demo import lay_out_demo
    from deeplift_genomics.starting.folder import commands

    written = lay_out_demo(options.folder)
    print(f"{options.folder} holds the demo ({len(written)} files). Next, for a few minutes:\n")
    print(commands(options.folder))
    print(f"\nThen open {options.folder / 'results' / 'index.html'} in a browser.")
