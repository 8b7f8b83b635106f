"""What of a model's predictions is kept at the windows: profiles, log-counts, tracks and logits.

A counts head is taken to give the natural log(1 + reads), of each strand or of both together, as
BPNet and ChromBPNet do. With it, a profile is the shares of the reads, times their number. Profiles
have one position per base and are of the central bases of a window. Of several folds, shares,
log-counts, logits and tracks are averaged, each before it is used.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.bins import bin_width
from deeplift_genomics.attribution.predict import FoldValues, HeadValues
from deeplift_genomics.attribution.profiles import (
    ProfileAxes,
    gives_logits,
    profile_axes,
    shares,
    softmax,
    strand_by_strand,
)
from deeplift_genomics.attribution.tasks import Task, columns_in, find_tasks
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.model import Head, Model

log = logging.getLogger(__name__)

READS, SHARE, TRACK = "reads", "share of the strand's reads", "value of the track"
LOG_READS = "log(1 + reads)"
_MOST_LOG = 50.0  # of log-counts, so that their exponential stays a number

# values of all folds for n windows -> (n, *shape)
Read = Callable[[FoldValues], NDArray[np.float32]]


@dataclass(frozen=True)
class Predicted:
    """A track along the windows, or a number of each window.

    Attributes
    ----------
    attributes
        Those of its group in the predictions file.
    shape
        Of one window: (S, P) of a track, (U,) of numbers.
    read
        The function that gives it.
    """

    attributes: dict[str, str | int]
    shape: tuple[int, ...]
    read: Read


def find_predicted(
    model: Model, targets: Sequence[str], heads: Sequence[Head]
) -> tuple[list[Predicted], list[Predicted]]:
    """Return the tracks and the numbers that are kept, in the order of the targets.

    Parameters
    ----------
    model
        The model, or the first of its folds.
    targets
        Names of targets.
    heads
        The heads whose values are known, from a `Predictor`; the others are left out.

    Raises
    ------
    ModelError
        If the model has no such target.
    """
    tracks: list[Predicted] = []
    values: list[Predicted] = []
    for task in find_tasks(model, targets, {head.name for head in heads}):
        track = None if task.track is None else _track(model, task)
        if task.value is not None:
            place = _bases(track) if track is not None else (0, model.window_length)
            belongs = {} if track is None else {"track": len(tracks)}
            values.append(_value(task, place, belongs))
        tracks += [] if track is None else [track]
    return tracks, values


def signal_tasks(model: Model, targets: Sequence[str]) -> list[tuple[str, int]]:
    """Return the label and the number of strands of what a measured signal is compared with.

    `deeplift_genomics.windows.signal.files_of_tasks` takes them.

    Raises
    ------
    ModelError
        If the model has no such target.
    """
    heads = [head for head in model.heads if None not in head.shape]
    tracks, values = find_predicted(model, targets, heads)
    alone = [item for item in values if "track" not in item.attributes]
    found = [(str(item.attributes["label"]), item.shape[0]) for item in tracks]
    return found + [
        (str(item.attributes["label"]), item.shape[0] * (item.attributes["kind"] == "counts"))
        for item in alone
    ]


def _label(head: Head, taken: tuple[int, ...]) -> str:
    """Return the name of a head, with the column if others are left out."""
    number = (profile_axes(head) or (0,))[0] if head.kind == "tracks" else columns_in(head)
    return head.name if len(taken) == number else f"{head.name}[{taken[0]}]"


def _bases(track: Predicted) -> tuple[int, int]:
    """Return the first base of a track, from that of the window, and the number of its bases."""
    return int(track.attributes["offset"]), int(track.attributes["bin_width"]) * track.shape[1]


def _value(task: Task, place: tuple[int, int], belongs: dict[str, int]) -> Predicted:
    """Return the numbers of a counts head or a classifier."""
    head, units = task.value, task.units
    assert head is not None
    counts = head.kind == "counts"
    unit = LOG_READS if counts else "logit" if head.activation else "value of the head"
    offset, width = place
    attributes: dict[str, str | int] = {
        "head": head.name,
        "label": _label(head, units),
        "kind": "counts" if counts else "logit",
        "offset": offset,
        "width": width,
        "unit": unit,
        **belongs,
    }
    return Predicted(attributes, (len(units),), lambda folds: _numbers(head, units, folds))


def _numbers(head: Head, units: tuple[int, ...], folds: FoldValues) -> NDArray[np.float32]:
    """Return the units of a head (n, U), averaged over the folds."""
    explained = [values[head.name].explained for values in folds]
    each = [x.reshape(len(x), -1)[:, list(units)].astype(np.float64) for x in explained]
    return np.mean(each, axis=0).astype(np.float32)


def _track(model: Model, task: Task) -> Predicted | None:
    """Return a profile or a track; None, which is logged, if its bases are not known."""
    head = task.track
    assert head is not None
    axes = profile_axes(head)
    unknown = "its axis of positions cannot be told from the others"
    place = unknown if axes is None else _where(model, head, axes)
    if axes is None or isinstance(place, str):
        log.warning("head %s is not kept along the window: %s", head.name, place)
        return None
    positions, width, offset = place
    unit, read = _reading(head, axes, task)
    attributes: dict[str, str | int] = {
        "head": head.name,
        "label": _label(head, task.columns),
        "offset": offset,
        "bin_width": width,
        "unit": unit,
    }
    return Predicted(attributes, (len(task.columns), positions), read)


def _where(model: Model, head: Head, axes: ProfileAxes) -> tuple[int, int, int] | str:
    """Return positions, bases of a position and first base; or, in words, why they are unknown."""
    positions = math.prod(head.shape) // axes.number
    width = 1 if head.kind == "profile" else bin_width(model, head)
    if width is None:
        return "the model does not tell which bases its bins are of"
    bases = positions * width
    if bases > model.window_length:
        return f"it has {bases} bases, and the window {model.window_length}"
    return positions, width, model.window_length // 2 - bases // 2


def _reading(head: Head, axes: ProfileAxes, task: Task) -> tuple[str, Read]:
    """Return the unit of a track, and the function that gives it."""
    columns, counts, units = list(task.columns), task.value, task.units
    together = counts is not None and len(units) == 1 and len(columns) > 1
    over: int | tuple[int, int] = (-2, -1) if together else -1

    def outputs(values: HeadValues) -> NDArray[np.float64]:
        return strand_by_strand(axes, values.output)[:, columns]

    def profile(values: HeadValues) -> NDArray[np.float64]:
        # a softmax of each strand on its own says nothing of the other: each has half the reads
        if not gives_logits(head) or (together and head.activation):
            return shares(outputs(values), over)
        return shares(softmax(strand_by_strand(axes, values.explained)[:, columns], over), over)

    def mean(of: Callable[[HeadValues], NDArray], folds: FoldValues) -> NDArray[np.float64]:
        return np.mean([of(values[head.name]) for values in folds], axis=0)

    def scaled(folds: FoldValues) -> NDArray[np.float32]:
        assert counts is not None
        logs = np.minimum(_numbers(counts, units, folds).astype(np.float64), _MOST_LOG)
        reads = np.maximum(np.expm1(logs), 0)
        number = reads if len(units) == len(columns) else reads.sum(axis=1, keepdims=True)
        return (mean(profile, folds) * number[:, :, None]).astype(np.float32)

    if counts is not None:
        return READS, scaled
    if not gives_logits(head) and not having("probability") & set(head.ends_in):
        return TRACK, lambda folds: mean(outputs, folds).astype(np.float32)
    return SHARE, lambda folds: mean(profile, folds).astype(np.float32)
