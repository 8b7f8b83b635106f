"""The form of a region file, told by the content of all its lines and never by its name.

The centres of windows depend on the form, so a file that can be read in two ways is refused: the
message gives both readings and the column that would decide, and `regions_format` settles it. The
rules are in a table in docs/formats.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.dna.region_evidence import PEAK_COLUMNS, Evidence, why_no_peak
from deeplift_genomics.dna.region_headings import macs_columns, refusal_of
from deeplift_genomics.dna.region_lines import WHAT, Heading, Line, lines_of, shown
from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.choices import BED, BROADPEAK, MACS_XLS, NARROWPEAK, SUMMITS

_SEVERAL, _MANY = 2, 5  # lines in which a coincidence must not be taken for a rule
_MOST_HEADINGS = 1000


@dataclass(frozen=True)
class Form:
    """The form of a file; `columns` are those of MACS's heading, name -> number from 0."""

    name: str
    columns: dict[str, int] | None = None


class _Doubt(NamedTuple):
    """A reason to doubt a file whose lines all pass a test, if there are at least so many."""

    least: int
    reason: str
    forms: tuple[str, ...]


# name of a test in `region_evidence.TESTS` -> what it makes doubtful
_DOUBTS_OF_PEAKS = {
    "summit_at_start": _Doubt(
        _SEVERAL,
        "column 10 is 0 in every line: all summits are the first base of their region, or there is "
        "none, for which narrowPeak has -1. Correct the column",
        (NARROWPEAK, BED),
    ),
    "small_summit": _Doubt(
        _MANY,
        "column 10 is at most a twentieth of the region in every line: it may be a count that was "
        "added to broadPeak, which is centred on middles. Cut it off",
        (NARROWPEAK, BED, BROADPEAK),
    ),
}
_DOUBTS_OF_THICK = {
    "thick_base": _Doubt(
        _MANY,
        "columns 7 and 8 mark one base of the region, in every line, as ReMap marks the summit. To "
        "centre windows on it, write columns 1, 7 and 8 as BED",
        (BED,),
    ),
}
_DOUBTS_OF_BED = {
    "numbered": _Doubt(
        _SEVERAL,
        "columns 1 and 2 are numbers, and columns 3 and 4 are positions, so column 1 may be a row "
        "number and not the contig. Write the table without row numbers (pandas: index=False)",
        (BED,),
    ),
    "width": _Doubt(
        _SEVERAL,
        "column 4 is end - start + 1, so the positions may count from 1, as in MACS's xls (here "
        "without its heading) and in R's GRanges. BED counts from 0. Subtract 1 from start",
        (MACS_XLS, BED),
    ),
    "odd_strand": _Doubt(
        _SEVERAL,
        "column 6 is 0, 1 or a word in every line, and columns 7 to 10 are like narrowPeak's, so "
        "this is narrowPeak with odd strands, centred on the summits in column 10, or BED with "
        "further columns, centred on middles. Write strands as + and -, or a dot",
        (NARROWPEAK, BED),
    ),
    "signal_place": _Doubt(
        1,
        "column 6 is a place in the region, as SEACR gives that of the maximal signal. To centre "
        "windows there, write its contig, start and end as BED",
        (BED,),
    ),
    "strand_in_4": _Doubt(
        1,
        "column 4 is a strand, as in Picard's interval lists, which count from 1. "
        "IntervalListToBed converts them",
        (BED,),
    ),
}


class _TwoReadings(Exception):
    """The reason why a file can be read in two ways, with the line that shows it."""

    def __init__(self, line: Line, reason: str, *forms: str) -> None:
        settled = " or ".join(map(repr, forms))
        super().__init__(
            f", line {line.number}: {reason}; or set 'regions_format' (a column of the sheet; on "
            f"the command line --regions-format) to {settled}. Line: {shown(line.text)}"
        )


def tell_form(path: str | Path, given: str = "") -> Form:
    """Tell the form of a region file by its headings and the columns of all lines.

    Parameters
    ----------
    given
        The form, if the user names it; it is not questioned.

    Raises
    ------
    InputError
        If the file cannot be read, or can be read in two ways.
    """
    path = Path(path)
    headings: list[Heading] = []
    evidence = Evidence()

    def note(heading: Heading) -> None:
        if len(headings) < _MOST_HEADINGS:
            headings.append(heading)

    for line in lines_of(path, note):
        if given:
            break  # headings come first
        evidence.add(line)
    columns = macs_columns(headings)
    if given:
        return Form(given, columns if given == MACS_XLS else None)
    if columns is not None:
        return Form(MACS_XLS, columns)
    form = NARROWPEAK if evidence.peak and not evidence.other else BED
    for heading in headings:
        if reason := refusal_of(heading, form):
            raise InputError(
                f"{WHAT} {path}, line {heading.number}: {reason}. If the regions below are BED or "
                f"narrowPeak, and count from 0, set 'regions_format' to {BED!r} or {NARROWPEAK!r}."
            )
    try:
        return Form(_decide(evidence))
    except _TwoReadings as problem:
        raise InputError(f"{WHAT} {path}{problem}") from None


def _decide(evidence: Evidence) -> str:
    """Return the form; raise _TwoReadings if there are two."""
    always = evidence.always
    if evidence.first is None or always["blocks"]:
        return BED
    joined = [index for index in evidence.joined if index < PEAK_COLUMNS]
    if evidence.other is not None and (always["thick"] or joined):
        _doubt(evidence, evidence.first, _DOUBTS_OF_THICK)
        return BED
    if evidence.peak is not None:
        _doubt_peaks(evidence, evidence.peak, joined)
        return NARROWPEAK
    if evidence.nearly is not None:
        line = evidence.nearly
        raise _TwoReadings(
            line,
            f"{why_no_peak(line.fields)}, so this is narrowPeak with a mistake, centred on the "
            "summits in column 10, or BED with further columns, centred on middles. Correct the "
            "column",
            NARROWPEAK,
            BED,
        )
    _doubt_bed(evidence, evidence.first)
    if always["one_base"]:
        return SUMMITS
    return BROADPEAK if always["broad"] and not always["thick"] else BED


def _doubt(evidence: Evidence, line: Line, doubts: Mapping[str, _Doubt]) -> None:
    """Raise _TwoReadings for the first test that all lines pass, if there are enough lines."""
    for test, (least, reason, forms) in doubts.items():
        if evidence.always[test] and evidence.n >= least:
            raise _TwoReadings(line, reason, *forms)


def _doubt_peaks(evidence: Evidence, peak: Line, joined: list[int]) -> None:
    """Raise _TwoReadings if a file with a line of narrowPeak may be something else."""
    both = "this is narrowPeak, centred on the summits in column 10, or {}, centred on middles. {}"
    if (other := evidence.other) is not None:
        raise _TwoReadings(
            other,
            f"{why_no_peak(other.fields)}, but line {peak.number} is narrowPeak with a summit in "
            "column 10; expected one form per file. Make the lines alike",
            BED,
        )
    if evidence.always["thick"]:
        what = "BED with further columns (7 and 8 are positions, as thickStart and thickEnd)"
        raise _TwoReadings(
            peak, both.format(what, "Columns 7 to 9 would decide: cut -f1-6"), NARROWPEAK, BED
        )
    if joined:
        what = "BED joined with another file"
        column = f"Column {joined[0] + 1} would decide, which repeats the contig: cut it off"
        raise _TwoReadings(peak, both.format(what, column), NARROWPEAK, BED)
    _doubt(evidence, peak, _DOUBTS_OF_PEAKS)


def _doubt_bed(evidence: Evidence, first: Line) -> None:
    """Raise _TwoReadings if a file without a line of narrowPeak may be no BED."""
    _doubt(evidence, first, _DOUBTS_OF_BED)
    hidden = [] if evidence.always["thick"] or evidence.joined else evidence.inside
    if hidden and evidence.n >= _MANY:
        raise _TwoReadings(
            first,
            f"{_columns(hidden)} in the region, in every line, as a summit is. To centre windows "
            "on one, write BED with it as start and the base after it as end",
            BED,
        )


def _columns(indices: Sequence[int]) -> str:
    """Return words for one or several columns, counted from 0, that are positions."""
    numbers = [str(index + 1) for index in indices]
    if len(numbers) == 1:
        return f"column {numbers[0]} is a position"
    return f"columns {', '.join(numbers[:-1])} and {numbers[-1]} are positions"
