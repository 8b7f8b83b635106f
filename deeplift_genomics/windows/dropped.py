"""The list of dropped regions (``dropped.tsv``) and the reasons for dropping one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, require_file
from deeplift_genomics.files.system_faults import reading

NO_CONTIG = "contig not in FASTA"
LEAVES_CONTIG = "leaves the contig"
UNKNOWN_BASES = "too many unknown bases"
REPEATED = "repeats an earlier window"
SHORT_CONTIG = "contig shorter than a window"
EXCLUDED = "overlaps an excluded region"
MERGED = "too near to another region"
WRONG_LENGTH = "not of the model's length"

# reason, as in the list -> its meaning, as in the report
REASONS = {
    NO_CONTIG: "The genome file has no chromosome of that name.",
    LEAVES_CONTIG: "The window around the region would reach beyond the chromosome's end.",
    UNKNOWN_BASES: "Too many bases of the window are N: the genome is not known there.",
    REPEATED: "The same window was given before; it counts once.",
    SHORT_CONTIG: "The chromosome is shorter than a window, so that no tile fits into it.",
    EXCLUDED: "The tile overlaps one of the regions that were to be left out.",
    MERGED: "Its centre is nearer than regions.merge_within to that of a region that was taken.",
    WRONG_LENGTH: "The sequence is longer or shorter than those that the model reads.",
}

_TILES = re.compile(r"([0-9]{1,15}) tiles?(, .*)?", re.DOTALL)


class DroppedError(InputError):
    """The error that too many regions were dropped; `dropped` holds the reasons."""

    def __init__(self, message: str, dropped: Dropped) -> None:
        super().__init__(message)
        self.dropped = dropped


class NoWindowsError(DroppedError):
    """The error that every region was dropped."""


class TooManyDroppedError(DroppedError):
    """The error that more regions were dropped than the configuration allows."""


class DroppedRegion(NamedTuple):
    """A region that did not become a window, or a stretch of neighbouring tiles that did not.

    Attributes
    ----------
    chrom, start, end, name, line
        Those of the region file; a stretch is named after its place and has the line 0.
    reason
        A key of `REASONS`.
    detail
        The particulars; for a stretch the number of its tiles.
    """

    chrom: str
    start: int
    end: int
    name: str
    reason: str
    detail: str
    line: int

    @property
    def n_windows(self) -> int:
        """Number of windows that were dropped: 1 for a region, any number for a stretch.

        A contig that is too short for a tile has 0. A stretch of an older list has 1, because the
        release that wrote it counted stretches and not tiles.
        """
        tiles = _TILES.fullmatch(self.detail)
        return int(tiles[1]) if tiles else 1


def dropped_tiles(
    chrom: str, start: int, end: int, *, reason: str, n: int, note: str = ""
) -> DroppedRegion:
    """Return the record of a stretch of `n` neighbouring tiles."""
    detail = f"{n} tile{'' if n == 1 else 's'}" + (f", {note}" if note else "")
    return DroppedRegion(chrom, start, end, f"{chrom}:{start}-{end}", reason, detail, 0)


@dataclass(frozen=True)
class Dropped:
    """All regions that did not become windows, in the order of the region file or the genome.

    Raises
    ------
    ValueError
        If a reason is not in `REASONS`.
    """

    records: list[DroppedRegion]

    def __post_init__(self) -> None:
        for record in self.records:
            if record.reason not in REASONS:
                raise ValueError(f"the reason {record.reason!r} is not known")

    def __len__(self) -> int:
        """Return the number of records; a stretch of tiles is one."""
        return len(self.records)

    def __iter__(self) -> Iterator[DroppedRegion]:
        return iter(self.records)

    @property
    def n_windows(self) -> int:
        """Number of windows that were dropped."""
        return sum(record.n_windows for record in self.records)

    @property
    def has_uncounted_tiles(self) -> bool:
        """Whether an older release wrote the list, and counted a stretch as one tile."""
        return any(not (record.line or _TILES.fullmatch(record.detail)) for record in self.records)

    def counts(self) -> dict[str, int]:
        """Return the number of windows dropped for each reason, the commonest first."""
        counts: Counter[str] = Counter()
        for record in self.records:
            counts[record.reason] += record.n_windows
        return dict(counts.most_common())

    def stretches(self) -> dict[str, int]:
        """Return the number of records with a window for each reason, the commonest first."""
        counts: Counter[str] = Counter()
        for record in self.records:
            counts[record.reason] += record.n_windows > 0
        return dict(counts.most_common())


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
    """Read a list of dropped regions.

    Raises
    ------
    InputError
        If the file is missing, cut short or of another kind, or holds an unknown reason.
    """
    path = require_file(path, "List of dropped regions")
    remedy = "Delete it and run the regions step again."
    records = []
    try:
        # newline="\n": other characters that end lines in Python may be part of a name
        with reading(path), path.open(encoding="utf-8", newline="\n") as file:
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
        return Dropped(records)
    except ValueError as error:
        raise InputError(
            f"List of dropped regions {path}, after {len(records)} records: {error}. {remedy}"
        ) from error
