"""Sheets of a workbook that people read: tables with headings, and pages of text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from deeplift_genomics.files.workbooks import cell_text

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_LEFT = {"align": "left", "indent": 1}
_STYLES: dict[str, dict[str, Any]] = {
    "text": _LEFT,
    "wrapped": {**_LEFT, "text_wrap": True},
    "bases": {**_LEFT, "font_name": "Consolas"},
    **{
        style: {"num_format": form, "align": "right", "indent": 1}
        for style, form in (
            ("whole", "#,##0"),
            ("percent", "0%"),
            ("fold", '[>=10]#,##0"×";[<0.1]0.000"×";0.00"×"'),
            ("chance", "0.0E+00"),
            *((f"{digits} decimals", f"{0:.{digits}f}") for digits in range(9)),
        )
    },
}
_SHADE = "#EEF6F2"
_LINE = {"bottom": 1, "bottom_color": "#D5DAE0"}
_HEADING = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E7E6F3"}
_PAGE_WIDTH = 230  # characters of a page in landscape that can still be read
_LABEL_WIDTH, _TEXT_WIDTH = 30, 95  # characters of the two columns of a page of text


class Column(NamedTuple):
    """A column of a table.

    Attributes
    ----------
    heading
        Its heading.
    width
        In characters.
    style
        A key of the styles: text, wrapped, bases, whole, percent, fold, chance, "3 decimals", ...
    value
        From a row to the cell: a text, a number, or None for an empty cell.
    meaning
        What the column holds, in a sentence for a reader of the workbook.
    group
        Heading above this column and its neighbours of the same group.
    """

    heading: str
    width: float
    style: str
    value: Callable[[Any], Any]
    meaning: str = ""
    group: str = ""


class Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, bool], Any] = {}
        self.heading = workbook.add_format({**_HEADING, **_LEFT, "bottom": 1})
        self.group = workbook.add_format(
            {**_HEADING, "align": "center", "bg_color": "#D3D0EA", "left": 1, "right": 1}
        )
        self.title = workbook.add_format({"bold": True, "font_size": 16})
        self.subtitle = workbook.add_format({"bold": True, "font_size": 12, "valign": "bottom"})
        self.label = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.text = workbook.add_format({"text_wrap": True, "valign": "top"})

    def cell(self, style: str, *, shaded: bool = False) -> Any:
        """Return the format of a cell of a style."""
        if (style, shaded) not in self._made:
            form = {"valign": "vcenter", **_LINE, **_STYLES[style]}
            form |= {"bg_color": _SHADE} if shaded else {}
            self._made[style, shaded] = self._workbook.add_format(form)
        return self._made[style, shaded]


def write_rows(
    sheet: Worksheet,
    styles: Styles,
    columns: Sequence[Column],
    rows: Iterable[Any],
    *,
    freeze: int = 1,
    height: float | None = None,
    shaded: Callable[[Any], bool] = lambda row: False,
) -> int:
    """Write a table, ready to be filtered and printed, and return the number of its first row.

    Parameters
    ----------
    freeze
        Columns that stay in view, and are printed on each page.
    height
        Height of a row, in points; that of its text if not given.
    shaded
        Whether a row has a ground of another colour.
    """
    grouped = any(column.group for column in columns)
    if grouped:
        _write_groups(sheet, styles, columns)
    first = 2 if grouped else 1
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        sheet.write_string(first - 1, at, cell_text(column.heading), styles.heading)
    number = first
    for number, row in enumerate(rows, start=first):
        if height:
            sheet.set_row(number, height)
        ground = shaded(row)
        for at, column in enumerate(columns):
            style = styles.cell(column.style, shaded=ground)
            _write_cell(sheet, (number, at), column.value(row), style)
    lines = max(-(-1.2 * len(column.heading) // column.width) for column in columns)
    sheet.set_row(first - 1, 15 * max(2, lines) + 4)
    sheet.freeze_panes(first, freeze)
    sheet.autofilter(first - 1, 0, max(number, first), len(columns) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(0.4, 0.4, 0.5, 0.5)
    sheet.fit_to_pages(ceil(sum(column.width for column in columns) / _PAGE_WIDTH), 0)
    sheet.repeat_rows(0, first - 1)
    if freeze:
        sheet.repeat_columns(0, freeze - 1)
    sheet.set_footer("&L&A&R&P of &N")
    return first


def write_text(sheet: Worksheet, styles: Styles, texts: Iterable[tuple[str, str]]) -> None:
    """Write a page of text: labels with a text beside each.

    A label without a text is a heading; the first one is the title of the page.
    """
    sheet.set_column(0, 0, _LABEL_WIDTH, styles.label)
    sheet.set_column(1, 1, _TEXT_WIDTH, styles.text)
    sheet.hide_gridlines(2)
    for number, (label, text) in enumerate(texts):
        if text:
            sheet.write_string(number, 0, cell_text(label), styles.label)
            sheet.write_string(number, 1, cell_text(text), styles.text)
            room = max(height_of(text, _TEXT_WIDTH), height_of(label, _LABEL_WIDTH - 4))
            sheet.set_row(number, room)
        else:
            style = styles.subtitle if number else styles.title
            sheet.write_string(number, 0, cell_text(label), style)
            sheet.set_row(number, 27)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def height_of(text: str, width: int) -> int:
    """Return the height of a row, in points, for a text wrapped at so many characters.

    Not every spreadsheet program measures wrapped text itself.

    >>> height_of("word " * 20, 50)
    33
    """
    return 15 * -(-len(text) // width) + 3


def decimals(values: Iterable[float | None], digits: int = 3) -> str:
    """Return the style that shows the largest of some numbers with so many digits.

    >>> decimals([0.0123, -0.4, None]), decimals([1234.5])
    ('3 decimals', '0 decimals')
    """
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    if not 0 < largest < float("inf"):
        return "0 decimals"
    exponent = int(f"{largest:e}".partition("e")[2])
    return f"{min(8, max(0, digits - 1 - exponent))} decimals"


def _write_groups(sheet: Worksheet, styles: Styles, columns: Sequence[Column]) -> None:
    """Write the headings above groups of columns."""
    first = 0
    for at in range(1, len(columns) + 1):
        if at == len(columns) or columns[at].group != columns[first].group:
            text = cell_text(columns[first].group)
            if at - first > 1:
                sheet.merge_range(0, first, 0, at - 1, "", styles.group)
            sheet.write_string(0, first, text, styles.group)
            first = at
    sheet.set_row(0, 18)


def _write_cell(sheet: Worksheet, place: tuple[int, int], value: Any, style: Any) -> None:
    """Write a text as text, a number as number, and nothing as an empty cell."""
    if value in (None, "", float("inf"), -float("inf")) or value != value:
        sheet.write_blank(*place, None, style)
    elif isinstance(value, str):
        sheet.write_string(*place, cell_text(value), style)
    else:
        sheet.write_number(*place, value, style)
