"""The lines of a motif file of the MEME suite: their text, their checks, and what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.words import shortened

WHAT = "Motif file"
BASES = "ACGT"
MATRIX = "letter-probability matrix:"  # with which its line begins
ROUNDING = 0.02  # how far the sum of a row may be from 1, as by probabilities of two digits
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
EXPECTED = (
    "Expected motifs of DNA in the format of the MEME suite: a line 'MEME version 4', then for "
    "each motif a line 'MOTIF name' and a letter-probability matrix."
)
_VERSIONS = ("3", "4", "5")
_LONGEST_LINE = 1 << 16
# the first bytes of files that people take for MEME's text
_OTHERS = {
    b"<?xml": "It is XML; give the text that the same program wrote, such as meme.txt.",
    b"<": "It is a page of HTML or XML; give the text that the same program wrote, such as "
    "meme.txt.",
    b">": "It looks like JASPAR's or HOMER's own format; the MEME suite's jaspar2meme, or "
    "universalmotif in R, makes it MEME's.",
    b"VV": "It looks like TRANSFAC's format; the MEME suite's transfac2meme makes it MEME's.",
    b"ID": "It looks like TRANSFAC's format; the MEME suite's transfac2meme makes it MEME's.",
    b"\x89HDF": "It is an HDF5 file.",
}


class Malformed(ValueError):
    """What is wrong with a line, to be told with its place."""


def check_version(words: list[str]) -> None:
    """Raise Malformed unless the line of the version, in words, names one that is known."""
    version = words[2] if len(words) > 2 else ""
    if version.split(".")[0] not in _VERSIONS:
        raise Malformed(f"MEME version {shown(version)}; expected one of {', '.join(_VERSIONS)}")


def check_alphabet(letters: str) -> None:
    """Raise Malformed unless the letters are those of DNA."""
    if letters != BASES:
        known = {"ACGU": " (RNA)", "ACDEFGHIKLMNPQRSTVWY": " (protein)"}.get(letters, "")
        raise Malformed(
            f"the alphabet is {shown(letters)}{known}; expected {BASES}, as patterns are of DNA"
        )


def row_of(text: str) -> list[float]:
    """Return the four probabilities of a row."""
    cells = text.split()
    bad = next((cell for cell in cells if not NUMBER.fullmatch(cell)), None)
    if bad is not None:
        raise Malformed(f"{shown(bad)} in a row of a matrix is not a number")
    if len(cells) != 4:
        raise Malformed(
            f"a row of {len(cells)} numbers; expected 4, the probabilities of A, C, G and T"
        )
    row = [float(cell) for cell in cells]
    total = sum(row)
    if min(row) < 0 or not abs(total - 1) <= ROUNDING:
        counts = " It seems to hold counts: divide each by the sum of its row" if total > 2 else ""
        raise Malformed(
            f"the row {shown(' '.join(cells))} sums to {total:g}; expected four probabilities, "
            f"which sum to 1{'.' * bool(counts)}{counts}"
        )
    return row


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text of each line, without white space around it."""
    with open_bytes(path, WHAT) as handle:
        for number, raw in enumerate(iter(lambda: handle.readline(_LONGEST_LINE), b""), start=1):
            try:
                text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                text = "\0"
            if "\0" in text or len(raw) == _LONGEST_LINE:
                raise InputError(
                    f"{WHAT} {path}, line {number}: not lines of text in UTF-8 ({raw[:40]!r}). "
                    f"{what_else(path) or EXPECTED}"
                )
            text = text.strip()
            if "\r" in text:
                raise InputError(
                    f"{WHAT} {path}, line {number}: a carriage return inside the line. Save the "
                    "file with the line ends of Unix."
                )
            yield number, text


def what_else(path: Path) -> str:
    """Return what else a file seems to be; ``""`` if that is unknown."""
    with open_bytes(path, WHAT) as handle:
        head = handle.read(200).lstrip()
    return next((words for sign, words in _OTHERS.items() if head.startswith(sign)), "")


def shown(text: str) -> str:
    """Return a text as a message shows it: quoted, and not too long."""
    return repr(shortened(text, 60))
