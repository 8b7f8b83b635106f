"""Region files: BED with three columns or more, and narrowPeak, plain or gzipped.

A line is checked when it is read, so that every mistake is reported with its file and line. The
form of the file is decided by its first region, and the rest must agree: a file that is half
narrowPeak would else be centred half on summits and half on midpoints without anyone noticing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sys import intern
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes

WHAT = "Regions file"
_NARROWPEAK_COLUMNS = 10
_MAX_DIGITS = 15  # far above any genome, far below what int64 holds
_LONGEST_LINE = 1 << 20
_NO_SUMMIT = -1
_MIXED = (
    "one of this line and the first region is narrowPeak, the other BED; expected one form per "
    "file (a name ending in .narrowPeak makes every line narrowPeak)"
)


@dataclass(frozen=True)
class Regions:
    """The regions of one file, in its order; all arrays have the shape (N,).

    Attributes
    ----------
    chrom : array of str
        As written in the file.
    start, end : int64
        0-based, half-open.
    centre : int64
        Position that a window is centred on: start + summit for a narrowPeak line that has a
        summit, (start + end) // 2 otherwise.
    name : array of str
        Column 4; `chrom:start-end` where that is missing, empty or a dot.
    strand : array of str
        `+`, `-` or, where column 6 says neither, a dot.
    line : int64
        Line in the file, counted from 1.
    """

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    centre: NDArray[np.int64]
    name: NDArray[np.object_]
    strand: NDArray[np.object_]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)


def read_regions(path: str | Path) -> Regions:
    """Read a BED or narrowPeak file, plain, gzipped or bgzipped.

    Blank lines, comments (`#`) and the `track` and `browser` lines of genome browsers are skipped.
    A file is narrowPeak if it is named so (`.narrowPeak`, perhaps with `.gz`), or if its first
    region has exactly ten columns of which 7 to 9 are numbers and 10 is an integer.

    Raises
    ------
    InputError
        If the file is missing, damaged or no text, if a line is malformed (named with its
        number), or if there is no region at all.
    """
    path = Path(path)
    named_narrowpeak = _is_named_narrowpeak(path)
    narrowpeak: bool | None = None
    rows: list[tuple[str, int, int, int, str, str, int]] = []
    with open_bytes(path, WHAT) as handle:
        for number, text in _region_lines(handle, path):
            # UCSC allows spaces instead of tabs; with a tab in the line, spaces belong to a field
            fields = text.split("\t") if "\t" in text else text.split()
            looks_narrowpeak = named_narrowpeak or _looks_narrowpeak(fields)
            if narrowpeak is None:
                narrowpeak = looks_narrowpeak
            try:
                if "\r" in text:
                    raise _MalformedError(
                        "carriage return inside the line; expected Unix line ends"
                    )
                row = _parse(fields, narrowpeak)
                if narrowpeak != looks_narrowpeak:
                    raise _MalformedError(_MIXED)
            except _MalformedError as error:
                raise InputError(
                    f"{WHAT} {path}, line {number}: {error}. Line: {_short(text)}"
                ) from None
            rows.append((*row, number))
    if not rows:
        raise _no_region(path)
    chrom_, start_, end_, centre_, name_, strand_, line_ = zip(*rows, strict=True)
    return Regions(
        chrom=np.array(chrom_, dtype=object),
        start=np.array(start_, dtype=np.int64),
        end=np.array(end_, dtype=np.int64),
        centre=np.array(centre_, dtype=np.int64),
        name=np.array(name_, dtype=object),
        strand=np.array(strand_, dtype=object),
        line=np.array(line_, dtype=np.int64),
    )


def count_regions(path: str | Path) -> int:
    """Number of regions in a file: lines that are no comment, header or blank, unchecked.

    Raises
    ------
    InputError
        If the file is missing, damaged or no text, or holds no region.
    """
    path = Path(path)
    with open_bytes(path, WHAT) as handle:
        count = sum(1 for _ in _region_lines(handle, path))
    if not count:
        raise _no_region(path)
    return count


def _region_lines(handle: BinaryIO, path: Path) -> Iterator[tuple[int, str]]:
    """(line number, text without line end) of every line that should hold a region."""
    for number, raw in enumerate(iter(lambda: handle.readline(_LONGEST_LINE), b""), start=1):
        if len(raw) == _LONGEST_LINE:  # a small gzip file may hold a line that fills the memory
            raise InputError(
                f"{WHAT} {path}, line {number} has {_LONGEST_LINE} bytes or more. Expected a BED "
                f"or narrowPeak file: a region to each line."
            )
        try:
            text = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise InputError(
                f"{WHAT} {path}, line {number}: no text in UTF-8 ({raw[:40]!r}). "
                f"Expected a BED or narrowPeak file: tab-separated text, plain or gzipped."
            )
        if not text.strip() or text.startswith("#"):
            continue
        if text.startswith(("track", "browser")) and text.split(None, 1)[0] in ("track", "browser"):
            continue
        yield number, text


class _MalformedError(Exception):
    """What is wrong with a line and what was expected; the reader adds file, line and text."""


def _parse(fields: list[str], narrowpeak: bool) -> tuple[str, int, int, int, str, str]:
    """(chrom, start, end, centre, name, strand) of one line."""
    needed = _NARROWPEAK_COLUMNS if narrowpeak else 3
    if len(fields) < needed:
        form = "narrowPeak" if narrowpeak else "BED"
        raise _MalformedError(
            f"{len(fields)} column(s); expected at least {needed}, separated by tabs, as {form} has"
        )
    chrom = intern(fields[0].strip())  # one object per contig, however many regions it has
    if not chrom:
        raise _MalformedError("column 1 is empty; expected the contig's name")
    start = _coordinate(fields[1], "start (column 2)")
    end = _coordinate(fields[2], "end (column 3)")
    if start >= end:
        raise _MalformedError(
            f"start {start} is not below end {end}; expected positions counted from 0, the end "
            f"excluded"
        )
    centre = _summit(fields[9], start, end) if narrowpeak else (start + end) // 2
    name = fields[3].strip() if len(fields) > 3 else ""
    if name in ("", "."):
        name = f"{chrom}:{start}-{end}"
    strand = fields[5].strip() if len(fields) > 5 else ""
    return chrom, start, end, centre, name, strand if strand in ("+", "-") else "."


def _coordinate(field: str, what: str) -> int:
    value = _integer(field)
    if value is None:
        raise _MalformedError(
            f"{what} is {_short(field)}; expected a whole number, counted from 0 "
            f"(if this line is a heading, begin it with #)"
        )
    if value < 0:
        raise _MalformedError(
            f"{what} is negative ({value}); expected 0 or more: remove or clip the region"
        )
    return value


def _summit(field: str, start: int, end: int) -> int:
    """Position of a narrowPeak line's summit; the midpoint where it says that there is none."""
    offset = _integer(field)
    if offset is None or offset < _NO_SUMMIT:
        raise _MalformedError(
            f"summit (column 10) is {_short(field)}; expected bases from start, or -1 for none"
        )
    if offset >= end - start:
        raise _MalformedError(
            f"summit (column 10) {offset} lies outside the region, which has {end - start} bases; "
            f"expected bases from start"
        )
    return (start + end) // 2 if offset == _NO_SUMMIT else start + offset


def _integer(field: str) -> int | None:
    """The whole number in a field, or None; stricter than int(), which takes `1_000` and `١`."""
    field = field.strip()
    digits = field[1:] if field[:1] == "-" else field
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
        return None
    return int(field)


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _is_named_narrowpeak(path: Path) -> bool:
    name = path.name.lower()
    return name.removesuffix(".gz").removesuffix(".bgz").endswith(".narrowpeak")


def _looks_narrowpeak(fields: list[str]) -> bool:
    return (
        len(fields) == _NARROWPEAK_COLUMNS
        and _integer(fields[9]) is not None
        and all(map(_is_number, fields[6:9]))
    )


def _short(text: str, limit: int = 80) -> str:
    return repr(text if len(text) <= limit else text[:limit] + "...")


def _no_region(path: Path) -> InputError:
    return InputError(
        f"{WHAT} {path} holds no region: every line is blank, a comment or a track line. "
        f"Expected lines of chrom, start and end, separated by tabs."
    )
