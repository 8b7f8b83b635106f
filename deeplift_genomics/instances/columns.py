"""The instances of a target as arrays, about 40 bytes for each, for statistics over millions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import iterate_blocks
from deeplift_genomics.instances.table import INSTANCES

if TYPE_CHECKING:
    import pandas


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
    blocks = []
    for block in iterate_blocks(path, INSTANCES, _READ):
        if unknown := sorted(set(block["motif"].cat.categories) - number.keys()):
            raise InputError(
                f"{path} is damaged or of another run: the sample has no motif {unknown[0]}. Make "
                "the instances again."
            )
        found = {name: block[name].to_numpy() for name in _NUMBERS}
        found["width"] = found.pop("end") - found["start"]
        found["motif"] = _numbers_of(block["motif"], number)
        names = block["chrom"].cat.categories
        found["contig"] = _numbers_of(
            block["chrom"], {name: contigs.setdefault(name, len(contigs)) for name in names}
        )
        found["minus"] = _numbers_of(block["strand"], {"-": 1})
        found["distance"] = found.pop("summit_distance")
        blocks.append({name: found[name].astype(kind) for name, kind in _KINDS.items()})
    arrays = {
        name: np.concatenate([block[name] for block in blocks] or [np.empty(0, kind)])
        for name, kind in _KINDS.items()
    }
    summit = (2 * arrays["start"] + arrays["width"]) // 2 - arrays["distance"]
    # no two windows have the same centre
    centre = (arrays["contig"].astype(np.int64) << _BITS) + summit
    windows = np.unique(centre, return_inverse=True)[1].astype(np.int32).reshape(-1)
    return Columns(list(motifs), list(contigs), **arrays, summit=summit, window=windows)


def _numbers_of(texts: pandas.Series, number: Mapping[str, int]) -> NDArray[np.int32]:
    """Return the number of each of some texts, 0 for one that has none."""
    of_category = np.array([number.get(name, 0) for name in texts.cat.categories], dtype=np.int32)
    codes = texts.cat.codes.to_numpy()
    return of_category[codes] if len(codes) else np.empty(0, dtype=np.int32)


_BITS = 40  # of a place on a contig
_NUMBERS = ("start", "end", "summit_distance", "similarity", "contribution")
_READ = ("chrom", "motif", "strand", *_NUMBERS)
_KINDS: dict[str, Any] = {
    "motif": np.int32,
    "contig": np.int32,
    "start": np.int64,
    "width": np.int32,
    "minus": np.bool_,
    "distance": np.int32,
    "similarity": np.float32,
    "contribution": np.float32,
}
