"""The convolutions of a frozen graph that minimal filtering computes faster.

The graph itself stays as it is: rules go on seeing convolutions. Which ones are taken was measured
on one core (docs/performance.md): from 256 channels on, the transforms cost less than they save.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import producer
from deeplift_genomics.graph.minimal_filtering import Convolution, transformed
from deeplift_genomics.graph.tiles import is_worth_it
from deeplift_genomics.graph.toom_cook import TAPS

# channels of the input and of the output from which on it is worth it
MANY = 256
LOOPS = {"NextIteration", "While", "StatelessWhile"}


def filtered_minimally(
    graph: tf.Graph, definition: Any, weights: Mapping[str, tf.Tensor]
) -> dict[str, Convolution]:
    """Return the convolutions to compute by minimal filtering, by the name of their operation.

    There are none where TensorFlow uses a GPU, whose library has forms of its own, and none in a
    graph that cannot be cut between two operations.

    Parameters
    ----------
    graph, definition, weights
        The parts of a `FrozenGraph`.
    """
    if tf.config.get_visible_devices("GPU") or not _can_be_cut(definition):
        return {}
    nodes = {node.name: node for node in definition.node}
    found = {}
    for operation in graph.get_operations():
        if operation.type == "Conv2D" and (geometry := _geometry(operation)):
            taps = _value(nodes, operation.inputs[1].name, weights)
            if taps is not None:
                reverse = taps[0, ::-1].transpose(0, 2, 1)
                found[operation.name] = Convolution(
                    transformed(taps[0]), transformed(reverse), *geometry
                )
    return found


def _can_be_cut(definition: Any) -> bool:
    """Tell whether a graph has no loop and no operation that others only wait for."""
    waited = {producer(i) for node in definition.node for i in node.input if i.startswith("^")}
    return not any(
        node.op in LOOPS or (node.name in waited and node.op in ("NoOp", "Assert"))
        for node in definition.node
    )


def _geometry(operation: tf.Operation) -> tuple[int, int, int, int] | None:
    """Return the sizes of a convolution, as of `Convolution`; None if it is not worth it."""
    x, kernel = (tensor.shape for tensor in operation.inputs)
    rates, padding = operation.get_attr("dilations"), operation.get_attr("padding")
    plain = set(operation.get_attr("strides")) == {1} and rates[1] == 1
    plain &= operation.get_attr("data_format") == b"NHWC" and padding in (b"VALID", b"SAME")
    if not plain or x.rank != 4 or x[1] != 1 or x[2] is None or not kernel.is_fully_defined():
        return None
    if kernel[:2].as_list() != [1, TAPS] or min(kernel[2:].as_list()) < MANY or x[3] != kernel[2]:
        return None
    around = (TAPS - 1) * rates[2]
    same = padding == b"SAME"
    length = x[2] if same else x[2] - around
    if length < 1 or not is_worth_it(length, rates[2], padded=same):
        return None
    left = around // 2 if same else 0
    return rates[2], x[2], left, length


def _value(nodes: Mapping[str, Any], name: str, weights: Mapping[str, tf.Tensor]) -> NDArray | None:
    """Return the value of a kernel; None if it may change, or is computed."""
    node = nodes[producer(name)]
    if node.name in weights:
        value = weights[node.name]
        return None if isinstance(value, tf.Variable) else value.numpy()
    if node.op == "Const":
        return tf.make_ndarray(node.attr["value"].tensor)
    if node.op == "Identity":
        return _value(nodes, node.input[0], weights)
    if node.op == "ExpandDims":
        value = _value(nodes, node.input[0], weights)
        axis = _value(nodes, node.input[1], weights)
        return None if value is None or axis is None else np.expand_dims(value, int(axis))
    return None
