"""The strongest stretches of a target's windows: what there is to see without a motif."""

from __future__ import annotations

import heapq
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.report.agreement import contributions
from deeplift_genomics.scores.file import SCORE_LAYOUT, read_dataset
from deeplift_genomics.scores.span import filled

SHOWN = 60  # bases
_TOGETHER = 256  # windows read at a time


class Stretch(NamedTuple):
    """The strongest bases of a window.

    Attributes
    ----------
    chrom, start, end
        The place, 0-based and half-open.
    region
        Name of the region.
    total
        Sum of \\|contribution\\| over the part of the window in which motifs were searched for.
    letters
        Contributions of the bases (n, 4), 0 for all but the observed ones.
    """

    chrom: str
    start: int
    end: int
    region: str
    total: float
    letters: NDArray[np.float64]


def strongest(path: str | Path, window: int, number: int = 10) -> list[Stretch]:
    """Return the windows with the largest summed \\|contribution\\| in their centre.

    Parameters
    ----------
    path
        Score file, which is read in parts.
    window
        Number of central bases.
    number
        Number of windows.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    best: list[tuple[float, int]] = []
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        n, length, _ = file["hyp_scores"].shape
        first, last = centre(length, window)
        for begin in range(0, n, _TOGETHER):
            part = contributions(file, slice(begin, begin + _TOGETHER))[:, first:last]
            totals = np.abs(part).sum(axis=1)
            found = [(float(total), -begin - i) for i, total in enumerate(totals) if total > 0]
            best = heapq.nlargest(number, best + found)
        return [_stretch(file, -row, total, window) for total, row in best]


def centre(length: int, window: int) -> tuple[int, int]:
    """Return the first and the last base, exclusive, of the centre of a window.

    >>> centre(500, 400)
    (50, 450)
    """
    half = min(window, length) // 2
    return length // 2 - half, length // 2 + half


def _stretch(file: h5py.File, row: int, total: float, window: int) -> Stretch:
    """Return the strongest bases in the centre of a window."""
    rows = slice(row, row + 1)
    scores = filled(file, read_dataset(file["hyp_scores"], rows))[0].astype(np.float64)
    letters = scores * file["input_seqs"][rows][0]
    first, last = centre(len(letters), window)
    size = np.abs(letters[first:last]).sum(axis=1)
    width = min(SHOWN, len(size))
    start = first + int(np.argmax(np.convolve(size, np.ones(width), "valid")))
    begin = int(file["coords_start"][row])
    return Stretch(
        file["coords_chrom"].asstr()[row],
        begin + start,
        begin + start + width,
        file["name"].asstr()[row],
        total,
        letters[start : start + width],
    )
