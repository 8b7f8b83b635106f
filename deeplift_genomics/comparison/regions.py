"""Contributions of two runs, correlated region by region."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.tables import Kind
from deeplift_genomics.scores.file import SCORE_LAYOUT
from deeplift_genomics.scores.span import filled, scored

REGIONS = Kind(
    "region_correlations",
    1,
    {
        "sample": str,
        "target": str,
        "run": str,
        "chrom": str,
        "start": int,
        "end": int,
        "region": str,
        "bases": int,
        "correlation": float,
        "target_first": float,
        "target_run": float,
    },
)
_BASES_AT_ONCE = 2_000_000  # of windows read together


class Region(NamedTuple):
    """A region that two runs have.

    Attributes
    ----------
    chrom, start, end, name
        The bases that both windows cover (0-based, half-open), and the name in the first run.
    correlation
        Pearson correlation of the contributions of these bases; None if they are the same for all
        bases in one of the runs.
    first, other
        The target at the window, in either run.
    """

    chrom: str
    start: int
    end: int
    name: str
    correlation: float | None
    first: float
    other: float


class Correlated(NamedTuple):
    """The regions that two runs have, and how many only one of them has."""

    regions: list[Region]
    only_first: int
    only_other: int
    other_sequence: int


class _Scores:
    """An open score file: where its windows are, and their contributions by row."""

    def __init__(self, file: h5py.File) -> None:
        self.file = file
        self.chrom = file["coords_chrom"].asstr()[:]
        self.summit = file["summit"][:]
        self.start, span = file["coords_start"][:], scored(file)
        self.scored_start, self.scored_end = self.start + span.start, self.start + span.stop
        self.name, self.target = file["name"].asstr()[:], file["target"][:]

    def rows(self) -> dict[tuple[str, int], int]:
        """Return the first row of each centre of a window."""
        found: dict[tuple[str, int], int] = {}
        for row, key in enumerate(zip(self.chrom, self.summit.tolist(), strict=True)):
            found.setdefault(key, row)
        return found

    def read(self, rows: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
        """Return the contributions (n, L) and the sequences (n, L, 4) of n rows, in any order."""
        order = np.argsort(rows)
        back = np.argsort(order)
        ordered = rows[order]
        first, last = int(ordered[0]), int(ordered[-1]) + 1
        # neighbouring rows are read together: picking single ones out is far slower
        dense = last - first <= 4 * len(rows)
        take = (
            (lambda data: data[first:last][ordered - first])
            if dense
            else (lambda data: np.stack([data[int(row)] for row in ordered]))
        )
        sequences = take(self.file["input_seqs"])
        scores = filled(self.file, take(self.file["hyp_scores"]).astype(np.float64))
        return (scores * sequences).sum(axis=2)[back], sequences[back]


def correlate(first: str | Path, other: str | Path, what: str) -> Correlated:
    """Correlate the contributions of two score files in each region that both have.

    A region is the same if its window has the same centre. Of windows of two lengths, the bases
    that both cover are compared.

    Parameters
    ----------
    first, other
        Score files.
    what
        What is compared, for the progress.

    Raises
    ------
    InputError
        If a file is missing, damaged or no score file.
    """
    with (
        open_typed(first, "scores", SCORE_LAYOUT) as a,
        open_typed(other, "scores", SCORE_LAYOUT) as b,
    ):
        one, two = _Scores(a), _Scores(b)
        of_one, of_two = one.rows(), two.rows()
        pairs = np.array(
            [(row, of_two[key]) for key, row in of_one.items() if key in of_two], np.int64
        ).reshape(-1, 2)
        at_once = max(1, _BASES_AT_ONCE // max(a["hyp_scores"].shape[1], b["hyp_scores"].shape[1]))
        parts = [pairs[i : i + at_once] for i in range(0, len(pairs), at_once)]
        regions: list[Region] = []
        differing = 0
        for part in Progress(parts, what=what, unit="part"):
            found, n = _of_part(one, two, part)
            regions += found
            differing += n
        n = len(pairs)
        return Correlated(regions, len(of_one) - n, len(of_two) - n, differing)


def _of_part(one: _Scores, two: _Scores, pairs: NDArray[np.int64]) -> tuple[list[Region], int]:
    """Return the regions of some pairs of rows, and the number whose sequences differ."""
    of_one, of_two = pairs[:, 0], pairs[:, 1]
    start = np.maximum(one.scored_start[of_one], two.scored_start[of_two])
    end = np.maximum(start, np.minimum(one.scored_end[of_one], two.scored_end[of_two]))
    # windows of a file have one length and a common centre, so all overlap by as many bases
    cuts = [
        slice(int((start - of_file)[0]), int((end - of_file)[0]))
        for of_file in (one.start[of_one], two.start[of_two])
    ]
    (a, bases_a), (b, bases_b) = one.read(of_one), two.read(of_two)
    a, b = a[:, cuts[0]], b[:, cuts[1]]
    differing = (bases_a[:, cuts[0]] != bases_b[:, cuts[1]]).any(axis=(1, 2))
    regions = [
        Region(
            str(one.chrom[row]),
            int(start[i]),
            int(end[i]),
            str(one.name[row]),
            value,
            float(one.target[row]),
            float(two.target[two_row]),
        )
        for i, (row, two_row, value) in enumerate(
            zip(of_one.tolist(), of_two.tolist(), _pearson(a, b), strict=True)
        )
    ]
    return regions, int(differing.sum())


def _pearson(a: NDArray[np.float64], b: NDArray[np.float64]) -> Iterator[float | None]:
    """Yield the correlation of each row of two arrays (n, L), None where one does not vary."""
    if not a.shape[1]:
        yield from [None] * len(a)
        return
    a = a - a.mean(axis=1, keepdims=True)
    b = b - b.mean(axis=1, keepdims=True)
    size = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    for product, norm in zip((a * b).sum(axis=1), size, strict=True):
        yield float(np.clip(product / norm, -1, 1)) if norm > 0 else None
