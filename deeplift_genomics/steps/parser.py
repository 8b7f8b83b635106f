"""The parser of the command line: its answer to mistakes, its help, and types of values."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.settings.choices import REGION_FORMS

# the steps in the order of a run, then those that a user calls; each is a module of this room
STEPS = (
    "check",
    "regions",
    "attribute",
    "merge",
    "convert",
    "predict",
    "predictions",
    "tracks",
    "motifs",
    "logos",
    "annotate",
    "join",
    "seqlets",
    "scan",
    "instances",
    "effects",
    "figures",
    "oligos",
    "outputs",
    "alleles",
    "evaluate",
    "assess",
    "trust",
    "session",
    "workbook",
    "cluster",
    "hub",
    "report",
    "index",
    "provenance",
    "crate",
    "init",
    "demo",
    "plan",
    "verify",
    "summary",
    "compare",
    "export",
)
# options of old commands whose present names cannot be found by their ends
RENAMED = {
    "--references": "--references.number",
    "--reference-kind": "--references.kind",
    "--float64": "--attribution.float64 true",
    "--tile": "--regions tile --regions.tile.stride",
}


class Parser(argparse.ArgumentParser):
    """A parser that answers a mistake as every step does: one message and exit code 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def parse_known_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Parse, and refuse what this parser does not know, before it asks for what is missing."""
        args = list(sys.argv[1:] if args is None else args)
        if self._subparsers is None:  # the parser of a step; the first one lacks its options
            self._check_names(args[: args.index("--")] if "--" in args else args)
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            self.error(f"unrecognized arguments: {' '.join(unknown)}")
        return options, unknown

    def _check_names(self, args: Sequence[str]) -> None:
        """Refuse the first option that is unknown, and name the one that was meant."""
        for name in (text.partition("=")[0] for text in args if text.startswith("--")):
            if name not in self._option_string_actions:
                near = self._nearest(name)
                hint = f" (did you mean {near}?)" if near else ""
                self.error(f"unrecognized arguments: {name}{hint}")

    def _nearest(self, name: str) -> str:
        """Return the option that was meant by an unknown name, or ``""``."""
        known = list(self._option_string_actions)
        renamed = RENAMED.get(name, "")
        if renamed and renamed.split()[0] in known:
            return renamed
        ends = {_end(option): option for option in known}
        if "." not in name and _end(name) in ends:
            return ends[_end(name)]
        if "." in name:
            known = [option for option in known if "." in option]
        return next(iter(get_close_matches(name, known, n=1)), "")

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"error: {shortened(message, 2000)}. See: {self.prog} --help\n")


def _end(option: str) -> str:
    """Return the last part of an option's name, as it was written before names had sections.

    >>> _end("--attribution.score_type")
    'score-type'
    """
    return option.lstrip("-").rpartition(".")[2].replace("_", "-")


class Formatter(argparse.HelpFormatter):
    """A formatter of help that shows a default where it tells something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        default = action.default
        if not action.option_strings or default in (None, (), "", argparse.SUPPRESS, False):
            return action.help
        shown = ",".join(default) if isinstance(default, tuple) else default
        return f"{action.help} (default: {shown})"


def add_cutting_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of steps that cut windows around regions out of a genome."""
    parser.add_argument(
        "--regions-format",
        choices=REGION_FORMS,
        default="",
        help="form of the region file, where its content allows two",
    )
    parser.add_argument("--fasta", type=Path, help="genome, FASTA or 2bit")
    parser.add_argument(
        "--contig-aliases", type=Path, help="table of the names that a contig has in other files"
    )


_MOST_DIGITS = 18  # of a number; Python reads no text of more than 4300

# --- types of values -------------------------------------------------------------------------


def json_object(text: str) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError(f"must be a JSON object, not {shortened(text, 200)}")
    return content


def json_list(text: str) -> list[str]:
    """Read a list of texts, written as JSON."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(content, list) or not all(isinstance(item, str) for item in content):
        raise argparse.ArgumentTypeError(
            f"must be a JSON list of texts, not {shortened(text, 200)}"
        )
    return content


def listed(text: str) -> tuple[str, ...]:
    """Read a list of texts separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def number(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isdecimal() or len(text) > _MOST_DIGITS or int(text) < 1:
        shown = shortened(repr(text), 200)
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {shown}")
    return int(text)


def parse_part(text: str, what: str = "Shard") -> tuple[int, int]:
    """Return the position, from 0, and the number of parts that a text such as ``"1-of-4"`` names.

    Raises
    ------
    InputError
        If it is written otherwise.
    """
    match = re.fullmatch("([0-9]{1,9})-of-([0-9]{1,9})", text)
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise InputError(f"{what} {text!r} is not of the form 1-of-4 (counted from 1).")
    return int(match[1]) - 1, int(match[2])
