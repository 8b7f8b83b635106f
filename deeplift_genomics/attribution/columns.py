"""The columns of a head that a target reads: units, strands, tasks or tracks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from deeplift_genomics.attribution.scalars import Columns
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.model import Head
from deeplift_genomics.settings.choices import MOST_STRANDS
from deeplift_genomics.settings.target_names import TargetName


@dataclass(frozen=True)
class Reading:
    """The way in which a kind of target reads a head.

    Attributes
    ----------
    head
        The kind of head that it explains; None for any.
    together
        Whether its scalar takes all columns as one.
    unit
        Whether each unit of the head is a column; otherwise each strand, task or track is one.
    """

    head: str | None
    together: bool
    unit: bool


def columns_of(name: TargetName, head: Head, kind: Reading) -> Columns:
    """Return the columns of a head that a target reads.

    A profile head is (positions, strands) or (strands, positions), where the shorter axis is that
    of the strands, or (positions,); axes of length 1 do not count. A head of tracks is
    (bins, tracks), whichever is longer.

    Raises
    ------
    ModelError
        If there is no such unit or column, or if several tasks would be summed.
    """
    where = f"Target {name.text!r}: head {head.name} {head.shape}"
    axes = [size for size in head.shape if size != 1]
    if None in head.shape:
        raise ModelError(f"{where} is of open size. Save the model with fixed sizes.")
    if kind.head == "tracks":
        columns, word = _track(name, head, where), "track"
    elif kind.unit:
        if kind.head is None and len(axes) == 2:
            raise ModelError(
                f"{where} has two axes, and one number does not name a unit of it. Name the "
                f"column, counted from 0: {tracks_of(head)}."
            )
        columns, word = Columns(math.prod(axes), index=name.index, together=True), "unit"
    elif len(axes) > 2:
        raise ModelError(
            f"{where}: its axis of positions cannot be told from the others; expected "
            "(positions, strands) or (positions)."
        )
    else:
        count, first = (1, True) if len(axes) < 2 else (min(axes), axes[0] < axes[1])
        columns, word = Columns(count, first, name.index, kind.together), "column"
    counted = f"{columns.count} {word}" + ("s" if columns.count > 1 else "")
    if name.index is not None and name.index >= columns.count:
        raise ModelError(f"{where} has {counted}, numbered from 0.")
    if name.index is None and columns.count > MOST_STRANDS:
        options = (repr(replace(name, index=i).text) for i in (0, columns.count - 1))
        raise ModelError(
            f"{where} has {counted}, more than the two strands of one task, and tasks are not "
            f"summed. Name one of them: {' to '.join(options)}."
        )
    return columns


def _track(name: TargetName, head: Head, where: str) -> Columns:
    """Return the track of a head that a target reads, or some bins of it."""
    axes = track_axes(head)
    if axes is None:
        raise ModelError(
            f"{where} has no axes (bins, tracks). Name one of its "
            f"{math.prod(head.shape)} units: output:{head.name}[{name.index}]."
        )
    bins, number = axes
    if name.bins is not None and name.bins[1] > bins:
        raise ModelError(f"{where} has {bins} bins, numbered from 0.")
    taken = name.bins and (name.bins[0], name.bins[1] - name.bins[0])
    return Columns(number, first=False, index=name.index, together=True, bins=taken)


def track_axes(head: Head) -> tuple[int, int] | None:
    """Return the number of bins and of tracks, if a head has these axes."""
    axes = head.shape if len(head.shape) == 2 else [size for size in head.shape if size != 1]
    return (axes[0], axes[1]) if len(axes) == 2 and None not in axes else None


def tracks_of(head: Head) -> str:
    """Return the targets that explain the tracks of a head with two axes, in words."""
    bins, number = track_axes(head) or (0, 0)
    first, last = (f"track:{head.name}[{i}]" for i in (0, number - 1))
    names = first if number == 1 else f"{first} to {last}"
    middle = bins // 2
    return f"{names}, or over some bins, track:{head.name}[0,{middle}:{middle + 1}]"
