"""How far a model agrees with the experiment, read from a predictions file.

`deeplift_genomics.scores.fit` says what the numbers are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed, whole_number
from deeplift_genomics.scores.fit import CORRELATIONS, DISTANCES, total
from deeplift_genomics.scores.predictions import KIND, text, tracks_of, values_of

MOST_POINTS = 2000  # of a plot


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
    exchanged
        Whether the two files fit the predicted strands better the other way round.
    """

    n: int
    n_without_reads: int
    distance: NDArray[np.float32]
    shuffled: NDArray[np.float32]
    average: NDArray[np.float32]
    exchanged: bool = False

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
        tracks, values = list(tracks_of(file)), list(values_of(file))
        observed = [group for group in values if "observed" in group]
        with_track = {
            whole_number(group, "track"): group for group in observed if "track" in group.attrs
        }
        found = [
            _head_fit(n, track, with_track.get(number))
            for number, track in enumerate(tracks)
            if "predicted" in track and "observed" in track
        ]
        alone = [group for group in observed if "track" not in group.attrs]
        return found + [_head_fit(n, None, group) for group in alone]


def _head_fit(n: int, track: h5py.Group | None, value: h5py.Group | None) -> HeadFit:
    """Read the agreement of a head from its groups."""
    named = track if track is not None else value
    assert named is not None
    return HeadFit(
        label=text(named, "label"),
        n_windows=n,
        counts=None if value is None else _read_counts(value),
        shape=None if track is None else _read_shape(track),
    )


def _read_counts(group: h5py.Group) -> CountsFit:
    """Read the agreement of numbers, and some points of a plot."""
    predicted, observed = total(group["predicted"][:]), total(group["observed"][:])
    n = len(predicted)
    if not (np.isfinite(predicted).all() and np.isfinite(observed).all()):
        raise InputError(
            f"{group.file.filename} is damaged: {group.name} holds numbers that are not finite. "
            "Delete it and run again."
        )
    some = np.unique(np.linspace(0, n - 1, min(n, MOST_POINTS)).astype(int))
    pearson, spearman = (_real(group, name) for name in CORRELATIONS)
    return CountsFit(n, pearson, spearman, predicted[some], observed[some], text(group, "unit"))


def _real(group: h5py.Group, key: str) -> float:
    value = group.attrs.get(key)
    if not isinstance(value, float | np.floating):
        raise InputError(
            f"{group.file.filename} is damaged: {group.name} has no number {key!r}. Delete it and "
            "run again."
        )
    return float(value)


def _read_shape(group: h5py.Group) -> ShapeFit | None:
    """Read the distances of the windows that have reads."""
    if not set(DISTANCES) <= set(group):
        return None
    distances = {name: group[name][:].astype(np.float32) for name in DISTANCES}
    known = ~np.isnan(distances["distance"])
    kept = {name: values[known] for name, values in distances.items()}
    kept["average"] = kept["average"][~np.isnan(kept["average"])]
    n = int(known.sum())
    exchanged = bool(whole_number(group, "exchanged", 0))
    return ShapeFit(n, len(known) - n, **kept, exchanged=exchanged)
