"""The fields of one region, read by the form of its file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from math import nan
from sys import intern
from typing import NamedTuple

from deeplift_genomics.dna.region_lines import is_heading, shown
from deeplift_genomics.settings.choices import BED, BROADPEAK, MACS_XLS, NARROWPEAK, SUMMITS

# form -> the columns that its lines have at least
_COLUMNS = {NARROWPEAK: 10, BROADPEAK: 9, SUMMITS: 3, BED: 3, MACS_XLS: 5}
# the columns of MACS's table, counted from 0, where it has no heading
XLS_COLUMNS = {"abs_summit": 4, "fold_enrichment": 7, "name": 9}
_MAX_DIGITS = 15  # far above any genome, far below the largest int64
_WHOLE = re.compile(rf"(-?[0-9]{{1,{_MAX_DIGITS}}})(?:\.0*)?", re.ASCII)
# what stands for no value, in lower case; pandas writes <NA>, spreadsheets #N/A
_ABSENT = frozenset(("", ".", "-", "-1", "na", "n/a", "#n/a", "<na>", "nan", "none", "null"))


class RegionLine(NamedTuple):
    """The region of one line; the fields are those of `deeplift_genomics.dna.bed.Regions`."""

    chrom: str
    start: int
    end: int
    centre: int
    name: str
    strand: str
    line: int
    on_summit: bool
    signal: float
    score: float


class MalformedError(Exception):
    """A line that is not as expected; the reader adds the file, the line's number and its text."""


def parse(
    fields: Sequence[str], form: str, line: int, columns: Mapping[str, int] | None = None
) -> RegionLine:
    """Return the region that the fields of a line hold.

    Parameters
    ----------
    form
        One of the forms above.
    columns
        With MACS_XLS: name of a column in the heading -> its number, from 0.

    Raises
    ------
    MalformedError
        If the line does not have this form.
    """
    needed = _COLUMNS[form]
    if len(fields) < needed:
        raise MalformedError(
            f"{len(fields)} column(s); expected at least {needed}, separated by tabs, as {form} has"
            f"{_what_else(fields)}"
        )
    chrom, start, end = _place(fields, first=1 if form == MACS_XLS else 0)
    if form == MACS_XLS:
        return _of_macs(fields, chrom, start, end, line=line, columns=columns or XLS_COLUMNS)
    if form == SUMMITS and end - start != 1:
        raise MalformedError(
            f"the region has {end - start} bases; expected 1, the summit, as regions_format "
            f"'{SUMMITS}' says"
        )
    offset = _summit(fields[9], start, end) if form == NARROWPEAK else None
    name = fields[3].strip() if len(fields) > 3 else ""
    strand = fields[5].strip() if len(fields) > 5 else ""
    return RegionLine(
        chrom,
        start,
        end,
        centre=(start + end) // 2 if offset is None else start + offset,
        name=f"{chrom}:{start}-{end}" if name in ("", ".") else name,
        strand=strand if strand in ("+", "-") else ".",
        line=line,
        on_summit=offset is not None or form == SUMMITS,
        signal=number(fields[6]) if form in (NARROWPEAK, BROADPEAK) else nan,
        score=number(fields[4]) if len(fields) > 4 else nan,
    )


def _of_macs(
    fields: Sequence[str],
    chrom: str,
    start: int,
    end: int,
    *,
    line: int,
    columns: Mapping[str, int],
) -> RegionLine:
    """Return the region of a line of MACS's table, whose positions count from 1."""

    def cell(name: str) -> str:
        index = columns.get(name, len(fields))
        return fields[index].strip() if index < len(fields) else ""

    if start < 1:
        raise MalformedError(f"start is {start}; expected 1 or more, as MACS's table counts from 1")
    centre, on_summit = (start - 1 + end) // 2, "abs_summit" in columns
    if on_summit:
        summit = whole(cell("abs_summit"))
        if summit is None or not start <= summit <= end:
            raise MalformedError(
                f"abs_summit (column {columns['abs_summit'] + 1}) is {shown(cell('abs_summit'))}; "
                f"expected a position from {start} to {end}"
            )
        centre = summit - 1
    name = cell("name") or f"{chrom}:{start - 1}-{end}"
    signal = number(cell("fold_enrichment"))
    return RegionLine(
        chrom, start - 1, end, centre, name, ".", line, on_summit, signal=signal, score=nan
    )


def _place(fields: Sequence[str], first: int) -> tuple[str, int, int]:
    """Return contig, start and end of a region; start is counted from `first`."""
    chrom = intern(fields[0].strip())  # one object per contig, however many regions it has
    if not chrom:
        raise MalformedError(
            "column 1 is empty; expected the contig's name (a table of pandas or R has row names: "
            "write it without them)"
        )
    start, end = _coordinate(fields, 1, "start"), _coordinate(fields, 2, "end")
    if start - first >= end:
        raise MalformedError(
            f"start {start} is not below end {end}; expected positions counted from {first}"
            + ("" if first else ", the end excluded")
        )
    return chrom, start, end


def _coordinate(fields: Sequence[str], index: int, what: str) -> int:
    """Return the position in a field."""
    value = whole(fields[index])
    if value is None:
        raise MalformedError(
            f"{what} (column {index + 1}) is {shown(fields[index])}; expected a whole number, "
            f"counted from 0{_what_else(fields)}"
        )
    if value < 0:
        raise MalformedError(
            f"{what} (column {index + 1}) is negative ({value}); expected 0 or more: remove or "
            "clip the region"
        )
    return value


def _summit(field: str, start: int, end: int) -> int | None:
    """Return the offset of a narrowPeak line's summit, or None if it has none."""
    if is_absent(field):
        return None
    offset = whole(field)
    if offset is None or offset < 0:
        raise MalformedError(
            f"summit (column 10) is {shown(field)}; expected bases from start, or -1 for none"
        )
    if offset >= end - start:
        absolute = "; it is a position on the contig: subtract start" if offset >= start else ""
        raise MalformedError(
            f"summit (column 10) {offset} is outside the region, which has {end - start} bases; "
            f"expected bases from start{absolute if offset < end else ''}"
        )
    return offset


def is_absent(field: str) -> bool:
    """Return whether a field holds a sign that there is no value.

    >>> is_absent("-1"), is_absent("-1.0"), is_absent("."), is_absent("0")
    (True, True, True, False)
    """
    return field.strip().lower() in _ABSENT or whole(field) == -1


def whole(field: str) -> int | None:
    """Return the whole number in a field, or None; int() would also accept `1_000` and `١`.

    pandas writes 67.0 where a column has a gap.

    >>> whole("67.0"), whole("-1"), whole("67.5"), whole("1e3")
    (67, -1, None, None)
    """
    found = _WHOLE.fullmatch(field.strip())
    return int(found[1]) if found else None


def number(field: str) -> float:
    """Return the number in a field, or NaN."""
    try:
        return float(field)
    except ValueError:
        return nan


def _what_else(fields: Sequence[str]) -> str:
    """Return which other program's table a line looks like, and what to do; `""` if none."""
    text = "\t".join(fields)
    numbers = [whole(field) is not None for field in fields]
    in_commas = re.search(r"[^\s,;]+[,;][0-9]+[,;][0-9]+", text)
    if len(fields) < 3 and (in_commas or is_heading(re.split("[,;]", text.replace('"', "")))):
        return " (these are separated by commas or semicolons: replace them by tabs)"
    if len(fields) <= 4 and re.match(r"\S+:[0-9,]+-[0-9,]+", text):
        return (
            " (chr:start-end counts from 1: write contig, start minus 1 and end into three columns)"
        )
    if text.startswith("@"):
        return (
            " (lines of SAM, FASTQ and Picard's interval lists begin with @. An interval list "
            "counts from 1: use IntervalListToBed)"
        )
    if numbers[3:5] == [True, True] and not any(numbers[1:3]):
        return " (GFF and GTF count from 1, in columns 4 and 5: write $1, $4-1, $5 as BED)"
    if numbers[2:4] == [True, True] and not numbers[1]:
        return (
            " (column 2 seems to be the contig. Tables with row numbers: write them without. "
            "HOMER's peaks and SAF count from 1: write $2, $3-1, $4 as BED)"
        )
    if re.search(r"\t[0-9.]+[eE][+-]?[0-9]+(\t|$)", text):
        return " (R writes 100000 as 1e+05: set options(scipen=999) and write it again)"
    return " (if this line is a heading, remove it)"
