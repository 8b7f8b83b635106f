"""The regions of a BED or narrowPeak file as arrays."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.region_lines import read_lines


@dataclass(frozen=True)
class Regions:
    """The regions of one file, in its order; all arrays have the shape (N,).

    Attributes
    ----------
    chrom : array of str
        As written in the file.
    start, end : int64
        0-based, half-open.
    centre : int64
        Position that a window is centred on: start + summit for a narrowPeak line that has a
        summit, (start + end) // 2 otherwise.
    name : array of str
        Column 4; `chrom:start-end` where that is missing, empty or a dot.
    strand : array of str
        `+` or `-`; a dot where column 6 holds neither.
    line : int64
        Line in the file, counted from 1.
    """

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    centre: NDArray[np.int64]
    name: NDArray[np.object_]
    strand: NDArray[np.object_]
    line: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start)


def read_regions(path: str | Path) -> Regions:
    """Read a BED or narrowPeak file into arrays; see `region_lines.read_lines`.

    Raises
    ------
    InputError
        As `read_lines` does.
    """
    chrom, start, end, centre, name, strand, line = zip(*read_lines(path), strict=True)
    return Regions(
        chrom=np.array(chrom, dtype=object),
        start=np.array(start, dtype=np.int64),
        end=np.array(end, dtype=np.int64),
        centre=np.array(centre, dtype=np.int64),
        name=np.array(name, dtype=object),
        strand=np.array(strand, dtype=object),
        line=np.array(line, dtype=np.int64),
    )
