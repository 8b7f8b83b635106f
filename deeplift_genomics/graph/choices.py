"""Choices by a condition that depends on the sequence, rewritten as arithmetic that has rules.

A choice is an elementwise function if its condition and both of its branches are elementwise
functions of one tensor, as in ReLU with a threshold, hard shrink, or a piecewise function. Then
where(c, a, b) becomes c a + (1 - c) b, in which the condition c is a number, 0 or 1: x > k becomes
max(sign(x - k), 0). For a function of one variable, completeness allows one multiplier only,
(y - y0) / (x - x0), so the rules for products, sums and signs together give Rescale of the whole.

A choice by `IsNan`, `IsFinite` or `IsInf` of z becomes the branch of a finite z, plus 0 z: with any
other z the result is NaN, and no scores come from it.

A choice between whole tensors by a constant, such as a flag of training, becomes its branch.

All other choices stay in the graph, and are refused: they pick a tensor by the sequence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import Written, replace_operations
from deeplift_genomics.graph.operations import having

# operations whose output at a place depends on their inputs at that place
ELEMENTWISE = having("function", "elementwise")
# the operations that a choice and its condition may consist of
PASSED = ELEMENTWISE | having("comparison", "logic")

Numbers = Callable[[tf.Tensor, tf.Tensor], tf.Tensor]


def _above(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
    """Return 1 where x > y, else 0."""
    return tf.nn.relu(tf.sign(x - y))


# conditions as numbers of 0 and 1
COMPARISONS: dict[str, Numbers] = {
    "Equal": lambda x, y: 1 - tf.square(tf.sign(x - y)),
    "Greater": _above,
    "GreaterEqual": lambda x, y: 1 - _above(y, x),
    "Less": lambda x, y: _above(y, x),
    "LessEqual": lambda x, y: 1 - _above(x, y),
    "NotEqual": lambda x, y: tf.square(tf.sign(x - y)),
}
LOGIC: dict[str, Callable[..., tf.Tensor]] = {
    "Identity": lambda a: a,
    "LogicalAnd": lambda a, b: a * b,
    "LogicalNot": lambda a: 1 - a,
    "LogicalOr": lambda a, b: a + b - a * b,
}
# position of the branch of a choice that is taken where z is finite
GUARDS = {"IsFinite": 1, "IsInf": 2, "IsNan": 2}


def write_out_choices(definition: Any) -> Any:
    """Write elementwise choices as arithmetic, and remove guards against NaN."""
    for kind, write in (("Select", _choice), ("SelectV2", _choice), ("Cast", _cast)):
        definition = replace_operations(definition, kind, write)
    return definition


def _choice(operation: tf.Operation) -> Written | None:
    """Write a choice by a guard as its finite branch, and another choice as arithmetic."""
    condition, a, b = operation.inputs
    if not a.dtype.is_floating:
        return None
    if (chosen := _chosen(operation)) is not None:
        return tf.identity, [chosen]
    if operation.type == "Select" and condition.shape.rank != a.shape.rank:
        return None
    guard = condition.op
    while guard.type in ("Identity", "LogicalNot") and guard.inputs[0].dtype == tf.bool:
        if guard.type == "LogicalNot":
            return _arithmetic(condition, a, b)
        guard = guard.inputs[0].op
    if guard.type in GUARDS:
        z, branch = guard.inputs[0], operation.inputs[GUARDS[guard.type]]
        same = z.dtype == branch.dtype
        return (lambda z, branch: branch + 0 * z, [z, branch]) if same else None
    return _arithmetic(condition, a, b)


def _chosen(operation: tf.Operation) -> tf.Tensor | None:
    """Return the branch of a choice between whole tensors, if its condition is constant."""
    condition, a, b = operation.inputs
    while condition.op.type == "Identity":
        condition = condition.op.inputs[0]
    value = tf.get_static_value(condition)
    if value is None or np.ndim(value):
        return None
    branch = a if value else b
    same = branch.shape.rank is not None
    return (
        branch if same and branch.shape.as_list() == operation.outputs[0].shape.as_list() else None
    )


def _arithmetic(condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor) -> Written | None:
    """Write a choice between a and b as arithmetic, or return None if it is not elementwise."""
    operands = _operands(condition)
    if operands is None or _depends_on_one_tensor([condition, a, b]) is None:
        return None
    if any(tensor.dtype != a.dtype for tensor in operands):
        return None

    def chosen(a: tf.Tensor, b: tf.Tensor, *values: tf.Tensor) -> tf.Tensor:
        c = _as_numbers(condition, iter(values))
        return c * a + (1 - c) * b

    return chosen, [a, b, *operands]


def _cast(operation: tf.Operation) -> Written | None:
    """Write a condition that is cast to a number as arithmetic."""
    condition, dtype = operation.inputs[0], operation.outputs[0].dtype
    if condition.dtype != tf.bool or not dtype.is_floating:
        return None
    operands = _operands(condition)
    if operands is None or _depends_on_one_tensor([condition]) is None:
        return None
    return lambda *values: tf.cast(_as_numbers(condition, iter(values)), dtype), operands


def _operands(condition: tf.Tensor) -> list[tf.Tensor] | None:
    """Return the tensors that a condition compares, in order; None unless they are real numbers."""
    operation = condition.op
    if operation.type in COMPARISONS:
        real = all(tensor.dtype.is_floating for tensor in operation.inputs)
        return list(operation.inputs) if real else None
    if operation.type not in LOGIC:
        return None
    found = []
    for tensor in operation.inputs:
        operands = _operands(tensor)
        if operands is None:
            return None
        found += operands
    return found


def _as_numbers(condition: tf.Tensor, values: Iterator[tf.Tensor]) -> tf.Tensor:
    """Return a condition as numbers, with those values in place of its `_operands`."""
    operation = condition.op
    if operation.type in COMPARISONS:
        x, y = next(values), next(values)
        return COMPARISONS[operation.type](x, y)
    return LOGIC[operation.type](*(_as_numbers(tensor, values) for tensor in operation.inputs))


def _depends_on_one_tensor(ends: Sequence[tf.Tensor]) -> tf.Tensor | None:
    """Return the tensor of which all of these are elementwise functions, if there is one."""
    visited = _reached(ends, None)
    for candidate in visited.values():
        if candidate.dtype.is_floating and set(_sources(ends, candidate)) == {candidate.name}:
            return candidate
    return None


def _sources(ends: Sequence[tf.Tensor], stop: tf.Tensor) -> list[str]:
    """Return the tensors, by name, on which these depend through elementwise operations only."""
    reached = _reached(ends, stop.name)
    return [
        name
        for name, tensor in reached.items()
        if name == stop.name or not (_passes(tensor.op) or _is_constant(tensor))
    ]


def _reached(ends: Sequence[tf.Tensor], stop: str | None) -> dict[str, tf.Tensor]:
    """Return the tensors on the way back through elementwise operations, up to `stop`."""
    found: dict[str, tf.Tensor] = {}
    waiting = list(ends)
    while waiting:
        tensor = waiting.pop(0)
        if tensor.name in found:
            continue
        found[tensor.name] = tensor
        if tensor.name != stop and _passes(tensor.op):
            waiting.extend(tensor.op.inputs)
    return found


def _passes(operation: tf.Operation) -> bool:
    """Tell whether an operation is elementwise."""
    return operation.type in PASSED


def _is_constant(tensor: tf.Tensor) -> bool:
    """Tell whether a tensor has one known value, whatever its shape."""
    operation = tensor.op
    if operation.type == "Fill":  # its shape may be open
        return _is_constant(operation.inputs[1])
    return operation.type in ("OnesLike", "ZerosLike") or tf.get_static_value(tensor) is not None
