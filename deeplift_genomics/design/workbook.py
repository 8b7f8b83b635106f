"""The workbook of oligos: SAMPLE/oligos.xlsx, for the person who orders and tests them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deeplift_genomics.design.readme import paragraphs
from deeplift_genomics.design.table import (
    DIFFERENCE,
    FOLD,
    SHAPE,
    WILD_TYPE,
    Oligo,
    Oligos,
    Outcome,
)
from deeplift_genomics.files.atomic import writing
from deeplift_genomics.files.workbooks import cell_text, workbook_bytes
from deeplift_genomics.settings.oligo_section import Oligos as Settings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

READ_ME, OLIGOS, TO_ORDER, LEFT_OUT = "Read me", "Oligos", "To order", "Left out"
_WIDTH_OF_TEXT = 100  # of the column of the first sheet, in characters
_MONOSPACED = "Consolas"
_LARGEST_FOLD = 1000  # log2 of what a cell can hold, nearly
NOTHING_LEFT_OUT = "Nothing was left out: every motif has the oligos that were asked for."


class _Column(NamedTuple):
    """A column of a sheet: heading, width, style, and the value of a row; None is an empty cell."""

    heading: str
    width: float
    style: str
    value: Callable[[Oligo], Any]


def place_of(chrom: str, start: int | None, end: int | None) -> str:
    """Return a place as genome browsers take it, counted from 1 and with both ends.

    >>> place_of("chr1", 100, 300)
    'chr1:101-300'
    """
    return "" if start is None else f"{chrom}:{start + 1}-{end}"


def _motif_of(row: Oligo) -> tuple[str, int | None, int | None]:
    return row.chrom, row.motif_start, row.motif_end


def write_workbook(path: Path, oligos: Oligos, settings: Settings, sample: str) -> None:
    """Write the workbook to a temporary path; the same oligos give the same bytes."""

    def fill(workbook: Workbook) -> None:
        styles = _Styles(workbook)
        _write_text(workbook.add_worksheet(READ_ME), styles, paragraphs(oligos, settings, sample))
        columns = [*_FIRST, *map(_effect, range(len(oligos.outcomes)), oligos.outcomes), *_LAST]
        _write_rows(workbook.add_worksheet(OLIGOS), styles, columns, oligos.designed, freeze=1)
        once = [row for row in oligos.designed if not row.same_as]
        pool = _Column("Pool name", 20, "text", lambda row: sample)
        _write_rows(workbook.add_worksheet(TO_ORDER), styles, [pool, *_ORDERED], once)
        left_out = oligos.left_out or [Oligo(note=NOTHING_LEFT_OUT)]
        _write_rows(workbook.add_worksheet(LEFT_OUT), styles, _WHY, left_out)

    with writing(path):
        path.write_bytes(workbook_bytes(fill))


_NAME = _Column("Oligo", 26, "text", lambda row: row.oligo)
_SEQUENCE = _Column("Sequence, 5' to 3', as ordered", 60, "bases", lambda row: row.sequence)
_LENGTH = _Column("Length (bases)", 9, "whole", lambda row: row.length)
_ORDERED = (_NAME._replace(heading="Name"), _SEQUENCE, _LENGTH)
_FIRST = (
    _NAME,
    _Column("Group", 11, "text", lambda row: row.group),
    _Column("Motif", 18, "text", lambda row: row.motif),
    _Column("Place number", 8, "whole", lambda row: row.locus),
    _Column("Insert in the genome", 27, "text", lambda r: place_of(r.chrom, r.start, r.end)),
    _Column("Strand of the motif", 9, "text", lambda row: row.strand),
)
_LAST = (
    _Column("Changed bases", 9, "whole", lambda row: row.changed),
    _Column("GC", 7, "percent", lambda row: row.gc),
    _LENGTH,
    _SEQUENCE,
    _Column(
        "Insert: what is between the ends (changed bases in lower case)",
        60,
        "bases",
        lambda row: row.insert,
    ),
    _Column("Motif in the genome", 27, "text", lambda row: place_of(*_motif_of(row))),
    _Column("Region", 22, "text", lambda row: row.region),
    _Column("Called for", 18, "text", lambda row: row.targets.replace(";", ", ")),
    _Column("Other motifs on its bases", 20, "text", lambda row: row.others.replace(";", ", ")),
    _Column("Same sequence as", 26, "text", lambda row: row.same_as),
)
_WHY = (
    _Column("Motif", 24, "text", lambda row: row.motif),
    _Column("Why it has fewer oligos, or none", 110, "wrapped", lambda row: row.note),
)


def _effect(number: int, outcome: Outcome) -> _Column:
    """Return the column of an effect."""
    heading, style = {
        FOLD: ("predicted, times the wild type", "fold"),
        SHAPE: ("share of the signal that moves", "percent"),
        DIFFERENCE: ("predicted, less the wild type", "number"),
    }[outcome.kind]

    def value(row: Oligo) -> float | None:
        effect = row.effects[number]
        if effect is None or outcome.kind != FOLD:
            return effect
        return 2**effect if abs(effect) < _LARGEST_FOLD else None

    return _Column(f"{outcome.name}: {heading}", 15, style, value)


_NUMBERS = {"percent": "0%", "fold": '0.00"×"', "number": "0.000", "whole": "0"}


class _Styles:
    """The formats of cells; those of a wild type are shaded, so that each place is seen."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Any] = {}
        heading = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
        self.heading = workbook.add_format({**heading, "bg_color": "#E7E6F3"})
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.subtitle = workbook.add_format({"bold": True, "font_size": 12})
        self.paragraph = workbook.add_format({"text_wrap": True, "valign": "top"})

    def cell(self, style: str, shaded: bool) -> Any:
        """Return the format of a cell."""
        if (style, shaded) not in self._made:
            form: dict[str, Any] = {"valign": "top"}
            if style in _NUMBERS:
                form["num_format"] = _NUMBERS[style]
            if style == "bases":
                form["font_name"] = _MONOSPACED
            if style == "wrapped":
                form["text_wrap"] = True
            if shaded:
                form["bg_color"] = "#EEF6F2"
            self._made[style, shaded] = self._workbook.add_format(form)
        return self._made[style, shaded]


def _write_text(sheet: Worksheet, styles: _Styles, texts: Sequence[tuple[str, str]]) -> None:
    """Write the first sheet: pairs of a kind (title, subtitle, paragraph) and a text."""
    sheet.set_column(0, 0, _WIDTH_OF_TEXT, styles.paragraph)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)
    for row, (kind, text) in enumerate(texts):
        sheet.write_string(row, 0, cell_text(text), getattr(styles, kind))


def _write_rows(
    sheet: Worksheet,
    styles: _Styles,
    columns: Sequence[_Column],
    rows: Sequence[Oligo],
    *,
    freeze: int = 0,
) -> None:
    """Write a table: headings that stay in view, a filter for each column, and the rows."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(0, at, cell_text(column.heading), styles.heading)
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            _write_cell(sheet, (number, at), column.value(row), styles.cell(
                column.style, row.group == WILD_TYPE
            ))  # fmt: skip
    sheet.set_row(0, 62)
    sheet.freeze_panes(1, freeze)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: Any, style: Any) -> None:
    """Write a text as text, a number as number, and nothing as an empty cell."""
    if value is None or value != value:
        sheet.write_blank(*place, None, style)
    elif isinstance(value, str):
        sheet.write_string(*place, cell_text(value), style)
    else:
        sheet.write_number(*place, value, style)
