"""The heads of a model: the kind of each output, and the tensor that is explained."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.model import Head
from deeplift_genomics.settings.choices import MOST_COUNTS, MOST_STRANDS

if TYPE_CHECKING:
    import tensorflow as tf

    from deeplift_genomics.graph.frozen import FrozenGraph

_ACTIVATIONS = {name: name.lower() for name in having("probability")}
_RESHAPING = having("reshapes")


def find_heads(frozen: FrozenGraph, names: Sequence[str]) -> tuple[Head, ...]:
    """Return the heads of those names, each with the tensor that is explained."""
    graph = _with_sizes(frozen)
    heads = []
    for name in names:
        output = graph.get_tensor_by_name(frozen.outputs[name])
        shape = tuple(output.shape[1:].as_list())
        last = _before_moves(output)
        activation = _ACTIVATIONS.get(last.op.type)
        kind = _kind(name, shape, activation, several=len(names) > 1)
        explained = None
        if activation and (kind == "logits" or (kind, activation) == ("profile", "softmax")):
            explained = _before_activation(last, output)
        if kind == "profile" and explained is not None and not _over_positions(last, shape):
            explained = None
        if explained is None:
            explained, activation = output, None
            kind = "tracks" if _tracks(kind, shape, frozen.ends_in(output)) else kind
        heads.append(Head(name, shape, kind, explained.name, activation, frozen.ends_in(explained)))
    return tuple(heads)


def _with_sizes(frozen: FrozenGraph) -> tf.Graph:
    """Return the graph with the sizes of all axes, which tracing with an open batch may lose.

    A dense layer on every position, for one, computes its output's shape from its input's. Such
    sizes follow from shapes alone once the batch has a size, too: here 2.
    """
    from deeplift_genomics.graph.backend import tf

    lost = (
        None in tensor.shape.as_list()[1:] if tensor.shape.rank is not None else True
        for operation in frozen.graph.get_operations()
        for tensor in operation.outputs
        if tensor.dtype.is_floating
    )
    if not any(lost):
        return frozen.graph
    graph = tf.Graph()
    with graph.as_default():
        tensors = [frozen.tensor(name) for name in frozen.inputs.values()]
        sized = {
            tensor.name: tf.compat.v1.placeholder(
                tensor.dtype, (2, *tensor.shape[1:]), f"sized_{i}"
            )
            for i, tensor in enumerate(tensors)
        }
        try:
            tf.graph_util.import_graph_def(frozen.definition, input_map=sized, name="")
        except ValueError:  # the model has a batch size of its own, which is refused later
            return frozen.graph
    return graph


def _kind(name: str, shape: tuple[int, ...], activation: str | None, several: bool) -> str:
    """Return the kind of a head, by its name first, then by its shape."""
    if "profile" in name.lower() or _long(shape):
        return "profile"
    if "count" in name.lower():
        return "counts"
    if activation or not several:
        return "logits"
    return "counts" if math.prod(shape) <= MOST_COUNTS else "profile"


def _tracks(kind: str, shape: tuple[int, ...], ends_in: Sequence[str]) -> bool:
    """Tell whether a head is (bins, tracks) of expected values, as Basenji's are.

    It has more columns than the strands of a profile, and ends in an activation. Probabilities may
    be those of classes.
    """
    links = having("link") - (having("probability") if kind == "logits" else set())
    axes = [size for size in shape if size != 1]
    many = len(axes) == 2 and None not in axes and min(axes) > MOST_STRANDS
    return many and bool(links & set(ends_in))


def _long(shape: tuple[int, ...]) -> bool:
    """Tell whether a shape is (positions, strands) or (strands, positions)."""
    if len(shape) != 2 or None in shape:
        return False
    return shape[0] > MOST_COUNTS or (shape[0] > 1 and shape[1] > MOST_COUNTS)


# --- activations at the end ------------------------------------------------------------------
#
# A sigmoid acts on each unit alone and a softmax on each row, so the tensor before it can be
# explained, provided that its units are those of the output, in the same order.


def _before_moves(tensor: Any) -> Any:
    """Return the tensor of which `tensor` is a copy, in another shape or order."""
    while _moves(tensor.op):
        tensor = tensor.op.inputs[0]
    return tensor


def _moves(operation: Any) -> bool:
    """Tell whether an operation gives all units of its first input, window by window."""
    if operation.type == "Cast":
        return operation.inputs[0].dtype.is_floating and operation.outputs[0].dtype.is_floating
    if operation.type == "Transpose":
        order = _constant(operation.inputs[1])
        return order is not None and order[0] == 0
    if operation.type not in _RESHAPING:
        return False
    sizes = [tensor.shape[1:] for tensor in (operation.inputs[0], operation.outputs[0])]
    known = all(size.is_fully_defined() for size in sizes)
    return known and sizes[0].num_elements() == sizes[1].num_elements()


def _constant(tensor: Any) -> NDArray | None:
    """Return the value of a tensor, or None if it does not follow from constants alone."""
    from deeplift_genomics.graph.backend import tf

    waiting, seen = [tensor.op], {tensor.op.name}
    while waiting:
        operation = waiting.pop()
        if operation.type == "Placeholder":
            return None
        fresh = [source.op for source in operation.inputs if source.op.name not in seen]
        seen |= {source.name for source in fresh}
        waiting += fresh
    with tf.compat.v1.Session(graph=tensor.graph) as session:
        return session.run(tensor)


def _before_activation(activated: Any, output: Any) -> Any | None:
    """Return the nearest tensor before an activation with the units of `output` in their order."""
    candidate = activated.op.inputs[0]
    while True:
        if _in_order(candidate, activated, output):
            return candidate
        if not _moves(candidate.op):
            return None
        candidate = candidate.op.inputs[0]


def _in_order(source: Any, activated: Any, output: Any) -> bool:
    """Tell whether units stay in order from `source`, through the activation, to `output`."""
    operations = []
    tensor = output
    while tensor.name != source.name:
        if tensor.name != activated.name:
            operations.append(tensor.op)
        tensor = tensor.op.inputs[0]
    if not source.shape[1:].is_fully_defined():
        return not operations  # nothing moves, whatever the shape
    units = np.arange(source.shape[1:].num_elements()).reshape(1, *source.shape[1:])
    for operation in reversed(operations):
        if operation.type == "Transpose":
            units = units.transpose(_constant(operation.inputs[1]))
        else:
            units = units.reshape(1, *operation.outputs[0].shape[1:])
    flat = units.ravel()
    return bool((flat == np.arange(flat.size)).all())


def _over_positions(activated: Any, shape: tuple[int, ...]) -> bool:
    """Tell whether a softmax runs over all positions of a profile, or over those of each strand."""
    row = activated.shape[-1]
    return row in (max(shape), math.prod(shape))
