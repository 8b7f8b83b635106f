"""Region files, line by line: fields of regions, comments and headings, plain or gzipped.

`deeplift_genomics.dna.region_forms` tells what the columns mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.words import shortened

WHAT = "Regions file"
EXPECTED = "Expected a BED or narrowPeak file: tab-separated text, plain or gzipped."
_LONGEST_LINE = 1 << 20
_LONGEST_SHOWN = 80  # characters of a line in a message
# names of the first columns in the headings of tables of regions, in lower case
_HEADING_WORDS = frozenset((
    "bin", "chr", "chrom", "chromosome", "seqnames", "seqname", "contig", "peakid", "geneid",
    "start", "end", "stop", "chromstart", "chromend", "cstart", "cend", "pos", "position",
    "txstart", "txend", "region_chr", "region_start", "region_end",
))  # fmt: skip
# the first bytes of files that people take for BED
_OTHERS = {
    b"\xeb\xf2\x89\x87": "a bigBed file; `bigBedToBed` writes it as text",
    b"\x87\x89\xf2\xeb": "a bigBed file; `bigBedToBed` writes it as text",
    b"\x26\xfc\x8f\x88": "a bigWig file, which holds values and no regions",
    b"\x88\x8f\xfc\x26": "a bigWig file, which holds values and no regions",
    b"BAM\x01": "a BAM file, which holds reads and no regions",
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"\xd0\xcf\x11\xe0": "a spreadsheet program's own file; save it as text, tab delimited",
}


class Line(NamedTuple):
    """A line of a region file that holds a region: its number from 1, its text and its fields."""

    number: int
    text: str
    fields: list[str]


class Heading(NamedTuple):
    """A comment, or a heading without a sign: its number, the names in lower case, and which.

    `columns` says whether tabs are between the names, so that they name columns.
    """

    number: int
    names: list[str]
    commented: bool
    columns: bool


def lines_of(path: Path, note: Callable[[Heading], None] | None = None) -> Iterator[Line]:
    """Yield the lines of a region file that should hold a region.

    Blank lines, comments (`#`), the `track` and `browser` lines of genome browsers, and a heading
    (a first line with names such as chrom, start, end) are left out.

    Parameters
    ----------
    note
        A function that is called with each comment and heading.

    Raises
    ------
    InputError
        If the file is missing, damaged or not text, or there is no region at all.
    """
    found = carriage_returns = False
    with open_bytes(path, WHAT) as handle:
        for number, text in _texts(handle, path):
            if text.startswith("#"):
                carriage_returns = carriage_returns or "\r" in text
                if note is not None:
                    note(_heading(number, text.lstrip("# "), commented=True))
                continue
            fields = fields_of(text)
            if not found and fields == [str(index) for index in range(max(3, len(fields)))]:
                continue  # pandas' names of columns, where a table was read without any
            if not found and is_heading(fields):
                if note is not None:
                    note(_heading(number, text, commented=False))
                continue
            found = True
            yield Line(number, text, fields)
    if not found:
        raise InputError(
            f"{WHAT} {path} holds no region: every line is blank, a comment or a track line. "
            "Expected lines of chrom, start and end, separated by tabs."
            + (" Are line ends carriage returns? Save it with Unix' ends." * carriage_returns)
        )


def count_regions(path: str | Path) -> int:
    """Count the lines of a file that should hold a region, without checking them.

    Raises
    ------
    InputError
        If the file is missing, damaged or not text, or holds no region.
    """
    return sum(1 for _ in lines_of(Path(path)))


def fields_of(text: str) -> list[str]:
    """Return the fields of a line, without quotes around them.

    UCSC allows spaces instead of tabs. With a tab in the line, spaces belong to a field.
    """
    fields = text.split("\t") if "\t" in text else text.split()
    if '"' in text:
        fields = [field.strip().removeprefix('"').removesuffix('"') for field in fields]
    return fields


def is_heading(fields: list[str]) -> bool:
    """Return whether two of a line's first four fields are names of columns."""
    return sum(field.strip().lower() in _HEADING_WORDS for field in fields[:4]) >= 2


def shown(text: str) -> str:
    """Return a text as a message shows it: quoted, and not too long."""
    return repr(shortened(text, _LONGEST_SHOWN))


def _heading(number: int, text: str, *, commented: bool) -> Heading:
    names = [field.strip().lower() for field in fields_of(text)]
    return Heading(number, names, commented, columns="\t" in text)


def _texts(handle: BinaryIO, path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text, without its end, of each line that is not blank and no track line."""
    for number, raw in enumerate(iter(lambda: handle.readline(_LONGEST_LINE), b""), start=1):
        if len(raw) == _LONGEST_LINE:  # a small gzip file may hold a line that fills the memory
            raise InputError(
                f"{WHAT} {path}, line {number} has {_LONGEST_LINE} bytes or more. Expected a BED "
                f"or narrowPeak file, with one region per line."
            )
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            known = [words for sign, words in _OTHERS.items() if raw.startswith(sign)]
            which = f" This is {known[0]}." if known and number == 1 else ""
            raise InputError(
                f"{WHAT} {path}, line {number}: not text in UTF-8 ({raw[:40]!r}).{which} {EXPECTED}"
            )
        if text.startswith(">"):
            raise InputError(
                f"{WHAT} {path}, line {number} begins with >, as FASTA does. Sequences are "
                "explained as they are, without a genome: leave the column 'fasta' of the sheet "
                "empty (no option --fasta). Regions of a genome are lines of BED or narrowPeak."
            )
        if not text.strip():
            continue
        if text.startswith(("track", "browser")) and text.split(None, 1)[0] in ("track", "browser"):
            continue
        yield number, text
