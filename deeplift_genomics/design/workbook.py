"""The workbook of oligos: SAMPLE/oligos.xlsx, for the person who orders and tests them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

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
from deeplift_genomics.files.sheets import Column, Styles, height_of, write_rows
from deeplift_genomics.files.workbooks import cell_text, workbook_bytes
from deeplift_genomics.settings.oligo_section import Oligos as Settings

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

READ_ME, OLIGOS, TO_ORDER, LEFT_OUT = "Read me", "Oligos", "To order", "Left out"
_WIDTH_OF_TEXT = 100  # of the column of the first sheet, in characters
_LARGEST_FOLD = 1000  # log2 of what a cell can hold, nearly
NOTHING_LEFT_OUT = "Nothing was left out: every motif has the oligos that were asked for."


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
        styles = Styles(workbook)
        _write_paragraphs(
            workbook.add_worksheet(READ_ME), styles, paragraphs(oligos, settings, sample)
        )
        columns = [*_FIRST, *map(_effect, range(len(oligos.outcomes)), oligos.outcomes), *_LAST]
        sheet = workbook.add_worksheet(OLIGOS)
        write_rows(sheet, styles, columns, oligos.designed, shaded=_is_wild_type)
        once = [row for row in oligos.designed if not row.same_as]
        pool = Column("Pool name", 20, "text", lambda row: sample)
        sheet = workbook.add_worksheet(TO_ORDER)
        write_rows(sheet, styles, [pool, *_ORDERED], once, freeze=0)
        left_out = oligos.left_out or [Oligo(note=NOTHING_LEFT_OUT)]
        write_rows(workbook.add_worksheet(LEFT_OUT), styles, _WHY, left_out, freeze=0)

    with writing(path):
        path.write_bytes(workbook_bytes(fill))


_NAME = Column("Oligo", 26, "text", lambda row: row.oligo)
_SEQUENCE = Column("Sequence, 5' to 3', as ordered", 60, "bases", lambda row: row.sequence)
_LENGTH = Column("Length (bases)", 9, "whole", lambda row: row.length)
_ORDERED = (_NAME._replace(heading="Name"), _SEQUENCE, _LENGTH)
_FIRST = (
    _NAME,
    Column("Group", 11, "text", lambda row: row.group),
    Column("Motif", 18, "text", lambda row: row.motif),
    Column("Place number", 8, "whole", lambda row: row.locus),
    Column("Insert in the genome", 27, "text", lambda r: place_of(r.chrom, r.start, r.end)),
    Column("Strand of the motif", 9, "text", lambda row: row.strand),
)
_LAST = (
    Column("Changed bases", 9, "whole", lambda row: row.changed),
    Column("GC", 7, "percent", lambda row: row.gc),
    _LENGTH,
    _SEQUENCE,
    Column(
        "Insert: what is between the ends (changed bases in lower case)",
        60,
        "bases",
        lambda row: row.insert,
    ),
    Column("Motif in the genome", 27, "text", lambda row: place_of(*_motif_of(row))),
    Column("Region", 22, "text", lambda row: row.region),
    Column("Called for", 18, "text", lambda row: row.targets.replace(";", ", ")),
    Column("Other motifs on its bases", 20, "text", lambda row: row.others.replace(";", ", ")),
    Column("Same sequence as", 26, "text", lambda row: row.same_as),
)
_WHY = (
    Column("Motif", 24, "text", lambda row: row.motif),
    Column("Why it has fewer oligos, or none", 110, "wrapped", lambda row: row.note),
)


def _is_wild_type(row: Oligo) -> bool:
    """Return whether a row begins a place; such rows are shaded, so that each place is seen."""
    return row.group == WILD_TYPE


def _effect(number: int, outcome: Outcome) -> Column:
    """Return the column of an effect."""
    heading, style = {
        FOLD: ("predicted, times the wild type", "fold"),
        SHAPE: ("share of the signal that moves", "percent"),
        DIFFERENCE: ("predicted, less the wild type", "3 decimals"),
    }[outcome.kind]

    def value(row: Oligo) -> float | None:
        effect = row.effects[number]
        if effect is None or outcome.kind != FOLD:
            return effect
        return 2**effect if abs(effect) < _LARGEST_FOLD else None

    return Column(f"{outcome.name}: {heading}", 15, style, value)


def _write_paragraphs(sheet: Worksheet, styles: Styles, texts: Sequence[tuple[str, str]]) -> None:
    """Write the first sheet: pairs of a kind (title, subtitle, paragraph) and a text."""
    sheet.set_column(0, 0, _WIDTH_OF_TEXT, styles.text)
    sheet.hide_gridlines(2)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.set_print_scale(70)  # not fit_to_pages: programs do not scale a single column
    for row, (kind, text) in enumerate(texts):
        style = styles.text if kind == "paragraph" else getattr(styles, kind)
        sheet.write_string(row, 0, cell_text(text), style)
        sheet.set_row(row, height_of(text, _WIDTH_OF_TEXT) if kind == "paragraph" else 27)
