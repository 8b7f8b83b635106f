"""The numbers of a drawing: the letters of both alleles, aligned, and their difference."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import decode
from deeplift_genomics.files.words import shortened
from deeplift_genomics.scores.allele_tables import ALLELES, Alleles, MotifChange
from deeplift_genomics.scores.alleles import Letters
from deeplift_genomics.windows.edits import Edit

MOST_CHANGED = 120  # columns of a long variant that are drawn, from its left end
_COLUMN, _LEFT, _ROW, _MARK, _AXIS = 11, 64, 96, 15, 18  # pixels
GAP = "-"


def edit_of(found: Alleles, row: int) -> Edit:
    """Return what differs between the windows of a variant."""
    return Edit(*(found.columns[name][row] for name in ("edit_start", "removed", "added")))


def drawing(
    found: Alleles, row: int, letters: Letters, *, target: str, flank: int
) -> dict[str, Any]:
    """Return the numbers of the drawing of a variant, as ``assets/alleles.js`` takes them.

    Parameters
    ----------
    row
        Number of the variant.
    letters
        Its contributions for the target.
    flank
        Bases to show on either side.
    """
    edit, length = edit_of(found, row), letters.codes.shape[1]
    columns = edit.columns(length)
    changed = max(edit.removed, edit.added)
    end = edit.at + min(changed, MOST_CHANGED) + (flank if changed <= MOST_CHANGED else 0)
    first, last = max(0, edit.at - flank), min(len(columns), end)
    shown = columns[first:last]
    rows = [_letters(letters, shown[:, allele], allele) for allele in (0, 1)]
    reference, alternative = (values for _, values in rows)
    marks, levels = _marks(found, row, columns, target=target, first=first, last=last)
    width = _LEFT + _COLUMN * len(shown) + 4
    height = 3 * _ROW + _MARK * sum(levels) + _AXIS
    return {
        "width": width,
        "height": height,
        "left": _LEFT,
        "row": _ROW,
        "mark": _MARK,
        "letters": [text for text, _ in rows],
        "values": [_rounded(values) for _, values in rows],
        "difference": _rounded(alternative - reference),
        "error": _error(letters, shown),
        "changed": [edit.at - first, min(edit.at + changed, last) - first],
        "places": _places(found.columns["window_start"][row], shown),
        "marks": marks,
        "levels": levels,
    }


def _letters(
    letters: Letters, bases: NDArray[np.int64], allele: int
) -> tuple[str, NDArray[np.float64]]:
    """Return the letters of an allele, with gaps, and their contributions; 0 at gaps."""
    there = bases >= 0
    text = decode(letters.codes[allele, bases])
    shown = "".join(base if here else GAP for base, here in zip(text, there, strict=True))
    values = np.nan_to_num(letters.contributions[allele, bases].astype(np.float64))
    return shown, np.where(there, values, 0.0)


def _error(letters: Letters, shown: NDArray[np.int64]) -> list[float] | None:
    """Return the standard error of each difference, as if both alleles' were independent."""
    if letters.standard_error is None or np.isnan(letters.standard_error).all():
        return None
    squares = [
        np.where(shown[:, allele] >= 0, letters.standard_error[allele, shown[:, allele]] ** 2, 0)
        for allele in (0, 1)
    ]
    return _rounded(np.nan_to_num(np.sqrt(np.sum(squares, axis=0, dtype=np.float64))))


def _places(start: int, shown: NDArray[np.int64]) -> list[int | None]:
    """Return the position on the contig, from 1, of each column that the genome has."""
    return [start + base + 1 if base >= 0 else None for base in shown[:, 0].tolist()]


def _marks(
    found: Alleles,
    row: int,
    columns: NDArray[np.int64],
    *,
    target: str,
    first: int,
    last: int,
) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the motifs over the letters, each on a level of its own, and the levels by allele."""
    marks: list[dict[str, Any]] = []
    ends: list[list[int]] = [[], []]  # last column of each level
    for one in _motifs_of(found, row, target):
        allele = ALLELES.index(one.allele)
        of_base = np.flatnonzero(columns[:, allele] >= 0)
        span = int(of_base[one.start]) - first, int(of_base[one.end - 1]) + 1 - first
        if span[1] <= 0 or span[0] >= last - first:
            continue
        text = shortened(f"{one.motif} {one.status}", 28)
        start, end = max(0, span[0]), min(last - first, span[1])
        # about 6 pixels for a character, so that texts do not meet; they end inside the drawing
        wide = int(np.ceil(6.2 * len(text) / _COLUMN))
        start_of_text = max(0, min(start, last - first - wide))
        levels = ends[allele]
        level = next((i for i, taken in enumerate(levels) if taken < start_of_text), len(levels))
        levels[level : level + 1] = [max(end, start_of_text + wide)]
        marks.append(
            {
                "allele": allele,
                "first": start,
                "last": end,
                "text_at": start_of_text,
                "text": text,
                "status": one.status,
                "level": level,
            }
        )
    return marks, [len(levels) for levels in ends]


def _motifs_of(found: Alleles, row: int, target: str) -> Sequence[MotifChange]:
    """Return the motifs that a variant changes, for a target."""
    return [one for one in found.motifs if one.variant == row and one.target == target]


def _rounded(values: NDArray[np.floating]) -> list[float]:
    """Return numbers with as many digits as can be seen."""
    return [float(f"{value:.3g}") if isfinite(value) else 0.0 for value in values.tolist()]
