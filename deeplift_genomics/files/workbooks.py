"""Workbooks for spreadsheet programs (xlsx): the same bytes each time; texts stay texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter import Workbook

LONGEST_CELL = 32_767  # characters that Excel takes
_MADE = datetime(2000, 1, 1)  # a date of making would give other bytes each time


def workbook_bytes(fill: Callable[[Workbook], None]) -> bytes:
    """Return the bytes of a workbook that a function fills.

    Write texts by ``write_string`` and `cell_text`: no text becomes a formula, a link or a number.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    never = ("strings_to_formulas", "strings_to_urls", "strings_to_numbers")
    with Workbook(content, {"in_memory": True, **dict.fromkeys(never, False)}) as workbook:
        workbook.set_properties({"created": _MADE})
        fill(workbook)
    return content.getvalue()


def cell_text(text: str) -> str:
    """Return a text as a cell takes it: signs that cannot be shown replaced, and cut if need be.

    >>> cell_text("=a\\x00b")
    '=a\\ufffdb'
    """
    shown = "".join(
        sign if sign.isprintable() else " " if sign.isspace() else "\ufffd" for sign in text
    )
    if len(shown) <= LONGEST_CELL:
        return shown
    rest = f" ... (cut here: the whole text has {len(shown):,} characters)"
    return shown[: LONGEST_CELL - len(rest)] + rest
