"""The table of oligos: SAMPLE/oligos.tsv.

A row is an oligo, or a motif of which some oligos could not be designed, and why. The columns after
the first ones are the predicted effects, one for each number that a head gives.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.system_faults import reading
from deeplift_genomics.files.tables import Kind, iterate_table, read_table, write_rows
from deeplift_genomics.files.words import shortened

if TYPE_CHECKING:
    import pandas

WILD_TYPE, ABLATED, SCRAMBLED, LEFT_OUT = "wild type", "ablated", "scrambled", "left out"
COLUMNS: dict[str, type] = {
    "oligo": str,
    "group": str,
    "motif": str,
    "locus": int,
    "chrom": str,
    "start": int,
    "end": int,
    "motif_start": int,
    "motif_end": int,
    "strand": str,
    "region": str,
    "targets": str,
    "others": str,
    "length": int,
    "gc": float,
    "changed": int,
    "sequence": str,
    "insert": str,
    "same_as": str,
    "note": str,
}
FOLD, DIFFERENCE, SHAPE = "log2_fold", "difference", "shape"
_OUTCOME = re.compile(rf"({FOLD}|{DIFFERENCE}|{SHAPE}):([^\t\r\n]*?)(?:\[(\d+)\])?")
_LONGEST_LINE = 1 << 20  # bytes of the names of columns


class Outcome(NamedTuple):
    """A number by which the effect of an oligo on a head is told, against the wild type.

    Attributes
    ----------
    kind
        ``log2_fold`` of counts, ``difference`` of an output, or ``shape``: the share of a profile
        that is elsewhere.
    head
        Name of the head, or of a target.
    unit
        The unit, track or task, counted from 0; None for the head as a whole.
    """

    kind: str
    head: str
    unit: int | None = None

    @property
    def column(self) -> str:
        """The name of its column."""
        return f"{self.kind}:{self.name}"

    @property
    def name(self) -> str:
        """The head and its unit, as ``logit[3]``."""
        head = re.sub(r"[\t\r\n]", " ", self.head)
        return head if self.unit is None else f"{head}[{self.unit}]"


class Oligo(NamedTuple):
    """A row of the table; docs/formats.md explains the columns.

    Of a motif that is left out, only `group`, `motif` and `note` are not empty.
    """

    oligo: str = ""
    group: str = LEFT_OUT
    motif: str = ""
    locus: int | None = None
    chrom: str = ""
    start: int | None = None
    end: int | None = None
    motif_start: int | None = None
    motif_end: int | None = None
    strand: str = ""
    region: str = ""
    targets: str = ""
    others: str = ""
    length: int | None = None
    gc: float | None = None
    changed: int | None = None
    sequence: str = ""
    insert: str = ""
    same_as: str = ""
    note: str = ""
    effects: tuple[float | None, ...] = ()


class Oligos(NamedTuple):
    """A table of oligos: its rows, and what the numbers of their effects are."""

    rows: list[Oligo]
    outcomes: list[Outcome]

    @property
    def designed(self) -> list[Oligo]:
        """The rows that are oligos."""
        return [row for row in self.rows if row.group != LEFT_OUT]

    @property
    def left_out(self) -> list[Oligo]:
        """The rows that say which motif has no oligos, or fewer, and why."""
        return [row for row in self.rows if row.group == LEFT_OUT]


def kind_of(outcomes: Sequence[Outcome]) -> Kind:
    """Return the kind of table with these effects."""
    return Kind("oligos", 1, {**COLUMNS, **{item.column: float for item in outcomes}})


def write_oligos(path: Path, oligos: Oligos) -> int:
    """Write a table of oligos to a temporary path, and return the number of its rows."""
    empty = (None,) * len(oligos.outcomes)
    rows = ((*row[:-1], *(row.effects or empty)) for row in oligos.rows)
    return write_rows(path, kind_of(oligos.outcomes), rows)


def read_oligo_table(path: str | Path) -> Oligos:
    """Read a table of oligos.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no such table.
    """
    outcomes = _outcomes_of(path)
    rows = [
        Oligo(*row[: len(COLUMNS)])._replace(effects=row[len(COLUMNS) :])
        for row in iterate_table(path, kind_of(outcomes))
    ]
    known = (WILD_TYPE, ABLATED, SCRAMBLED, LEFT_OUT)
    for row in rows:
        if row.group not in known or (row.group != LEFT_OUT and not (row.oligo and row.sequence)):
            raise InputError(
                f"{path} is damaged: a row of the group {shortened(repr(row.group), 100)} has no "
                "oligo. Delete it and run again."
            )
    return Oligos(rows, outcomes)


def read_oligos(path: str | Path) -> pandas.DataFrame:
    """Read SAMPLE/oligos.tsv as a table with a row for each oligo.

    docs/formats.md explains the columns. Rows of the group ``left out`` are no oligos.

    Raises
    ------
    InputError
        As `read_oligo_table`.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> oligos = dg.read_oligos("results/demo/oligos.tsv")
    >>> {"group", "insert"} <= set(oligos.columns)
    True
    """
    return read_table(path, kind_of(_outcomes_of(path)))


def _outcomes_of(path: str | Path) -> list[Outcome]:
    """Return the effects that the second line of a file names."""
    require_file(path, "Table of oligos")
    with reading(path), Path(path).open("rb") as handle:
        handle.readline(_LONGEST_LINE)
        line: Any = handle.readline(_LONGEST_LINE)
    names = line.decode("utf-8", "replace").rstrip("\n").split("\t")[len(COLUMNS) :]
    found = [_OUTCOME.fullmatch(name) for name in names]
    if len(set(names)) < len(names):
        raise InputError(f"{path} is damaged: two columns have one name. Delete it and run again.")
    return [Outcome(m[1], m[2], int(m[3]) if m[3] else None) for m in found if m]
