"""The agreement of a model with the experiment: observed against predicted, over the windows.

Reads: the correlation of log(1 + reads), summed over bases and strands, with the predicted number.
Shape: the Jensen-Shannon distance, base 2, between the observed and the predicted shares of a
strand's reads, 0 for the same shape and 1 for shapes with no position in common; the mean over the
strands that have reads. Two other distances from the observed shape say what to compare it with:
that of the same reads shuffled along the positions, and that of the mean shape of all other windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import open_typed, whole_number
from deeplift_genomics.scores.predictions import KIND, values_of

MOST_POINTS = 2000  # of a plot
DISTANCES = ("distance", "shuffled", "average")
CORRELATIONS = ("pearson", "spearman")


@dataclass(frozen=True)
class CountsFit:
    """The agreement of a number per window.

    Attributes
    ----------
    n
        Windows.
    pearson, spearman
        Correlations; NaN where one of the two numbers is the same for all windows.
    predicted, observed : (n,) or (2000,) float32
        Of all windows, or of so many that are spread evenly over them: the predicted number, and
        log(1 + reads). Strands are summed.
    unit
        Of the predicted number, in words.
    """

    n: int
    pearson: float
    spearman: float
    predicted: NDArray[np.float32]
    observed: NDArray[np.float32]
    unit: str


@dataclass(frozen=True)
class ShapeFit:
    """The agreement of the shape along the windows.

    Attributes
    ----------
    n, n_without_reads
        Windows with reads, and those without, which have no shape and are left out.
    distance, shuffled, average : (n,) float32
        Jensen-Shannon distance of the observed shape from the predicted one, from its own reads
        shuffled, and from the mean shape of the other windows; the last is empty if n is 1.
    """

    n: int
    n_without_reads: int
    distance: NDArray[np.float32]
    shuffled: NDArray[np.float32]
    average: NDArray[np.float32]

    @property
    def medians(self) -> tuple[float, float, float]:
        """The medians of the three distances; NaN of an empty one."""
        distances = (self.distance, self.shuffled, self.average)
        first, second, third = (float(np.median(x)) if len(x) else np.nan for x in distances)
        return first, second, third


@dataclass(frozen=True)
class HeadFit:
    """The agreement of a head, or of a profile head and its counts head.

    Attributes
    ----------
    label
        Name of the head for readers.
    n_windows
        Windows of the sample.
    counts, shape
        None where the model predicts no such thing.
    """

    label: str
    n_windows: int
    counts: CountsFit | None
    shape: ShapeFit | None


def read_fit(path: str | Path) -> list[HeadFit]:
    """Read how far the predictions agree with the measured signal.

    Parameters
    ----------
    path
        SAMPLE/predictions.h5.

    Returns
    -------
    list of HeadFit
        One for each head, in the order of the sample's targets; a counts head that belongs to a
        profile head is with it. Empty if the sample has no measured signal.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type.
    """
    with open_typed(path, KIND) as file:
        n = whole_number(file, "n_windows")
        counts = [_read_counts(group) for group in values_of(file)]
        belonging = [whole_number(group, "track", n_tracks) for group in values_of(file)]
    return []
