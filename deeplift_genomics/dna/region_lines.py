"""Region files, line by line: BED with three columns or more, and narrowPeak, plain or gzipped.

Each line is checked as it is read, so that an error names the file and the line. The first region
decides the form of the file, and the rest must agree: in a file that is half narrowPeak, half of
the windows would be centred on summits and half on midpoints, and nobody would notice.
"""

from collections.abc import Iterator
from pathlib import Path
from sys import intern
from typing import BinaryIO, NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.gzipped import open_bytes
from deeplift_genomics.files.words import shortened

WHAT = "Regions file"
_NARROWPEAK_COLUMNS = 10
_MAX_DIGITS = 15  # far above any genome, far below the largest int64
_LONGEST_LINE = 1 << 20
_LONGEST_SHOWN = 80  # characters of a line in a message
_NO_SUMMIT = -1
_MIXED = (
    "one of this line and the first region is narrowPeak, the other BED; expected one form per "
    "file (a name ending in .narrowPeak makes every line narrowPeak)"
)


class RegionLine(NamedTuple):
    """The region of one line; the fields are those of `deeplift_genomics.dna.bed.Regions`."""

    chrom: str
    start: int
    end: int
    centre: int
    name: str
    strand: str
    line: int


def read_lines(path: str | Path) -> Iterator[RegionLine]:
    """Yield the regions of a BED or narrowPeak file, plain, gzipped or bgzipped.

    Blank lines, comments (`#`) and the `track` and `browser` lines of genome browsers are skipped.
    A file is narrowPeak if its name ends so (`.narrowPeak`, perhaps with `.gz`), or if its first
    region has exactly ten columns, of which 7 to 9 are numbers and 10 is an integer.

    Raises
    ------
    InputError
        If the file is missing, damaged or not text, if a line is malformed (named with its
        number), or if there is no region at all.
    """
    path = Path(path)
    named_narrowpeak = _is_named_narrowpeak(path)
    narrowpeak: bool | None = None
    with open_bytes(path, WHAT) as handle:
        for number, text in _lines_of_regions(handle, path):
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
                region = _parse(fields, narrowpeak, number)
                if narrowpeak != looks_narrowpeak:
                    raise _MalformedError(_MIXED)
            except _MalformedError as error:
                raise InputError(
                    f"{WHAT} {path}, line {number}: {error}. Line: {_shown(text)}"
                ) from None
            yield region
    if narrowpeak is None:
        raise _no_region(path)


def count_regions(path: str | Path) -> int:
    """Count the lines of a file that are no comment, header or blank, without checking them.

    Raises
    ------
    InputError
        If the file is missing, damaged or not text, or holds no region.
    """
    path = Path(path)
    with open_bytes(path, WHAT) as handle:
        count = sum(1 for _ in _lines_of_regions(handle, path))
    if not count:
        raise _no_region(path)
    return count


def _lines_of_regions(handle: BinaryIO, path: Path) -> Iterator[tuple[int, str]]:
    """Yield number and text, without its end, of each line that should hold a region."""
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
            raise InputError(
                f"{WHAT} {path}, line {number}: not text in UTF-8 ({raw[:40]!r}). "
                f"Expected a BED or narrowPeak file: tab-separated text, plain or gzipped."
            )
        if not text.strip() or text.startswith("#"):
            continue
        if text.startswith(("track", "browser")) and text.split(None, 1)[0] in ("track", "browser"):
            continue
        yield number, text


class _MalformedError(Exception):
    """A line that is not as expected; the reader adds the file, the line's number and its text."""


def _parse(fields: list[str], narrowpeak: bool, line: int) -> RegionLine:
    """Return the region that the fields of a line hold."""
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
    strand = strand if strand in ("+", "-") else "."
    return RegionLine(chrom, start, end, centre, name, strand, line)


def _coordinate(field: str, what: str) -> int:
    """Return the position that a field holds; `what` names the field in messages."""
    value = _integer(field)
    if value is None:
        raise _MalformedError(
            f"{what} is {_shown(field)}; expected a whole number, counted from 0 "
            f"(if this line is a heading, begin it with #)"
        )
    if value < 0:
        raise _MalformedError(
            f"{what} is negative ({value}); expected 0 or more: remove or clip the region"
        )
    return value


def _summit(field: str, start: int, end: int) -> int:
    """Return the position of a narrowPeak line's summit, or the midpoint if it has none."""
    offset = _integer(field)
    if offset is None or offset < _NO_SUMMIT:
        raise _MalformedError(
            f"summit (column 10) is {_shown(field)}; expected bases from start, or -1 for none"
        )
    if offset >= end - start:
        raise _MalformedError(
            f"summit (column 10) {offset} is outside the region, which has {end - start} bases; "
            f"expected bases from start"
        )
    return (start + end) // 2 if offset == _NO_SUMMIT else start + offset


def _integer(field: str) -> int | None:
    """Return the whole number in a field, or None; int() would also accept `1_000` and `١`."""
    field = field.strip()
    digits = field[1:] if field[:1] == "-" else field
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
        return None
    return int(field)


def _is_number(field: str) -> bool:
    """Return whether a field holds a number."""
    try:
        float(field)
    except ValueError:
        return False
    return True


def _is_named_narrowpeak(path: Path) -> bool:
    """Return whether the name of a file is that of a narrowPeak file."""
    name = path.name.lower()
    return name.removesuffix(".gz").removesuffix(".bgz").endswith(".narrowpeak")


def _looks_narrowpeak(fields: list[str]) -> bool:
    """Return whether a line has the columns of narrowPeak."""
    return (
        len(fields) == _NARROWPEAK_COLUMNS
        and _integer(fields[9]) is not None
        and all(map(_is_number, fields[6:9]))
    )


def _shown(text: str) -> str:
    """Return a text as a message shows it: quoted, and not too long."""
    return repr(shortened(text, _LONGEST_SHOWN))


def _no_region(path: Path) -> InputError:
    """Return the error for a file without any region."""
    return InputError(
        f"{WHAT} {path} holds no region: every line is blank, a comment or a track line. "
        "Expected lines of chrom, start and end, separated by tabs."
    )
