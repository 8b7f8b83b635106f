"""The list of dropped regions (``dropped.tsv``) and the reasons for dropping one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, require_file

REASONS = (
    "contig not in FASTA",
    "leaves the contig",
    "too many unknown bases",
    "repeats an earlier window",
)


class NoWindowsError(InputError):
    """Every region was dropped; `dropped` says why."""

    def __init__(self, message: str, dropped: Dropped) -> None:
        super().__init__(message)
        self.dropped = dropped


class DroppedRegion(NamedTuple):
    """A region that did not become a window.

    `start`, `end` and `line` are those of the region file; `reason` is one of a few fixed phrases,
    `detail` the particulars.
    """

    chrom: str
    start: int
    end: int
    name: str
    reason: str
    detail: str
    line: int


@dataclass(frozen=True)
class Dropped:
    """All regions of a file that did not become windows, in the order of the file."""

    records: list[DroppedRegion]

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[DroppedRegion]:
        return iter(self.records)

    def counts(self) -> dict[str, int]:
        """Regions dropped for each reason, the commonest first."""
        return dict(Counter(record.reason for record in self.records).most_common())


def write_dropped(path: str | Path, dropped: Dropped) -> None:
    """Write the dropped regions as a table with a heading; only the heading if there are none.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        for row in (DroppedRegion._fields, *dropped.records):
            file.write("\t".join(map(str, row)) + "\n")


def read_dropped(path: str | Path) -> Dropped:
    """Read what `write_dropped` wrote.

    Raises
    ------
    InputError
        If the file is missing, cut short or of another kind.
    """
    path = require_file(path, "List of dropped regions")
    remedy = "Delete it and run the regions step again."
    records = []
    try:
        # newline="\n": other characters that end lines in Python may be part of a name
        with path.open(encoding="utf-8", newline="\n") as file:
            heading = file.readline().rstrip("\n").split("\t")
            if heading != list(DroppedRegion._fields):
                raise InputError(
                    f"{path} is no list of dropped regions: it begins with {heading}. {remedy}"
                )
            for line in file:
                if not line.endswith("\n"):
                    raise ValueError("the last line has no end")
                chrom, start, end, name, reason, detail, number = line[:-1].split("\t")
                records.append(
                    DroppedRegion(chrom, int(start), int(end), name, reason, detail, int(number))
                )
    except ValueError as error:
        raise InputError(
            f"List of dropped regions {path}, after {len(records)} records: {error}. {remedy}"
        ) from error
    return Dropped(records)
