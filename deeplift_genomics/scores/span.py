"""The bases of each window that have scores, where a method was asked for some bases only.

A file of scores of the bases a to b of each window has the attributes `scored_start` a and
`scored_end` b, and NaN, "not computed", at the others. NaN elsewhere is damage.
"""

from __future__ import annotations

from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import whole_number

START, END = "scored_start", "scored_end"


def as_attributes(span: tuple[int, int], length: int) -> dict[str, int]:
    """Return the attributes for scores of some bases of windows of that length; none for all."""
    return {} if span == (0, length) else {START: span[0], END: span[1]}


def scored(file: h5py.File) -> slice:
    """Return the bases of each window that have scores."""
    length = file["input_seqs"].shape[1]
    return slice(whole_number(file, START, 0), whole_number(file, END, length))


def filled(file: h5py.File, scores: NDArray[Any], *, axis: int = 1, first: int = 0) -> NDArray[Any]:
    """Return scores with 0 at bases that were not computed, which so add nothing to any sum.

    Parameters
    ----------
    scores
        Scores of a file, with the bases of a window from `first` on along `axis`.
    """
    span, bases = scored(file), first + np.arange(scores.shape[axis])
    unknown = (bases < span.start) | (bases >= span.stop)
    if not unknown.any():
        return scores
    shape = [-1 if i == axis else 1 for i in range(scores.ndim)]
    return np.where(unknown.reshape(shape), scores.dtype.type(0), scores)
