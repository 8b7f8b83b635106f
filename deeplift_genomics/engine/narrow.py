"""Walks from one position of a head, cropped to the positions that it reaches.

A position of a profile depends on few positions of each layer, and the multipliers of the others
are 0. So a walk keeps a `Part` of each multiplier: the positions that can be other than 0, of which
the number is known when the walk is built, and the first when it runs. Scores are those of the
whole walk but for rounding. Where a rule needs a whole multiplier, as a dense layer does, the part
is filled up with zeros, and the walk goes on as any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeAlias

from deeplift_genomics.engine.evaluated import Evaluated
from deeplift_genomics.engine.path import PathOperation
from deeplift_genomics.engine.rule_sets import Plain
from deeplift_genomics.engine.rules import identity, linear, rescale, slope_of
from deeplift_genomics.engine.transposes import crop_of, reversed_kernel
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.convolutions import several_at_once


class Position(NamedTuple):
    """A position of an explained tensor: its number when the walk runs, and the axis it counts."""

    number: tf.Tensor
    axis: int


@dataclass(frozen=True)
class Part:
    """The positions of a multiplier that may be other than 0.

    Attributes
    ----------
    values
        As the multiplier, but for the number of positions.
    axis, length
        The axis of positions, and how many the multiplier has.
    base, most
        A number from 0 to `most`, which is known when the walk runs.
    shift
        The first position, less the base. A part may reach beyond the ends of the multiplier, where
        its values are 0.
    """

    values: tf.Tensor
    axis: int
    length: int
    base: tf.Tensor
    most: int
    shift: int = 0

    @property
    def width(self) -> int:
        """The number of positions."""
        return int(self.values.shape[self.axis])

    @property
    def beyond(self) -> tuple[int, int]:
        """How far it may reach beyond the first and the last position."""
        last = self.most + self.shift + self.width
        return max(0, -self.shift), max(0, last - self.length)

    def along(self, value: Any, other: Any = (0, 0)) -> list:
        """Return a value for the axis of positions, and another one for all others."""
        return [value if i == self.axis else other for i in range(self.values.shape.rank)]

    def cut(self, padded: tf.Tensor) -> tf.Tensor:
        """Return these positions of a whole tensor, padded by `beyond`."""
        size = padded.shape.as_list()
        size[self.axis] = self.width
        first = self.base + self.shift + self.beyond[0]
        return tf.ensure_shape(tf.slice(padded, self.along(first, 0), size), size)

    def inside(self) -> Part:
        """Return the part with 0 beyond the ends."""
        if not any(self.beyond):
            return self
        places = self.base + self.shift + tf.range(self.width)
        there = tf.cast((places >= 0) & (places < self.length), self.values.dtype)
        return replace(self, values=self.values * tf.reshape(there, self.along(self.width, 1)))

    def whole(self) -> tf.Tensor:
        """Return the multiplier with all positions."""
        before, after = self.beyond
        first = self.base + self.shift + before
        around = (first, before + self.length + after - first - self.width)
        filled = tf.pad(self.values, self.along(around))
        size = self.values.shape.as_list()
        size[self.axis] = self.length
        return tf.ensure_shape(tf.slice(filled, self.along(before, 0), size), size)


Multiplier: TypeAlias = "Part | tf.Tensor"


class Narrow:
    """A set of rules with one multiplier for each number, at work on parts where it can."""

    def __init__(self, plain: Plain, position: Position) -> None:
        self._plain, self._position = plain, position

    def start(self, seed: tf.Tensor) -> Part:
        """Return the one position of the seed."""
        number, axis = self._position
        length = int(seed.shape[axis])
        one = Part(seed[(slice(None),) * axis + (slice(0, 1),)], axis, length, number, length - 1)
        return replace(one, values=one.cut(seed))

    def add(self, multipliers: Sequence[Multiplier]) -> Multiplier:
        """Return the sum: of parts with one base a part, of others the whole."""
        if len(multipliers) == 1:
            return multipliers[0]
        parts = [item for item in multipliers if isinstance(item, Part)]
        alike = len({(id(part.base), part.axis) for part in parts}) == 1
        if not alike or len(parts) < len(multipliers):
            return tf.add_n([_whole(item) for item in multipliers])
        first = min(part.shift for part in parts)
        stop = max(part.shift + part.width for part in parts)
        padded = [
            tf.pad(part.values, part.along((part.shift - first, stop - part.shift - part.width)))
            for part in parts
        ]
        return replace(parts[0], values=tf.add_n(padded), shift=first)

    def back(
        self, item: PathOperation, multipliers: Sequence[Multiplier | None]
    ) -> Sequence[Multiplier | None]:
        """Apply the operation's rule to a part if it can be, and otherwise to the whole."""
        op, rule, (m, *others) = self._plain.operation(item), self._plain.rule(item), multipliers
        if isinstance(m, Part) and not others:
            if rule is identity:
                return [m for _ in item.live]
            found = None
            if rule is rescale:
                found = _rescaled(op, m)
            elif rule is linear:
                found = LINEAR.get(item.type, _none)(op, m)
            if found is not None and found.width < found.length:
                return [found for _ in item.live]
        return self._plain.back(item, [None if x is None else _whole(x) for x in multipliers])

    def finish(self, multiplier: Multiplier) -> tf.Tensor:
        """Return the whole multiplier."""
        return _whole(multiplier)


def _whole(multiplier: Multiplier) -> tf.Tensor:
    """Return a multiplier with all its positions."""
    return multiplier.whole() if isinstance(multiplier, Part) else multiplier


# --- rules; each returns the part on the live inputs, or None if it has none ---------------------


def _none(op: Evaluated, m: Part) -> None:
    """Return None: this operation needs the whole multiplier."""
    return None


def _rescaled(op: Evaluated, m: Part) -> Part | None:
    """Multiply by the slope at the same positions."""
    slope = op.once("slope", lambda: slope_of(op))
    if slope.shape.as_list() != op.at_reference.outputs[0].shape.as_list():
        return None
    if any(m.beyond):
        around = m.beyond
        slope = op.once(f"slope {around}", lambda: tf.pad(slope, m.along(around)))
    return replace(m, values=m.values * m.cut(slope))


def _same(op: Evaluated, m: Part) -> Part | None:
    """Return the part for live inputs that have the shape of the output."""
    shape = op.at_reference.outputs[0].shape.as_list()
    same = all(op.at_reference.inputs[i].shape.as_list() == shape for i in op.live)
    return m if same else None


def _reshaped(op: Evaluated, m: Part) -> Part | None:
    """Return the part where only axes of size 1 come or go, or where several positions were one."""
    x, y = (t.shape.as_list() for t in (op.at_reference.inputs[0], op.at_reference.outputs[0]))
    long = [i for i, size in enumerate(x) if size != 1]
    if [x[i] for i in long] == [size for size in y if size != 1] and m.length > 1:
        axis = long[[i for i, size in enumerate(y) if size != 1].index(m.axis)]
        values = tf.reshape(m.values, [m.width if i == axis else n for i, n in enumerate(x)])
        return replace(m, values=values, axis=axis)
    return _several(m, x, y) if m.width == 1 and m.shift == 0 else None


def _several(m: Part, x: Sequence[int], y: Sequence[int]) -> Part | None:
    """Return the part of one position where `several_at_once` gave several positions as one."""
    axis = m.axis
    steps, channels = x[axis], y[-1]
    at_once = y[axis] // steps
    if len(x) != 4 or axis != 2 or x != [*y[:2], steps, at_once * channels]:
        return None
    slot = m.base % at_once
    around = (slot * channels, (at_once - 1 - slot) * channels)
    values = tf.pad(m.values, [(0, 0), (0, 0), (0, 0), around])
    values = tf.ensure_shape(values, [*y[:2], 1, at_once * channels])
    return Part(values, axis, steps, m.base // at_once, steps - 1)


def _cropped(op: Evaluated, m: Part) -> Part | None:
    """Move a part by what was cropped before it."""
    paddings = crop_of(op.at_reference)
    if paddings is None or any(sum(p) for i, p in enumerate(paddings) if i != m.axis):
        return None
    before, after = paddings[m.axis]
    return replace(m, length=m.length + before + after, shift=m.shift + before)


def _padded(op: Evaluated, m: Part) -> Part | None:
    """Move a part by the zeros before it."""
    paddings = tf.get_static_value(op.at_reference.inputs[1])
    if paddings is None or any(sum(p) for i, p in enumerate(paddings.tolist()) if i != m.axis):
        return None
    before, after = paddings.tolist()[m.axis]
    return replace(m, length=m.length - before - after, shift=m.shift - before).inside()


def _convolved(op: Evaluated, m: Part) -> Part | None:
    """Compute the transposed convolution of a part, along one axis."""
    operation = op.at_reference
    (_, high, step, _), (_, _, rate, _) = (operation.get_attr(a) for a in ("strides", "dilations"))
    x, kernel = operation.inputs
    padding = operation.get_attr("padding")
    plain = operation.get_attr("data_format") == b"NHWC" and padding in (b"VALID", b"SAME")
    known = x.shape.is_fully_defined() and kernel.shape.is_fully_defined() and op.live == (0,)
    if not (plain and known) or (high, x.shape[1], kernel.shape[0], m.axis) != (1, 1, 1, 2):
        return None
    around = (kernel.shape[1] - 1) * rate
    if step > 1 and (padding == b"SAME" or m.width > 1 or m.shift):
        return None
    if step > 1:
        m = replace(m, base=m.base * step, most=m.most * step)
    size = [x.shape[0], 1, m.width + around, x.shape[3]]
    if step == rate == 1 and (reverse := reversed_kernel(operation)) is not None:
        values = several_at_once(m.values, reverse, around, size[2])
        values = tf.ensure_shape(tf.reshape(values, size), size)
    else:
        values = tf.raw_ops.Conv2DBackpropInput(
            input_sizes=size,
            filter=kernel,
            out_backprop=m.values,
            strides=operation.get_attr("strides"),
            padding="VALID",
            dilations=operation.get_attr("dilations"),
        )
    left = around // 2 if padding == b"SAME" else 0
    moved = replace(m, values=values, length=int(x.shape[2]), shift=m.shift - left)
    return moved.inside()


LINEAR: dict[str, Callable[[Evaluated, Part], Part | None]] = {
    "AddV2": _same,
    "Add": _same,
    "BiasAdd": _same,
    "Conv2D": _convolved,
    "ExpandDims": _reshaped,
    "Pad": _padded,
    "Reshape": _reshaped,
    "Squeeze": _reshaped,
    "StridedSlice": _cropped,
}
