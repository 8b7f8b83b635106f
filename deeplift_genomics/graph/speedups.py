"""Rewrites of a frozen graph into an equal one that TensorFlow computes faster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.convolutions import is_worth_it, several_at_once
from deeplift_genomics.graph.definitions import Written, constant, producer, replace_operations


def dilate_natively(definition: Any) -> Any:
    """Write convolutions between space-to-batch and batch-to-space as dilated convolutions.

    With block d, paddings p and crops c, the three operations together are the convolution, dilated
    by d, of the input padded by p - c on either side. They stay as they are if p - c is negative,
    or if another operation reads a tensor between them.
    """
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    nodes = {node.name: node for node in result.node}
    readers = Counter(producer(name) for node in result.node for name in node.input)
    for end in [node for node in result.node if node.op == "BatchToSpaceND"]:
        chain = _chain_before(end, nodes, readers)
        if [node.op for node in chain] in _CHAINS:
            _dilate(end, chain, nodes, result)
    return result


# from the end to the beginning; a convolution in one dimension gets an axis of size 1
_CHAINS = [
    ["Squeeze", "Conv2D", "ExpandDims", "SpaceToBatchND"],
    ["Conv2D", "SpaceToBatchND"],
]


def _chain_before(end: Any, nodes: Mapping[str, Any], readers: Counter[str]) -> list[Any]:
    """Return the operations before `end`, up to a space-to-batch; none if one has other readers."""
    chain: list[Any] = []
    node = end
    while node.op != "SpaceToBatchND" and node.input and len(chain) < 4:
        node = nodes[producer(node.input[0])]
        if readers[node.name] != 1:
            return []
        chain.append(node)
    return chain


def _dilate(end: Any, chain: list[Any], nodes: Mapping[str, Any], definition: Any) -> None:
    """Change the operations of a chain into one dilated convolution, if that is possible."""
    begin = chain[-1]
    convolution = next(node for node in chain if node.op == "Conv2D").attr
    block, paddings, block_again, crops = (
        constant(nodes, name) for name in [*begin.input[1:3], *end.input[1:3]]
    )
    if block is None or paddings is None or block_again is None or crops is None:
        return
    plain = convolution["padding"].s == b"VALID" and convolution["data_format"].s == b"NHWC"
    plain &= set(convolution["strides"].list.i) | set(convolution["dilations"].list.i) == {1}
    if not plain or (block != block_again).any() or (paddings < crops).any():
        return
    rates = block.tolist() if len(block) == 2 else [1, *block.tolist()]
    convolution["dilations"].list.i[:] = [1, *rates, 1]
    # both ends keep their names: the first becomes a padding, the last an identity
    amounts = definition.node.add(name=f"{begin.name}/amounts", op="Const")
    amounts.attr["dtype"].type = tf.int32.as_datatype_enum
    around = np.pad((paddings - crops).astype(np.int32), ((1, 1), (0, 0)))
    amounts.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(around))
    for node, operation, inputs in (
        (begin, "Pad", [begin.input[0], amounts.name]),
        (end, "Identity", [end.input[0]]),
    ):
        kind = node.attr["T"].type
        del node.input[:]
        node.input.extend(inputs)
        node.op = operation
        node.attr.clear()
        node.attr["T"].type = kind
    begin.attr["Tpaddings"].type = tf.int32.as_datatype_enum
    if not around.any():
        begin.op = "Identity"
        del begin.input[1], begin.attr["Tpaddings"]


def emit_several_positions(definition: Any) -> Any:
    """Compute convolutions to few channels, as in profile heads, by fewer and longer steps."""

    def write(operation: tf.Operation) -> Written | None:
        x, kernel = (tensor.shape for tensor in operation.inputs)
        steps = {*operation.get_attr("strides"), *operation.get_attr("dilations")}
        padding = operation.get_attr("padding")
        plain = steps == {1} and operation.get_attr("data_format") == b"NHWC"
        plain &= padding in (b"VALID", b"SAME") and x.rank == 4 and x[1] == 1 and x[2] is not None
        if not plain or not is_worth_it(kernel):
            return None
        around = kernel[1] - 1 if padding == b"SAME" else 0
        length = x[2] + around - kernel[1] + 1
        return partial(several_at_once, left=around // 2, length=length), operation.inputs

    return replace_operations(definition, "Conv2D", write)
