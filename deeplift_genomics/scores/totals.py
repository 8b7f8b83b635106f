"""The sum of the contributions of each window, which by completeness need not be added up."""

from __future__ import annotations

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.scores.file import observed

_ROWS = 512  # windows read at a time


def summed_contributions(file: h5py.File) -> NDArray[np.float64]:
    """Return the sum of contributions of each window (N,) of an open score file.

    By completeness it is the target minus its mean over the references; of a method without
    references, the target. Where the target is not known, contributions are added up.
    """
    target = file["target"][:].astype(np.float64)
    if np.isnan(target).any():
        parts = [
            observed(file, slice(first, first + _ROWS)).sum(axis=1, dtype=np.float64)
            for first in range(0, len(target), _ROWS)
        ]
        return np.concatenate(parts)
    if "reference_target" in file:
        target -= file["reference_target"][:].astype(np.float64).mean(axis=1)
    return target
