"""A part of the effects files: what one experiment adds to the numbers and to the table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """The datasets and rows of one experiment.

    Attributes
    ----------
    arrays
        Path of a dataset in the effects file -> its values.
    rows
        Rows of the table (`effects.table.row_of`).
    """

    arrays: dict[str, Any] = field(default_factory=dict)
    rows: Sequence[tuple[Any, ...]] = ()


def join_parts(parts: Iterable[Part]) -> Part:
    """Return one part with the datasets and the rows of all."""
    arrays: dict[str, Any] = {}
    rows: list[tuple[Any, ...]] = []
    for part in parts:
        arrays |= part.arrays
        rows += part.rows
    return Part(arrays, rows)
