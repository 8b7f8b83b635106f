"""The workbook of a sample's motifs, SAMPLE/motifs.xlsx, and their matrices, SAMPLE/motifs.meme."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deeplift_genomics.cohort.unique import SampleFiles, read_sample_motifs, sample_matrices
from deeplift_genomics.files.atomic import atomic_paths, writing
from deeplift_genomics.files.sheets import Styles, write_rows, write_text
from deeplift_genomics.files.words import shortened
from deeplift_genomics.files.workbooks import cell_text, workbook_bytes
from deeplift_genomics.handover.lists import (
    INSTANCE_COLUMNS,
    MATCH_COLUMNS,
    MOST_ROWS,
    count_instances,
    count_matches,
    instance_rows,
    match_rows,
)
from deeplift_genomics.handover.motif_sheet import LOGO, MotifRow, columns_of, rows_of
from deeplift_genomics.handover.readme import (
    INSTANCES,
    MATCHES,
    MOTIFS,
    READ_ME,
    texts_of,
    where,
    why_none,
)
from deeplift_genomics.motifs.meme import write_meme
from deeplift_genomics.report.drawn import CWM, matrix_of
from deeplift_genomics.report.read_sample import read_sample
from deeplift_genomics.report.sample_run import SampleRun
from deeplift_genomics.views.drawn_logo import draw_bare
from deeplift_genomics.views.figures import plain_style, png_bytes
from deeplift_genomics.views.letters import LETTERS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

log = logging.getLogger(__name__)

PER_BASE, HEIGHT = 0.15, 0.62  # inches of a logo in its cell
WIDEST = 3.6  # inches; a longer logo is made smaller
_ROW_HEIGHT = 52  # points
_DOTS_PER_INCH = 250  # for print
_PIXELS_PER_INCH, _POINTS_PER_INCH = 96, 72
_MOVES_WITH_CELL = 1


class _Logo(NamedTuple):
    """A logo as it stands in a cell: PNG, its width in inches, and what it is scaled by."""

    png: bytes
    width: float
    scale: float


def write_workbook(
    output: str | Path,
    meme: str | Path,
    results: str | Path,
    *,
    row: Mapping[str, Any],
    config: Mapping[str, Any],
) -> None:
    """Write the motifs of a sample as a workbook and as matrices.

    The same run gives the same bytes.

    Parameters
    ----------
    output, meme
        The files to write.
    results
        The results folder, in which the sample's other files are.
    row, config
        The sample's row of the sheet and the configuration, as plain values.

    Raises
    ------
    InputError
        If a file of the sample is missing, damaged or of another run than the rest.
    DiskError
        If a file cannot be completed.
    """
    run = read_sample(results, row, config)
    motif_files = [target.paths["motifs"] for target in run.targets]
    motifs = read_sample_motifs(SampleFiles(run.sample, run.paths["labels"], motif_files))
    with atomic_paths(output, meme) as (for_workbook, for_matrices):
        write_meme(for_matrices, sample_matrices(motifs))
        content = workbook_bytes(lambda workbook: _fill(workbook, run))
        with writing(for_workbook):
            for_workbook.write_bytes(content)
    log.info("%s: %d motifs", output, len(run.motifs))


def _fill(workbook: Workbook, run: SampleRun) -> None:
    """Write the sheets."""
    styles, rows = Styles(workbook), rows_of(run)
    numbers = {MATCHES: count_matches(run), INSTANCES: count_instances(run)}
    listed = [sheet for sheet, number in numbers.items() if 0 < number <= MOST_ROWS]
    logos = _draw_logos(run, rows)
    width = max((logo.width * logo.scale for logo in logos), default=1.0)
    columns = columns_of(run, rows, (width * _PIXELS_PER_INCH + 10) / 7) if rows else []
    write_text(workbook.add_worksheet(READ_ME), styles, texts_of(run, columns, listed))
    sheet = workbook.add_worksheet(MOTIFS)
    if not rows:
        write_text(sheet, styles, why_none(run))
        return
    first = write_rows(sheet, styles, columns, rows, freeze=2, height=_ROW_HEIGHT)
    at = next(number for number, column in enumerate(columns) if column.heading == LOGO)
    for number, (motif, logo) in enumerate(zip(rows, logos, strict=True), start=first):
        _put(sheet, (number, at), motif, logo)
    for name, of, listing in (
        (MATCHES, MATCH_COLUMNS, match_rows),
        (INSTANCES, INSTANCE_COLUMNS, instance_rows),
    ):
        sheet = workbook.add_worksheet(name)
        if name in listed:
            write_rows(sheet, styles, of, listing(run))
        else:
            write_text(sheet, styles, [(name, ""), ("Where they are", where(run, name))])


def _draw_logos(run: SampleRun, rows: list[MotifRow]) -> list[_Logo]:
    """Draw the logo of each motif, turned as it reads."""
    colours = LETTERS[run.config["report"]["letters"]].on_light
    logos = []
    with plain_style():
        for row in rows:
            figure = draw_bare(matrix_of(row.lead, CWM), (PER_BASE, HEIGHT), colours)
            width = figure.get_figwidth()
            logos.append(_Logo(png_bytes(figure, _DOTS_PER_INCH), width, min(1, WIDEST / width)))
    return logos


def _put(sheet: Worksheet, place: tuple[int, int], row: MotifRow, logo: _Logo) -> None:
    """Put a logo into the middle of its cell, with which it is moved and hidden."""
    label = row.lead.label
    name = shortened(label.motif, 80)
    room = _ROW_HEIGHT / _POINTS_PER_INCH - HEIGHT * logo.scale
    sheet.insert_image(
        *place,
        f"{label.motif}.png",
        {
            "image_data": BytesIO(logo.png),
            "x_scale": logo.scale,
            "y_scale": logo.scale,
            "x_offset": 5,
            "y_offset": room / 2 * _PIXELS_PER_INCH,
            "object_position": _MOVES_WITH_CELL,
            "description": cell_text(
                f"Logo of {name}: {label.consensus}. Contributions to {label.target}."
            ),
        },
    )
