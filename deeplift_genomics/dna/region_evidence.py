"""What the lines of a region file have in common, from which its form is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from math import isnan

from deeplift_genomics.dna.region_fields import is_absent, number, whole
from deeplift_genomics.dna.region_lines import Line, shown

NO_PEAK = "it does not have the columns of narrowPeak"
PEAK_COLUMNS = 10
# strands of HOMER, and others that are not those of BED
_ODD_STRANDS = frozenset((
    "0", "1", "f", "r", "fwd", "rev", "forward", "reverse", "plus", "minus", "both", "unstranded",
))  # fmt: skip
_SIGNALS = (6, 7, 8)  # signal, p-value and q-value of narrowPeak and broadPeak
# bigBedToBed writes colours of old files as one number
_COLOUR = re.compile(r"\.|[0-9]{1,8}|[0-9]{1,3},[0-9]{1,3},[0-9]{1,3}", re.ASCII)
_LIST = re.compile(r"[0-9]+(,[0-9]*)+", re.ASCII)  # as of bedtools merge
_PLACE = re.compile(r"(.+):([0-9]{1,15})-([0-9]{1,15})", re.ASCII)
_HIGHEST_CONTIG = 99  # of those that are named by numbers
_VALUES_KEPT = 2  # of a column: enough to see that it is not constant

Fields = Sequence[str]


class Evidence:
    """What all lines have in common, gathered line by line.

    Attributes
    ----------
    n
        Number of lines with a region.
    first, peak, other, nearly
        The first line; the first with the columns of narrowPeak; the first without; and of those
        without, the first that lacks one column only.
    always
        Name of a test in `TESTS` -> whether all lines passed it.
    """

    def __init__(self) -> None:
        self.n = 0
        self.first: Line | None = None
        self.peak: Line | None = None
        self.other: Line | None = None
        self.nearly: Line | None = None
        self.always = dict.fromkeys(TESTS, True)
        self._joined: dict[int, bool] = {}  # column -> whether a line has the contig there
        self._inside: dict[int, set[int]] = {}  # column -> some of its positions in the regions

    def add(self, line: Line) -> None:
        """Take in one line; a line without positions is left to the reader, which refuses it."""
        fields = line.fields
        place = positions(fields)
        if place is None:
            return
        start, end = place
        if self.first is None:
            self.first = line
            self._joined = dict.fromkeys(range(3, len(fields) - 2), False)
            self._inside = {index: set() for index in range(3, len(fields))}
        self.n += 1
        for name, passed in self.always.items():
            if passed:
                self.always[name] = TESTS[name](fields, start, end, self.n)
        if self._joined:
            self._joined = {
                index: found or fields[index].strip() == fields[0].strip()
                for index, found in self._joined.items()
                if _is_joined(fields, index, end - start)
            }
        if self._inside:
            self._inside = dict(self._still_inside(fields, start, end))
        lacking = why_no_peak(fields)
        if not lacking:
            self.peak = self.peak or line
        else:
            self.other = self.other or line
            if lacking != NO_PEAK:
                self.nearly = self.nearly or line

    def _still_inside(self, fields: Fields, start: int, end: int) -> list[tuple[int, set[int]]]:
        kept = []
        for index, values in self._inside.items():
            value = whole(fields[index]) if index < len(fields) else None
            if value is not None and start <= value <= end:
                if len(values) < _VALUES_KEPT:
                    values.add(value)
                kept.append((index, values))
        return kept

    @property
    def joined(self) -> list[int]:
        """Columns (from 0) that repeat the contig, before two positions, where they hold anything.

        So do files that bedtools has joined with another one.
        """
        return [index for index, found in self._joined.items() if found]

    @property
    def inside(self) -> list[int]:
        """Columns (from 0) that hold a position in the region in every line, not always the same.

        Those of BED, thickStart and thickEnd, are left out.
        """
        varied = [i for i, values in self._inside.items() if len(values) == _VALUES_KEPT]
        return [i for i in varied if i not in (6, 7) or not self.always["thick_places"]]


def positions(fields: Fields) -> tuple[int, int] | None:
    """Return start and end of a region, or None if the fields hold none."""
    if len(fields) < 3:
        return None
    start, end = whole(fields[1]), whole(fields[2])
    return None if start is None or end is None or not 0 <= start <= end else (start, end)


def why_no_peak(fields: Fields) -> str:
    """Return what a line lacks of narrowPeak: an empty text, the one column, or `NO_PEAK`."""
    place = positions(fields)
    if place is None or len(fields) < PEAK_COLUMNS or not _is_strand(fields[5]):
        return NO_PEAK
    (start, end), offset = place, whole(fields[9])
    is_summit = offset is not None and 0 <= offset < end - start
    odd = [index for index in _SIGNALS if not _is_number(fields[index])]
    if odd:
        if is_summit and not _is_thick(fields, start, end, 0):
            return f"column {odd[0] + 1} is {shown(fields[odd[0]])}, which is no number"
        return NO_PEAK
    if is_summit or is_absent(fields[9]):
        return ""
    if _LIST.fullmatch(fields[9].strip()):
        return f"column 10 is {shown(fields[9])}, which is no whole number"
    if isnan(number(fields[9])):
        return NO_PEAK
    absolute = offset is not None and start <= offset <= end
    return (
        f"column 10 is {shown(fields[9])} in a region of {end - start} bases (expected bases from "
        f"start, or -1{'; subtract start: it is a position on the contig' if absolute else ''})"
    )


def _is_strand(field: str) -> bool:
    """Return whether a field holds a strand, or a sign that there is none."""
    return field.strip() in ("+", "-", "*") or is_absent(field)


def _is_number(field: str) -> bool:
    """Return whether a field holds a number, or a sign that there is none."""
    return is_absent(field) or not isnan(number(field))


def _is_one_base(fields: Fields, start: int, end: int, n: int) -> bool:
    return end - start == 1


def _is_broad(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether the first nine columns are those of broadPeak and narrowPeak."""
    if len(fields) <= _SIGNALS[-1] or not _is_strand(fields[5]):
        return False
    signals = [fields[index] for index in _SIGNALS]
    return all(map(_is_number, signals)) and not all(isnan(number(signal)) for signal in signals)


def _is_thick(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether columns 7 to 9 are thickStart, thickEnd and itemRgb of BED."""
    if len(fields) <= 8 or not _COLOUR.fullmatch(fields[8].strip()):
        return False
    colour = whole(fields[8])
    if colour and start <= colour <= end:
        return False
    return _has_thick_places(fields, start, end, n)


def _has_thick_places(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether columns 7 and 8 are the start and the end of a part of the region."""
    if len(fields) <= 7:
        return False
    first, last = whole(fields[6]), whole(fields[7])
    if first is None or last is None or first == last == 0:  # as often without a p-value
        return False
    return start <= first <= last <= end


def _has_thick_base(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether thickStart and thickEnd mark one base of a longer region."""
    if not _is_thick(fields, start, end, n) or end - start == 1:
        return False
    return int(whole(fields[7]) or 0) - int(whole(fields[6]) or 0) == 1


def _has_blocks(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether columns 10 to 12 are the blocks of BED: their number, sizes and starts."""
    if len(fields) < 12:
        return False
    count = whole(fields[9])
    sizes, starts = ([whole(x) for x in text.strip(", ").split(",")] for text in fields[10:12])
    if count is None or not len(sizes) == len(starts) == count or None in (*sizes, *starts):
        return False
    thick = whole(fields[6]), whole(fields[7])
    return (
        starts[0] == 0
        and (starts[-1] or 0) + (sizes[-1] or 0) == end - start
        and None not in thick
        and bool(_COLOUR.fullmatch(fields[8].strip()))
    )


def _is_joined(fields: Fields, index: int, width: int) -> bool:
    """Return whether a place on the same contig, or a sign for none, begins in this column.

    If the contig is a number, it may be a value as well, and the place must be near the region.
    """
    if len(fields) < index + 3:
        return False
    start, end = whole(fields[index + 1]), whole(fields[index + 2])
    if start is None or end is None:
        return fields[index : index + 3] == [".", ".", "."]
    if fields[index].strip() == fields[0].strip():
        near = abs(start - int(whole(fields[1]) or 0)) <= 2 * width + (end - start)
        return start < end and (near or isnan(number(fields[index])))
    return fields[index].strip() == "." and start == end == -1


def _has_width(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether column 4 is the width of a region that counts from 1."""
    return len(fields) > 3 and whole(fields[3]) == end - start + 1


def _is_numbered(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether column 1 may be a row number, column 2 the contig, and 3 and 4 its place."""
    row, last = whole(fields[0]), whole(fields[3]) if len(fields) > 3 else None
    if row is None or last is None or end >= last:
        return False
    return row in (n - 1, n) or 0 < start <= _HIGHEST_CONTIG


def _has_strand_in_4(fields: Fields, start: int, end: int, n: int) -> bool:
    return len(fields) == 5 and fields[3].strip() in ("+", "-")


def _has_signal_place(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether column 6 is a place in the region, contig:start-end."""
    found = _PLACE.fullmatch(fields[5].strip()) if len(fields) > 5 else None
    if found is None or found[1] != fields[0].strip():
        return False
    return start <= int(found[2]) <= int(found[3]) <= end


def _has_odd_strand(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether a line is narrowPeak with a summit, but for an odd strand."""
    if len(fields) < PEAK_COLUMNS or fields[5].strip().lower() not in _ODD_STRANDS:
        return False
    offset = whole(fields[9])
    return offset is not None and offset > 1 and not why_no_peak([*fields[:5], ".", *fields[6:]])


def _starts_with_summit(fields: Fields, start: int, end: int, n: int) -> bool:
    return end - start > 1 and len(fields) >= PEAK_COLUMNS and whole(fields[9]) == 0


def _has_small_summit(fields: Fields, start: int, end: int, n: int) -> bool:
    """Return whether column 10 is within the first twentieth of the region, as counts often are."""
    value = whole(fields[9]) if len(fields) >= PEAK_COLUMNS else None
    return value is not None and 0 <= 20 * value <= end - start and end - start > 1


TESTS: dict[str, Callable[[Fields, int, int, int], bool]] = {
    "one_base": _is_one_base,
    "broad": _is_broad,
    "thick": _is_thick,
    "thick_places": _has_thick_places,
    "thick_base": _has_thick_base,
    "blocks": _has_blocks,
    "width": _has_width,
    "numbered": _is_numbered,
    "strand_in_4": _has_strand_in_4,
    "odd_strand": _has_odd_strand,
    "signal_place": _has_signal_place,
    "summit_at_start": _starts_with_summit,
    "small_summit": _has_small_summit,
}
