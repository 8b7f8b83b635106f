"""Follow a page as a reader does: write its files, type its commands, compare what comes out.

`python -m tests.site.follow PAGE FOLDER` does so in an empty folder and puts the outputs into the
page.

A block ``console`` holds commands, each after ``$ ``, with its output below it. Any other block is
a file if the line before it ends with the file's name in backticks and a colon. In an output, the
line ``...`` means lines that are not shown.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT
from tests.site.pages import blocks

_FILE = re.compile(r"`([\w./-]+)`:$")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")
TOLERANCE = 0.05  # of numbers: other CPUs round in another way


def commands_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a block, each with its output."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        yield command, output.rstrip()


def masked(text: str, top: Path) -> str:
    """Return an output without what is of one machine and moment."""
    text = text.replace(str(top.resolve()), "FOLDER").replace(str(top), "FOLDER")
    text = re.sub(r"\b\d\d:\d\d:\d\d\b", "HH:MM:SS", text)
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


def alike(line: str, other: str) -> bool:
    """Return whether two lines are the same but for small differences of their numbers."""
    if _NUMBER.sub("#", line).split() != _NUMBER.sub("#", other).split():
        return False
    pairs = zip(_NUMBER.findall(line), _NUMBER.findall(other), strict=True)
    values = [(float(a.replace(",", "")), float(b.replace(",", ""))) for a, b in pairs]
    return all(abs(a - b) <= max(TOLERANCE * abs(a), 1e-5) for a, b in values)


def agrees(shown: str, found: str) -> bool:
    """Return whether an output is the one that is shown, as far as it is shown."""
    lines, rest = shown.splitlines(), found.splitlines()
    skipping = False
    for line in lines:
        if line == "...":
            skipping = True
            continue
        while skipping and rest and not alike(line, rest[0]):
            rest.pop(0)
        if not rest or not alike(line, rest.pop(0)):
            return False
        skipping = False
    return skipping or not rest


class Reader:
    """One who follows a page in a folder."""

    def __init__(self, folder: Path) -> None:
        self.top = self.folder = folder

    def write(self, name: str, text: str) -> None:
        """Write a file of the page."""
        (self.folder / name).write_text(text, "utf-8")

    def type(self, command: str) -> str:
        """Return what a command prints, on both channels."""
        if command.startswith("cd "):
            self.folder = (self.folder / shlex.split(command)[1]).resolve()
            return ""
        programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PATH": programs, "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        )
        return masked(done.stdout, self.top)

    def follow(self, page: Path) -> Iterator[tuple[str, str, str]]:
        """Yield each command of a page, the output that it shows, and the one that came."""
        for block in blocks(page):
            if block.language == "console":
                for command, shown in commands_of(block.text):
                    yield command, shown, self.type(command)
            elif named := _FILE.search(block.before):
                self.write(named.group(1), block.text)


def main() -> None:
    """Follow a page and put the outputs into it, but where lines are left out."""
    page, folder = map(Path, sys.argv[1:])
    text = page.read_text("utf-8")
    for command, shown, found in Reader(folder).follow(page):
        print(f"$ {command}\n{found}", flush=True)
        if "..." not in shown.splitlines() and not agrees(shown, found):
            old = f"$ {command}\n{shown}".rstrip() + "\n"
            assert text.count(old) == 1, command
            text = text.replace(old, f"$ {command}\n{found}".rstrip() + "\n")
    page.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
