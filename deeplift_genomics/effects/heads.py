"""How a change of the prediction is told in numbers, for heads of every kind.

Each number is a `Measure`, and compares a window with the background that it was made from:

======  =========================================================================================
target  the target's scalar at the window less that at the background; that of a profile has the
        mean weights of both, as attribution takes them
output  the output of one unit at the window less that at the background; of a head (bins, tracks),
        the sum of one track over its bins
shape   the total variation distance of two profiles: half the sum of |p - p0|, averaged over the
        strands; 0 if they have the same shape, 1 if they have no position in common
======  =========================================================================================
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.columns import track_axes
from deeplift_genomics.attribution.predict import HeadValues
from deeplift_genomics.attribution.profiles import ProfileAxes, profile_axes, profile_of
from deeplift_genomics.attribution.targets import Target, find_targets
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.model import Head, Model
from deeplift_genomics.settings.choices import MOST_STRANDS

log = logging.getLogger(__name__)

MOST_UNITS = 64  # of a head with more, only what the target explains is measured
TARGET, OUTPUT, SHAPE = "target", "output", "shape"

# name of a head -> its values for N windows
Values = Mapping[str, HeadValues]
# (values at windows, values at their backgrounds) -> (N, number of measures)
Compare = Callable[[Values, Values], NDArray]


class Measure(NamedTuple):
    """One number that is measured.

    Attributes
    ----------
    head
        Name of the head; of a target, its text, such as "counts".
    unit
        The unit, track or task of the head, counted from 0; None for the head as a whole.
    kind
        "target", "output" or "shape".
    """

    head: str
    unit: int | None
    kind: str


class Measured(NamedTuple):
    """The measures of a head or target, and the function that gives them, in their order."""

    measures: tuple[Measure, ...]
    compare: Compare


def measure_target(model: Model, text: str, heads: tuple[Head, ...]) -> Measured:
    """Return the measure of a target; `heads` are those whose values are known.

    Raises
    ------
    ModelError
        If the model has no such target, or the values of its head are not known.
    """
    (target,) = find_targets(model, [text]).values()
    unknown = {head.name for head in target.heads} - {head.name for head in heads}
    if unknown:
        raise ModelError(
            f"Target {text!r} explains the head {', '.join(sorted(unknown))}, which gives a window "
            "no value of its own."
        )
    return Measured((Measure(text, None, TARGET),), _compare_target(model, target))


def _compare_target(model: Model, target: Target) -> Compare:
    """Return the function that gives the change of a target's scalar."""
    outputs = model.frozen.outputs
    seeds = target.seeds
    sources = {
        head.tensor: (head.name, "output" if head.tensor == outputs[head.name] else "explained")
        for head in target.heads
    }

    def compare(values: Values, base: Values) -> NDArray:
        change = 0.0
        for tensor, seed in seeds.items():
            name, which = sources[tensor]
            made = seed(*(_as_tensor(getattr(some[name], which)) for some in (values, base)))
            change = change + np.asarray(made.target) - np.asarray(made.reference_target)
        return np.asarray(change)[:, None]

    return compare


def _as_tensor(values: NDArray) -> object:
    from deeplift_genomics.graph.backend import tf

    return tf.constant(values)


def measure_head(head: Head) -> Measured:
    """Return the measures of a head; none, which is logged, if it has too many units."""
    columns = profile_axes(head)
    if head.kind == "profile" and columns is not None:
        measured = _measure_shape(head, columns)
    else:
        measured = _measure_units(head)
    if len(measured.measures) > MOST_UNITS:
        log.info(
            "head %s has %d units, more than %d: only what the target explains is measured",
            head.name,
            len(measured.measures),
            MOST_UNITS,
        )
        return Measured((), lambda values, base: np.empty((len(values[head.name].output), 0)))
    return measured


# --- heads of units --------------------------------------------------------------------------


def _measure_units(head: Head) -> Measured:
    """Measure each unit of a head, or each track of a head (bins, tracks)."""
    return Measured(
        tuple(Measure(head.name, unit, OUTPUT) for unit in range(_number_of_units(head))),
        lambda values, base: units_of(head, values[head.name]) - units_of(head, base[head.name]),
    )


def _number_of_units(head: Head) -> int:
    axes = track_axes(head) if head.kind == "tracks" else None
    return axes[1] if axes else math.prod(head.shape)


def units_of(head: Head, values: HeadValues) -> NDArray[np.float64]:
    """Return the output of each unit of a head, or the sum of each of its tracks, (N, units)."""
    output = values.output.astype(np.float64)
    return output.reshape(len(output), -1, _number_of_units(head)).sum(axis=1)


# --- profiles --------------------------------------------------------------------------------


def _measure_shape(head: Head, columns: ProfileAxes) -> Measured:
    """Measure the shape of a profile: strands together, but each of more than two tasks alone."""
    apart = columns.number > MOST_STRANDS

    def compare(values: Values, base: Values) -> NDArray:
        p, p0 = (profile_of(head, some[head.name]) for some in (values, base))
        assert p is not None and p0 is not None
        distance = np.abs(p - p0).sum(axis=-1) / 2
        return distance if apart else distance.mean(axis=1, keepdims=True)

    units = range(columns.number) if apart else (None,)
    return Measured(tuple(Measure(head.name, unit, SHAPE) for unit in units), compare)
