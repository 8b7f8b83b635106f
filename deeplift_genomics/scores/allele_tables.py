"""Variants as tables: what is known of each, and the rows of two tables.

Positions count from 1, as in VCF; places in windows from 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.tables import Kind

KIND = "alleles"  # of the table, and the type of the HDF5 file
BROKEN, MADE, WEAKENED, STRENGTHENED = "broken", "made", "weakened", "strengthened"
ALLELES = ("reference", "alternative")

# of a variant, as its file writes it
AS_WRITTEN: dict[str, type] = {
    "line": int,
    "chrom": str,
    "position": int,
    "id": str,
    "ref": str,
    "alt": str,
}
# of a variant that is explained
EXPLAINED: dict[str, type] = {
    "window_start": int,
    "window_end": int,
    "effect_of": str,
    "effect": float,
    "random_share": float,
    "motifs": str,
}
# of a variant that is not
REASON: dict[str, type] = {"left_out": str, "detail": str}
# of a variant, what differs between its windows
EDIT = ("edit_start", "removed", "added")
# of a motif that a variant changes
MOTIF_COLUMNS: dict[str, type] = {
    "target": str,
    "motif": str,
    "pattern": str,
    "status": str,
    "strand": str,
    "start": int,
    "end": int,
    "allele": str,
    "reference_contribution": float,
    "alternative_contribution": float,
    "reference_match": float,
    "alternative_match": float,
}
MOTIF_TABLE = Kind("alleles.motifs", 1, {**AS_WRITTEN, **MOTIF_COLUMNS})


class MotifChange(NamedTuple):
    """A motif that a variant makes, breaks or changes; docs/formats.md explains the columns."""

    variant: int
    target: str
    motif: str
    pattern: str
    status: str
    strand: str
    start: int
    end: int
    allele: str
    reference_contribution: float
    alternative_contribution: float
    reference_match: float
    alternative_match: float


@dataclass(frozen=True)
class Alleles:
    """The variants of a file, without their contributions.

    Attributes
    ----------
    columns
        Column of `AS_WRITTEN`, `EXPLAINED`, and ``edit_start``, ``removed`` and ``added`` -> the
        values of the N variants that were explained, in the order of the VCF file.
    outcomes
        Names of the K effects, such as ``log2_fold:counts``.
    effects : (N, K)
        The alternative allele against the reference; NaN where there is none.
    left_out
        A dictionary of `AS_WRITTEN` and `REASON` for each variant that was not explained.
    motifs
        The motifs that variants change.
    targets
        The targets whose contributions the file has.
    attributes
        What the file was made from.
    """

    columns: dict[str, list[Any]]
    outcomes: list[str]
    effects: NDArray[np.float64]
    left_out: list[dict[str, Any]]
    motifs: list[MotifChange]
    targets: list[str]
    attributes: dict[str, Any]

    def __len__(self) -> int:
        return len(self.columns["line"])


def table_kind(outcomes: Sequence[str]) -> Kind:
    """Return the kind of table with these effects."""
    return Kind(KIND, 1, {**AS_WRITTEN, **REASON, **EXPLAINED, **dict.fromkeys(outcomes, float)})


def table_rows(found: Alleles) -> list[tuple[Any, ...]]:
    """Return the rows of the table: all variants, also those left out, in the order of the file."""
    empty = (None,) * len(found.outcomes)
    rows = []
    for i in range(len(found)):
        cells = {name: found.columns[name][i] for name in (*AS_WRITTEN, *EXPLAINED)}
        written = (*(cells[name] for name in AS_WRITTEN), "", "")
        rows.append((*written, *(cells[name] for name in EXPLAINED), *found.effects[i].tolist()))
    for one in found.left_out:
        blank = tuple("" if kind is str else None for kind in EXPLAINED.values())
        rows.append((*(one[name] for name in (*AS_WRITTEN, *REASON)), *blank, *empty))
    return sorted(rows, key=lambda row: row[0])  # those of one line keep their order


def motif_rows(found: Alleles) -> list[tuple[Any, ...]]:
    """Return the rows of the table of motifs."""
    return [
        (*(found.columns[name][one.variant] for name in AS_WRITTEN), *one[1:])
        for one in found.motifs
    ]
