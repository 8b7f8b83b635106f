"""RevealCancel: rules whose multipliers come in a positive and a negative part.

Every difference from the reference has two parts, d = d+ + d-, and each part has its multiplier:
sum(m+ d+ + m- d-) is the same behind and before every operation. The rules by kind of operation:

==================  ===============================================================================
weights             convolutions and matrix products with fixed weights: differences are split anew
                    by their own sign, y+ = W+ max(d, 0) + W- min(d, 0) and y- = W+ min(d, 0) +
                    W- max(d, 0); where d is 0, the multiplier is the mean of those for either sign
other linear ones   each part passes on its own; where an input is subtracted or multiplied by a
                    negative number, its parts change places
activations         RevealCancel: y+ = (f(x0 + d+) - f(x0) + f(x) - f(x0 + d-)) / 2, y- likewise
                    with the signs exchanged, and multipliers m+ = y+ / d+ and m- = y- / d-
any other           the rule in `rules`, whose multipliers have no parts; the output is split by the
                    sign of its difference, and the multiplier of that sign is taken
==================  ===============================================================================

``genomics_default`` uses RevealCancel for activations that follow a matrix product, and Rescale,
with the same slope for both parts, for those that follow a convolution or neither.

References
----------
Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating activation
differences", sections 3.5.1 and 3.5.3. The mean at differences of 0, and the quotients, are as in
their code. The quotients are coarse where a part is small: on the model of the paper's simulation,
float32 adds noise of up to 1e-3 of the largest score to the hypothetical contributions of bases
that equal the reference, and none to contributions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from deeplift_genomics.engine.evaluated import Evaluated
from deeplift_genomics.engine.path import PathOperation, repeat_operation
from deeplift_genomics.engine.rule_sets import Pass
from deeplift_genomics.engine.rules import identity, linear
from deeplift_genomics.engine.slopes import SLOPES
from deeplift_genomics.engine.transposes import Multiplier, vector_jacobian_product
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

ACTIVATIONS = having("activation")
CONVOLUTIONS = having("convolution")
MULTIPLYING = having("bilinear", "linear_in_one")
WEIGHTED = MULTIPLYING - having("elementwise")
QUOTIENTS = having("quotient")
# in its slope, a part of less than half of this counts as this much, as in the authors' code
SMALL = 1e-7
# linear operation -> positions of the inputs that it subtracts
SUBTRACTED = {"Sub": (1,), "Neg": (0,)}


class Pair(NamedTuple):
    """A positive and a negative part: of a difference, or a multiplier for each part."""

    positive: tf.Tensor
    negative: tf.Tensor


def undivided(multiplier: tf.Tensor) -> Pair:
    """Return a pair whose multiplier is the same for both parts."""
    return Pair(multiplier, multiplier)


def split(difference: tf.Tensor) -> Pair:
    """Split a difference by its sign."""
    return Pair(tf.maximum(difference, 0), tf.minimum(difference, 0))


def choose(difference: tf.Tensor, pair: Pair) -> tf.Tensor:
    """Return the multiplier of the sign of a difference, or the mean of both at 0."""
    if pair.positive is pair.negative:
        return pair.positive
    mean = (pair.positive + pair.negative) / 2
    return tf.where(difference > 0, pair.positive, tf.where(difference < 0, pair.negative, mean))


def rescaled(path: Iterable[PathOperation], sources: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the activations that keep Rescale under ``genomics_default``.

    They are all but those whose nearest weights, on every way back to the sequence, belong to a
    matrix product. `sources` maps each operation to the operations that give its live inputs.
    """
    nearest: dict[str, set[str]] = {}
    found = set()
    for item in path:
        if item.type in CONVOLUTIONS:
            nearest[item.name] = {"convolution"}
        elif item.type in WEIGHTED and len(item.live) == 1:
            nearest[item.name] = {"matrix"}
        else:
            before = [nearest.get(name, {"sequence"}) for name in sources[item.name]]
            nearest[item.name] = set().union(*before)
        if item.type in ACTIVATIONS and nearest[item.name] != {"matrix"}:
            found.add(item.name)
    return found


class RevealCancel:
    """The rules at work on one pass, shared by the walks of all targets.

    With `genomics_default`, activations after convolutions keep Rescale.
    """

    def __init__(self, evaluated: Pass, *, genomics_default: bool = False) -> None:
        route, self._operations, self._difference = evaluated
        graph, self._rules = route.frozen.graph, route.rules
        self._slopes: dict[str, Pair] = {}
        parts = {route.source: split(self._difference)}
        inputs = {
            item.name: [graph.get_operation_by_name(item.name).inputs[i] for i in item.live]
            for item in route.path
        }
        sources = {name: [tensor.op.name for tensor in live] for name, live in inputs.items()}
        keep = rescaled(route.path, sources) if genomics_default else set()
        for item in route.path:
            before = [parts[tensor.name] for tensor in inputs[item.name]]
            if item.type in ACTIVATIONS and len(item.live) == 1:
                self._slopes[item.name] = _slopes(
                    self._operations[item.name], before[0], item.name in keep
                )
            outputs = graph.get_operation_by_name(item.name).outputs
            after = self._forward(item, before)
            parts |= {tensor.name: pair for tensor, pair in zip(outputs, after, strict=True)}

    def _forward(self, item: PathOperation, before: list[Pair]) -> list[Pair]:
        """Return the parts of the outputs, from those of the live inputs."""
        op, rule = self._operations[item.name], self._rules[item.name]
        if rule is identity:  # outputs that do not depend on the sequence are never read
            parts = dict(zip(item.live, before, strict=True))
            return [parts.get(i, before[0]) for i in range(len(op.at_reference.outputs))]
        if item.name in self._slopes:
            slope = self._slopes[item.name]
            return [Pair(*(d * s for d, s in zip(before[0], slope, strict=True)))]
        if rule is not linear:
            return [split(y - y0) for y, y0 in op.outputs]
        if item.type in WEIGHTED:
            before = [split(x - x0) for x, x0 in op.inputs]
        positive, negative = [pair.positive for pair in before], [pair.negative for pair in before]
        added, taken = _signed(op)
        return [
            Pair(*parts)
            for parts in zip(
                _sum(added(positive), taken(negative)),
                _sum(added(negative), taken(positive)),
                strict=True,
            )
        ]

    def start(self, seed: tf.Tensor) -> Pair:
        """Return the seed for both parts."""
        return undivided(seed)

    def add(self, multipliers: Sequence[Pair]) -> Pair:
        """Return the sum of each part."""
        positive = tf.add_n([pair.positive for pair in multipliers])
        if all(pair.positive is pair.negative for pair in multipliers):
            return undivided(positive)
        return Pair(positive, tf.add_n([pair.negative for pair in multipliers]))

    def finish(self, multiplier: Pair) -> tf.Tensor:
        """Return the multiplier of the sign of each base's difference."""
        return choose(self._difference, multiplier)

    def back(
        self, item: PathOperation, multipliers: Sequence[Pair | None]
    ) -> Sequence[Pair | None]:
        """Apply the rule of the operation's kind."""
        op, rule = self._operations[item.name], self._rules[item.name]
        if rule is identity:
            return [multipliers[i] for i in item.live]
        if item.name in self._slopes:
            slope, (m,) = self._slopes[item.name], multipliers
            assert m is not None
            if slope.positive is slope.negative and m.positive is m.negative:
                return [undivided(m.positive * slope.positive)]
            return [Pair(m.positive * slope.positive, m.negative * slope.negative)]
        divided = any(m is not None and m.positive is not m.negative for m in multipliers)
        if rule is linear and divided:
            return _linear_back(op, multipliers, item.type in WEIGHTED)
        chosen = [
            None if m is None else choose(y - y0, m)
            for m, (y, y0) in zip(multipliers, op.outputs, strict=True)
        ]
        return [undivided(m) for m in rule(op, chosen)]


def _slopes(op: Evaluated, parts: Pair, rescale: bool) -> Pair:
    """Return the slopes of an activation for either part."""
    ((x, x0),), operation, live = op.inputs, op.at_reference, op.live[0]
    if rescale:
        same = SLOPES[operation.type](operation, live, x, x0)
        return Pair(same, same)

    def f(value: tf.Tensor) -> tf.Tensor:
        inputs = list(operation.inputs)
        inputs[live] = value
        return repeat_operation(operation, inputs)[0]

    def slope(part: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
        part = tf.where(tf.abs(part) < SMALL / 2, _signed_small(part), part)
        alone, beside = f(x0 + part) - f(x0), f(x0 + other + part) - f(x0 + other)
        return (alone + beside) / 2 / part

    up, down = slope(*parts), slope(*reversed(parts))
    # both quotients are of rounded numbers; the larger part gets what their sum lacks
    exact = SLOPES[operation.type](operation, live, x, x0) * (x - x0)
    lacking = exact - up * parts.positive - down * parts.negative
    share = tf.math.divide_no_nan(lacking, tf.where(parts.positive > -parts.negative, *parts))
    larger = parts.positive > -parts.negative
    return Pair(tf.where(larger, up + share, up), tf.where(larger, down, down + share))


def _signed_small(d: tf.Tensor) -> tf.Tensor:
    """Return `SMALL` with the sign of each number."""
    small = tf.fill(tf.shape(d), tf.constant(SMALL, d.dtype))
    return tf.where(d < 0, -small, small)


Apply = Callable[[Sequence[tf.Tensor]], list[tf.Tensor]]


def _signed(op: Evaluated) -> tuple[Apply, Apply]:
    """Divide a linear operation without its constant into what it adds and what it takes away.

    Both are functions of the live inputs; their sum is the operation itself.
    """
    operation = op.at_reference
    held = {
        i: tensor
        for i, tensor in enumerate(operation.inputs)
        if i not in op.live and tensor.dtype.is_floating
    }

    def apply(keep: Callable[[int], bool], fixed: Mapping[int, tf.Tensor]) -> Apply:
        def applied(values: Sequence[tf.Tensor]) -> list[tf.Tensor]:
            inputs = list(operation.inputs)
            for i, value in zip(op.live, values, strict=True):
                inputs[i] = value if keep(i) else tf.zeros_like(value)
            for i, value in fixed.items():
                inputs[i] = value
            return repeat_operation(operation, inputs)

        return applied

    def every(_: int) -> bool:
        return True

    if operation.type in MULTIPLYING:
        return (
            apply(every, {i: tf.maximum(w, 0) for i, w in held.items()}),
            apply(every, {i: tf.minimum(w, 0) for i, w in held.items()}),
        )
    if operation.type in QUOTIENTS:
        far = {i: tf.fill(tf.shape(w), tf.constant(np.inf, w.dtype)) for i, w in held.items()}
        return (
            apply(every, {i: tf.where(w > 0, w, far[i]) for i, w in held.items()}),
            apply(every, {i: tf.where(w < 0, w, far[i]) for i, w in held.items()}),
        )
    taken = SUBTRACTED.get(operation.type, ())
    nothing = {i: tf.zeros_like(tensor) for i, tensor in held.items()}
    return apply(lambda i: i not in taken, nothing), apply(lambda i: i in taken, nothing)


def _linear_back(op: Evaluated, multipliers: Sequence[Pair | None], weighted: bool) -> list[Pair]:
    """Return pairs of multipliers on the live inputs of a linear operation.

    Those of a `weighted` one are undivided, as its differences are split by their own sign.
    """
    inputs = [op.at_reference.inputs[i] for i in op.live]
    ups = [None if m is None else m.positive for m in multipliers]
    downs = [None if m is None else m.negative for m in multipliers]
    added, taken = (function(inputs) for function in _signed(op))

    def back(through_added: list[Multiplier], through_taken: list[Multiplier]) -> list[tf.Tensor]:
        return _sum(
            vector_jacobian_product(added, inputs, through_added),
            vector_jacobian_product(taken, inputs, through_taken),
        )

    pairs = [Pair(*both) for both in zip(back(ups, downs), back(downs, ups), strict=True)]
    if not weighted:
        return pairs
    return [undivided(choose(x - x0, pair)) for (x, x0), pair in zip(op.inputs, pairs, strict=True)]


def _sum(first: Sequence[tf.Tensor], second: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    return [a + b for a, b in zip(first, second, strict=True)]
