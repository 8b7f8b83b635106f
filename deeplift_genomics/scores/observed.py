"""Observed beside predicted: the measured signal is read at the windows, stored and compared."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import whole_number
from deeplift_genomics.scores.file import ROWS_PER_CHUNK
from deeplift_genomics.scores.fit import DISTANCES, correlations, distances, shapes, total
from deeplift_genomics.scores.prediction_writer import (
    number_dataset,
    rounded,
    track_dataset,
)
from deeplift_genomics.scores.predictions import (
    LOG_READS,
    LOGIT,
    READS,
    SHARE,
    TOTAL,
    TRACKS,
    VALUES,
    text,
    tracks_of,
    values_of,
)
from deeplift_genomics.windows.signal import Signal, files_of_tasks

log = logging.getLogger(__name__)

_TOGETHER = 500_000  # positions that are compared at a time
SIGNAL = "signal"  # label of a measured signal that no head predicts along the window


@dataclass
class _Task:
    """A task that is compared: its groups, its bases, its files and what is summed over windows.

    `n_positions` are those of the track, of `bin_width` bases each, from base `offset` on.
    """

    track: h5py.Group | None
    value: h5py.Group | None
    files: tuple[int, ...]
    offset: int
    bin_width: int
    n_positions: int
    reads: list[NDArray[np.float64]] = field(default_factory=list)
    predicted: list[NDArray[np.float64]] = field(default_factory=list)
    sums: NDArray[np.float64] | float = 0.0
    numbers: NDArray[np.int64] | int = 0


class Observer:
    """The measured signal beside the predictions of a file that is being written.

    Parameters
    ----------
    file
        The predictions file; its predicted tracks are written before `add` is called for them.
    signal
        The bigWig files.

    Raises
    ------
    InputError
        If the number of files does not fit the tasks.
    """

    def __init__(self, file: h5py.File, signal: Signal) -> None:
        self.file, self.signal = file, signal
        self._n = whole_number(file, "n_windows")
        tracks, values = list(tracks_of(file)), list(values_of(file))
        of_track = {int(group.attrs["track"]): group for group in values if "track" in group.attrs}
        pairs: list[tuple[h5py.Group | None, h5py.Group | None]] = [
            (track, of_track.get(number)) for number, track in enumerate(tracks)
        ]
        pairs += [(None, group) for group in values if "track" not in group.attrs]
        files = files_of_tasks([_named(*pair) for pair in pairs], len(signal))
        self._tasks = [_task(*pair, own) for pair, own in zip(pairs, files, strict=True)]
        if not tracks and self._tasks:
            self._tasks.append(self._alone(self._tasks[0]))
        for task in self._tasks:
            if task.track is not None:
                shape = (len(task.files), task.n_positions)
                track_dataset(task.track, "observed", self._n, shape)

    def _alone(self, beside: _Task) -> _Task:
        """Make a track of the signal alone, for a model that predicts nothing along the window."""
        group = self.file[TRACKS].create_group("0")
        attributes = {"head": "", "label": SIGNAL, "offset": beside.offset, "bin_width": 1}
        for key, value in sorted({**attributes, "unit": READS}.items()):
            group.attrs[key] = value
        files = tuple(range(len(self.signal)))
        return _Task(group, None, files, beside.offset, 1, beside.n_positions)

    @property
    def rows_together(self) -> int:
        """Windows that are read and compared at a time, in whole chunks."""
        positions = max((task.n_positions * len(task.files) for task in self._tasks), default=1)
        return max(1, min(_TOGETHER // positions, 1024) // ROWS_PER_CHUNK) * ROWS_PER_CHUNK

    def add(self, rows: slice) -> None:
        """Read the signal of the next windows and store it."""
        for task in self._tasks:
            width = task.n_positions * task.bin_width
            reads = self.signal.read(rows, task.offset, width, task.files)
            along = reads.reshape(*reads.shape[:2], task.n_positions, task.bin_width).sum(axis=-1)
            task.reads.append(along.sum(axis=-1, dtype=np.float64))
            if task.track is None:
                continue
            stored = rounded(along)
            task.track["observed"][rows] = stored
            task.sums = task.sums + shapes(stored).sum(axis=0)
            task.numbers = task.numbers + (stored.sum(axis=-1) > 0).sum(axis=0)
            if task.value is None and "predicted" in task.track:
                predicted = task.track["predicted"][rows]
                task.predicted.append(predicted.sum(axis=(1, 2), dtype=np.float64))

    def finish(self) -> None:
        """Write how far observed and predicted agree, when all windows are there.

        Raises
        ------
        InputError
            If a file holds values of both signs.
        """
        self.signal.finish()
        for number, task in enumerate(self._tasks):
            logs = np.log1p(np.concatenate([np.empty((0, len(task.files))), *task.reads]))
            value = self._value_of(number, task)
            if value is not None:
                number_dataset(value, "observed", logs.shape)[:] = logs
                for key, found in correlations(total(value["predicted"][:]), total(logs)).items():
                    value.attrs[key] = found
            if task.track is not None and "predicted" in task.track:
                self._compare(task)

    def _value_of(self, number: int, task: _Task) -> h5py.Group | None:
        """Return the numbers of a task; those of a track without any are its sum."""
        if task.value is not None or task.track is None or not task.predicted:
            return task.value
        unit = text(task.track, "unit")
        if unit == SHARE:
            return None
        group = self.file[VALUES].create_group(str(len(self.file[VALUES])))
        attributes = {key: task.track.attrs[key] for key in ("head", "label", "offset")}
        attributes |= {"width": task.n_positions * task.bin_width, "kind": TOTAL, "track": number}
        attributes["unit"] = LOG_READS if unit == READS else "log(1 + sum of the track)"
        for key, value in sorted(attributes.items()):
            group.attrs[key] = value
        predicted = np.log1p(np.maximum(np.concatenate(task.predicted), 0))
        number_dataset(group, "predicted", (self._n, 1))[:] = predicted[:, None]
        return group

    def _compare(self, task: _Task) -> None:
        """Write the distances between the shapes of a track."""
        assert task.track is not None
        found: dict[str, list[NDArray[np.float32]]] = {name: [] for name in DISTANCES}
        fits = np.zeros((2, 2))  # of each predicted strand to each file
        for first in range(0, self._n, self.rows_together):
            rows = slice(first, first + self.rows_together)
            observed, predicted = (task.track[name][rows] for name in ("observed", "predicted"))
            if observed.shape[1] < predicted.shape[1]:  # one file of both strands
                predicted = predicted.sum(axis=1, keepdims=True)
            of_rows = distances(
                observed,
                predicted,
                first_row=first,
                sums=np.asarray(task.sums),
                numbers=np.asarray(task.numbers),
            )
            for name, values in of_rows.items():
                found[name].append(values)
            if observed.shape[1] == predicted.shape[1] == 2:
                fits += np.einsum("nsp,ntp->st", shapes(predicted), shapes(observed))
        for name, parts in found.items():
            number_dataset(task.track, name, (self._n,))[:] = np.concatenate([np.empty(0), *parts])
        exchanged = bool(np.trace(fits[:, ::-1]) > np.trace(fits))
        task.track.attrs["exchanged"] = int(exchanged)
        if exchanged:
            log.warning(
                "The files of the measured signal fit the predicted strands of %s better the other "
                "way round. Were they named in the wrong order (column 'signal')?",
                text(task.track, "label"),
            )


def _named(track: h5py.Group | None, value: h5py.Group | None) -> tuple[str, int]:
    """Return the label and the number of strands of a task, for `files_of_tasks`."""
    if track is not None:
        return text(track, "label"), int(track["predicted"].shape[1])
    assert value is not None
    strands = 0 if text(value, "kind") == LOGIT else int(value["predicted"].shape[1])
    return text(value, "label"), strands


def _task(track: h5py.Group | None, value: h5py.Group | None, files: tuple[int, ...]) -> _Task:
    """Return the task of its groups."""
    if track is not None:
        offset, width = (whole_number(track, key) for key in ("offset", "bin_width"))
        return _Task(track, value, files, offset, width, int(track["predicted"].shape[2]))
    assert value is not None
    offset, width = (whole_number(value, key) for key in ("offset", "width"))
    return _Task(None, value, files, offset, 1, width)
