"""The instances of a target as arrays, about 40 bytes for each, for statistics over millions."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.table import INSTANCES


@dataclass(frozen=True)
class Columns:
    """The n instances of a target, in the order of its table.

    Attributes
    ----------
    motifs
        Labels of the motifs.
    contigs
        Names of the contigs.
    motif, contig : (n,) int32
        Numbers in `motifs` and `contigs`.
    start : (n,) int64
        First base.
    width : (n,) int32
        Number of bases.
    minus : (n,) bool
        Whether the motif reads on the minus strand.
    distance : (n,) int32
        From the centre of its region to the middle of the instance (bp).
    similarity, contribution : (n,) float32
        As in the table.
    summit : (n,) int64
        Centre of its region.
    window : (n,) int32
        Number of its window: instances have the same number if they are in the same window. A place
        in several windows is in the one whose centre is nearest.
    """

    motifs: Sequence[str]
    contigs: Sequence[str]
    motif: NDArray[np.int32]
    contig: NDArray[np.int32]
    start: NDArray[np.int64]
    width: NDArray[np.int32]
    minus: NDArray[np.bool_]
    distance: NDArray[np.int32]
    similarity: NDArray[np.float32]
    contribution: NDArray[np.float32]
    summit: NDArray[np.int64]
    window: NDArray[np.int32]

    def __len__(self) -> int:
        """Return the number of instances."""
        return len(self.motif)

    def of_motif(self, motif: int) -> NDArray[np.int64]:
        """Return the rows of a motif, in the order of the table."""
        return np.flatnonzero(self.motif == motif)


def read_columns(path: str | Path, motifs: Sequence[str]) -> Columns:
    """Read the instances of a target, TARGET.instances.tsv, as arrays.

    Parameters
    ----------
    path
        The table.
    motifs
        Labels of the sample's motifs.

    Raises
    ------
    InputError
        If the table is missing or damaged, or has a motif that the sample has not.
    """
    number = {label: index for index, label in enumerate(motifs)}
    contigs: dict[str, int] = {}
    numbers = {name: array(kind) for name, kind in _KINDS.items()}
    motif, contig, start, width, minus, distance, similarity, contribution = (
        numbers[name].append for name in _KINDS
    )
    for row in iterate_table(path, INSTANCES):
        chrom, first, end, label, _, strand, _, alike, sum_, _, _, from_centre, *_ = row
        if label not in number or None in (first, end, alike, sum_, from_centre):
            raise InputError(
                f"{path} is damaged or of another run: an instance of {label} at {chrom}:{first} "
                "lacks a value, or the sample has no such motif. Make the instances again."
            )
        motif(number[label])
        contig(contigs.setdefault(chrom, len(contigs)))
        start(first)
        width(end - first)
        minus(strand == "-")
        distance(from_centre)
        similarity(alike)
        contribution(sum_)
    arrays = {name: np.array(values, dtype=values.typecode) for name, values in numbers.items()}
    arrays["minus"] = arrays["minus"].astype(np.bool_)
    summit = (2 * arrays["start"] + arrays["width"]) // 2 - arrays["distance"]
    # no two windows have the same centre
    centre = np.stack([arrays["contig"].astype(np.int64), summit], axis=1)
    _, window = np.unique(centre, axis=0, return_inverse=True)
    windows = np.asarray(window, dtype=np.int32).reshape(-1)
    return Columns(list(motifs), list(contigs), **arrays, summit=summit, window=windows)


_KINDS = {
    "motif": "i",
    "contig": "i",
    "start": "q",
    "width": "i",
    "minus": "b",
    "distance": "i",
    "similarity": "f",
    "contribution": "f",
}
