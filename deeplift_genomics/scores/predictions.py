"""The predictions file: what the model predicts at the windows, and what was measured there.

A file (``deeplift_genomics_type = "predictions"``) has a group ``tracks/0``, ``tracks/1``, ... for
each row of values along the windows, such as a profile head, and a group ``values/0``, ... for each
number per window, such as the log-counts. Row i is window i of ``windows.h5``. With a measured
signal, the groups have the observed values beside the predicted ones, and how far they agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Layout,
    check_layout,
    open_typed,
    read_attributes,
    subgroup,
    whole_number,
)
from deeplift_genomics.views.arrays import Arrays

Rows = slice | Sequence[int]

KIND, SHARD = "predictions", "predicted"  # types of the file and of its shards
TRACKS, VALUES = "tracks", "values"  # the two groups of groups
COUNTS, LOGIT, TOTAL = "counts", "logit", "total"  # kinds of values

READS, SHARE = "reads", "share of the strand's reads"  # units of tracks, and that of values
LOG_READS = "log(1 + reads)"

# N windows, S strands of P positions, U units; F of the measured signal
TRACK_LAYOUT: Layout = {
    "predicted?": ("number", "NSP"),
    "observed?": ("number", "NFP"),
    "distance?": ("number", "N"),
    "shuffled?": ("number", "N"),
    "average?": ("number", "N"),
}
VALUE_LAYOUT: Layout = {"predicted": ("number", "NU"), "observed?": ("number", "NV")}


@dataclass(frozen=True, repr=False)
class PredictedTrack(Arrays):
    """Predicted and observed values along n windows.

    Attributes
    ----------
    head
        The model's head; ``""`` for a measured signal that no head predicts along the window.
    label
        Its name for readers, such as "profile" or "human, track 5110".
    offset
        First base of the first position, from the first base of the window (bp).
    bin_width
        Bases of a position (bp).
    predicted : (n, S, P) float32 or None
        S strands, plus before minus, or S = 1. None without a head.
    observed : (n, F, P) float32 or None
        Of each bigWig file; F is S, or 1 if one file was given for both strands. None if the sample
        has no measured signal.
    unit
        Of the predicted values, in words: "reads", "share of the strand's reads" (they add up to 1)
        or "value of the track". Observed values are in reads, or in what the bigWig files hold.
    """

    head: str
    label: str
    offset: int
    bin_width: int
    predicted: NDArray[np.float32] | None
    observed: NDArray[np.float32] | None
    unit: str


@dataclass(frozen=True)
class PredictedValue:
    """A predicted number of each of n windows, and what was observed.

    Attributes
    ----------
    head, label
        As in `PredictedTrack`.
    kind
        "counts" of a counts head, "logit" of a classifier, "total" of a track, summed.
    offset, width
        The bases of a window whose reads are counted (bp).
    predicted : (n, U) float32
        Of each strand, or U = 1.
    observed : (n, V) float32 or None
        log(1 + reads) over these bases, of each bigWig file; None without a measured signal.
    unit
        Of the predicted numbers, in words: "log(1 + reads)" or "logit".
    """

    head: str
    label: str
    kind: str
    offset: int
    width: int
    predicted: NDArray[np.float32]
    observed: NDArray[np.float32] | None
    unit: str


def read_predictions(path: str | Path, rows: Rows = slice(None)) -> list[PredictedTrack]:
    """Read the tracks of some windows: a model's profiles, and the measured signal.

    Parameters
    ----------
    path
        SAMPLE/predictions.h5.
    rows
        A slice, or the numbers of windows in any order. Only these are read.

    Returns
    -------
    list of PredictedTrack
        In the order of the sample's targets. Empty for a classifier without a measured signal.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> tracks = dg.read_predictions("results/demo/predictions.h5", slice(0, 4))
    >>> tracks[0].head, tracks[0].predicted.shape[0]
    ('profile', 4)
    """
    with open_typed(path, KIND) as file:
        return [
            PredictedTrack(
                head=text(group, "head"),
                label=text(group, "label"),
                offset=whole_number(group, "offset"),
                bin_width=whole_number(group, "bin_width"),
                predicted=_rows(group, "predicted", rows),
                observed=_rows(group, "observed", rows),
                unit=text(group, "unit"),
            )
            for group in tracks_of(file)
        ]


def read_values(path: str | Path, rows: Rows = slice(None)) -> list[PredictedValue]:
    """Read the numbers of some windows, log-counts or logits.

    Parameters and errors are those of `read_predictions`.
    """
    with open_typed(path, KIND) as file:
        found = []
        for group in values_of(file):
            predicted = _rows(group, "predicted", rows)
            assert predicted is not None
            found.append(
                PredictedValue(
                    head=text(group, "head"),
                    label=text(group, "label"),
                    kind=text(group, "kind"),
                    offset=whole_number(group, "offset"),
                    width=whole_number(group, "width"),
                    predicted=predicted,
                    observed=_rows(group, "observed", rows),
                    unit=text(group, "unit"),
                )
            )
        return found


def tracks_of(file: h5py.File) -> Iterator[h5py.Group]:
    """Yield the groups of tracks, in their order; raise InputError if one is damaged."""
    yield from _groups(file, TRACKS, TRACK_LAYOUT)


def values_of(file: h5py.File) -> Iterator[h5py.Group]:
    """Yield the groups of values, in their order; raise InputError if one is damaged."""
    yield from _groups(file, VALUES, VALUE_LAYOUT)


def _groups(file: h5py.File, name: str, layout: Layout) -> Iterator[h5py.Group]:
    parent = subgroup(file, name)
    n = whole_number(file, "n_rows" if "n_rows" in file.attrs else "n_windows")  # of a shard
    for index in range(len(parent)):
        group = subgroup(parent, str(index))
        if check_layout(group, layout).get("N", n) != n:
            raise InputError(
                f"{file.filename} is damaged: {group.name} is not of the file's {n} windows. "
                "Delete it and run again."
            )
        yield group


def text(group: h5py.Group, key: str) -> str:
    """Return an attribute that is a text; raise InputError if it is none."""
    value: Any = read_attributes(group).get(key)
    if not isinstance(value, str):
        raise InputError(
            f"{group.file.filename} is damaged: {group.name} has no text {key!r}. Delete it and "
            "run again."
        )
    return value


def _rows(group: h5py.Group, name: str, rows: Rows) -> NDArray[np.float32] | None:
    """Return rows of a dataset, or None if the group has none."""
    if name not in group:
        return None
    dataset = group[name]
    if isinstance(rows, slice):
        return dataset[rows].astype(np.float32)
    found = [dataset[int(row)] for row in rows]
    return np.asarray(found, np.float32).reshape(-1, *dataset.shape[1:])
