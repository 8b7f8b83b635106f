"""Attention in a graph: a softmax between two products, of queries with keys and with values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deeplift_genomics.engine.path import PathOperation
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import having

# products of queries with keys, and of probabilities with values: one or both inputs are live
PRODUCTS = having("bilinear") - having("convolution") - {"Mul"}
# scaling, masks, positions that are added, and moves
_BETWEEN = having("moves", "reshapes", "identity", "elementwise") | {"Maximum", "Minimum", "Tanh"}


@dataclass(frozen=True)
class Attention:
    """An attention: its layer, its probabilities (..., queries, ..., keys), and its values."""

    layer: str
    probabilities: str
    values: str


def find_attention(frozen: FrozenGraph, path: Sequence[PathOperation]) -> list[Attention]:
    """Return the attentions of a path in order."""
    live = {item.name: item for item in path}
    readers: dict[str, list[str]] = {}
    for item in path:
        operation = frozen.graph.get_operation_by_name(item.name)
        for i in item.live:
            readers.setdefault(operation.inputs[i].op.name, []).append(item.name)
    found = []
    for item in path:
        operation = frozen.graph.get_operation_by_name(item.name)
        logits = logits_of(operation)
        if logits is None or not _comes_from_product(logits.op, live):
            continue
        values = _values(frozen, item.name, live, readers)
        if values is not None:
            found.append(
                Attention(frozen.layer_of(item.name), operation.outputs[0].name, values.name)
            )
    return found


def query_axis(shape: Sequence[int | None]) -> int:
    """Return the axis of queries of probabilities, whose last axis is that of keys.

    As many queries as keys are sought first, from the last axis on.
    """
    others = range(len(shape) - 2, -1, -1)
    return next((axis for axis in others if shape[axis] == shape[-1]), len(shape) - 2)


def logits_of(operation: tf.Operation) -> tf.Tensor | None:
    """Return what softmax is taken of, also where it is written as exp(x) / sum(exp(x))."""
    if operation.type == "Softmax":
        return operation.inputs[0]
    if operation.type in ("RealDiv", "DivNoNan"):
        power, total = (tensor.op for tensor in operation.inputs)
        same = total.type == "Sum" and total.inputs[0].op.name == power.name
        if power.type == "Exp" and same and total.get_attr("keep_dims"):
            axes, rank = tf.get_static_value(total.inputs[1]), power.outputs[0].shape.rank
            if axes is not None and [axis % rank for axis in axes.ravel().tolist()] == [rank - 1]:
                return power.inputs[0]
    return None


def _comes_from_product(operation: tf.Operation, live: Mapping[str, PathOperation]) -> bool:
    """Tell whether there is a product of two live factors right before an operation."""
    waiting, seen = [operation], set()
    while waiting:
        operation = waiting.pop()
        item = live.get(operation.name)
        if item is None or operation.name in seen:
            continue
        seen.add(operation.name)
        if item.type in PRODUCTS:
            if len(item.live) == 2:
                return True
        elif item.type in _BETWEEN:
            waiting += [operation.inputs[i].op for i in item.live]
    return False


def _values(
    frozen: FrozenGraph,
    softmax: str,
    live: Mapping[str, PathOperation],
    readers: Mapping[str, Sequence[str]],
) -> tf.Tensor | None:
    """Return the other factor of the product right after a softmax; None if there is none."""
    waiting = [softmax]
    while waiting:
        name = waiting.pop()
        for after in readers.get(name, ()):
            operation = frozen.graph.get_operation_by_name(after)
            item = live[after]
            if item.type in PRODUCTS and len(item.live) == 2:
                return next(x for x in operation.inputs if x.op.name != name)
            if item.type in _BETWEEN and len(item.live) == 1:
                waiting.append(after)
    return None
