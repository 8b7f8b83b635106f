"""The parser of the command line: its answer to mistakes, its help, and types of values."""

from __future__ import annotations

import argparse
import json
from typing import Any, NoReturn

# the steps in the order of a run, then those that a user calls; each is a module of this room
STEPS = (
    "check",
    "regions",
    "attribute",
    "merge",
    "tracks",
    "motifs",
    "logos",
    "instances",
    "report",
    "provenance",
    "plan",
    "verify",
)


class Parser(argparse.ArgumentParser):
    """A parser that answers a mistake as every step does: one message and exit code 1."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        self.exit(1, f"error: {message}. See: {self.prog} --help\n")


class Formatter(argparse.HelpFormatter):
    """A formatter of help that shows a default where it tells something."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        default = action.default
        if not action.option_strings or default in (None, (), argparse.SUPPRESS, False):
            return action.help
        shown = ",".join(default) if isinstance(default, tuple) else default
        return f"{action.help} (default: {shown})"


# --- types of values -------------------------------------------------------------------------


def json_object(text: str) -> dict[str, Any]:
    """Read a JSON object."""
    try:
        content = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from error
    if not isinstance(content, dict):
        raise argparse.ArgumentTypeError(f"must be a JSON object, not {text}")
    return content


def listed(text: str) -> tuple[str, ...]:
    """Read a list of texts separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def number(text: str) -> int:
    """Read a whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, not {text!r}")
    return int(text)
