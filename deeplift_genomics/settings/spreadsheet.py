"""A table as spreadsheet programs save it: text with tabs, quotes and cells never used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_LINE_END = re.compile(r"\r\n|\r|\n")
# blanks that str.strip leaves, which come with text pasted from web pages
_UNSEEN = "\u200b\u200c\u200d\u2060\ufeff"
_BLANK = re.compile(rf"^[\s{_UNSEEN}]+|[\s{_UNSEEN}]+$")


class Row(NamedTuple):
    """A row of a table: its number from 1, and its cells."""

    number: int
    cells: list[str]


class Table(NamedTuple):
    """A table: its header and rows, all without the columns that have neither name nor content.

    A row may have fewer cells than the header; `problems` says which have more, and where a column
    with content has no name.
    """

    header: Row
    body: list[Row]
    problems: list[str]


def read_table(text: str) -> Table | None:
    """Read a table; return None if there is no row.

    Left out are rows without content, rows that begin with `#`, and columns without name and
    content. Cells lose blanks and quotes around them.

    >>> read_table("a\\tb\\t\\r\\n1\\t2\\t\\r\\n\\t\\t\\r\\n").body
    [Row(number=2, cells=['1', '2'])]
    """
    rows = list(_rows(text))
    if not rows:
        return None
    (number, header), body = rows[0], rows[1:]
    named = [index for index, name in enumerate(header) if name]
    problems, kept = [], []
    for row, cells in body:
        for index, cell in enumerate(cells):
            if cell and index < len(header) and not header[index]:
                problems.append(
                    f"row {row}: column {index + 1} has no name in the header, but holds {cell!r}; "
                    "name it, or empty it"
                )
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) > len(header):
            problems.append(f"row {row}: {len(cells)} columns found, {len(named)} expected")
        kept.append(Row(row, [cells[index] for index in named if index < len(cells)]))
    return Table(Row(number, [header[index] for index in named]), kept, problems)


def _rows(text: str) -> Iterator[Row]:
    """Yield the rows that have content and are no comments."""
    for number, line in enumerate(_LINE_END.split(text), start=1):
        cells = [_bare(cell) for cell in line.split("\t")]
        first = next(filter(None, cells), "#")
        if not first.startswith("#"):
            yield Row(number, cells)


def _bare(cell: str) -> str:
    """Return a cell without blanks around it, and without the quotes of spreadsheets."""
    return _BLANK.sub("", _BLANK.sub("", cell).strip('"'))
