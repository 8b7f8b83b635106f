"""Profiles as numbers: the values of a head along the window, strand by strand; their shares."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.columns import track_axes
from deeplift_genomics.attribution.predict import HeadValues
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.model import Head


class ProfileAxes(NamedTuple):
    """The number of strands, tasks or tracks of a head, and whether they come before positions."""

    number: int
    first: bool


def profile_axes(head: Head) -> ProfileAxes | None:
    """Return how a head is laid out along the window; None if that cannot be told.

    A profile is (positions, strands), (strands, positions) or (positions); tracks are
    (bins, tracks).
    """
    if head.kind == "tracks":
        axes = track_axes(head)
        return None if axes is None else ProfileAxes(axes[1], first=False)
    sizes = [size for size in head.shape if size != 1]
    if len(sizes) > 2 or None in sizes:
        return None
    if len(sizes) < 2:
        return ProfileAxes(1, first=True)
    return ProfileAxes(min(sizes), sizes[0] < sizes[1])


def strand_by_strand(axes: ProfileAxes, values: NDArray) -> NDArray[np.float64]:
    """Return the values of a head (N, *shape) as (N, columns, positions)."""
    x = values.astype(np.float64)
    if axes.first:
        return x.reshape(len(x), axes.number, -1)
    return x.reshape(len(x), -1, axes.number).transpose(0, 2, 1)


def gives_logits(head: Head) -> bool:
    """Return whether the explained values of a head are logits, and no probabilities or counts."""
    return head.kind != "tracks" and not having("link") & set(head.ends_in)


def profile_of(head: Head, values: HeadValues) -> NDArray[np.float64] | None:
    """Return the profile of a head, (N, strands, positions): shares, which add up to 1 per strand.

    They are the softmax of logits, or the head's own values, divided by their sum, if these are
    probabilities or expected counts. None if the head is no profile, or its axes are not known.
    """
    axes = profile_axes(head)
    if head.kind not in ("profile", "tracks") or axes is None:
        return None
    if gives_logits(head):
        return shares(softmax(strand_by_strand(axes, values.explained)))
    return shares(strand_by_strand(axes, values.output))


def softmax(logits: NDArray[np.float64], axis: int | tuple[int, int] = -1) -> NDArray[np.float64]:
    """Return the softmax over one axis, or two, up to a factor."""
    return np.exp(logits - logits.max(axis=axis, keepdims=True))


def shares(values: NDArray[np.float64], axis: int | tuple[int, int] = -1) -> NDArray[np.float64]:
    """Return values divided by their sum over one axis, or two; equal shares where that is 0.

    Negative values count as 0.
    """
    x = np.maximum(values, 0)
    total = x.sum(axis=axis, keepdims=True)
    number = max(1, x.size // max(total.size, 1))
    return np.divide(x, total, out=np.full_like(x, 1 / number), where=total > 0)
