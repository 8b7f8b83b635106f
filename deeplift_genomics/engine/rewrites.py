"""Rewrites of a frozen graph into an equal one that the rules can take.

Each takes and returns a GraphDef; names of operations that stay are kept, and so are the names of
those that are replaced by several, whose last one takes the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine import tf
from deeplift_genomics.engine.convolutions import is_worth_it, several_at_once

Build = Callable[[tf.Operation], Callable[..., tf.Tensor] | None]


def _replace(definition: Any, kind: str, build: Build) -> Any:
    """Write operations of one kind as what `build` makes of their inputs.

    `build` takes the operation and returns a function of its inputs that gives its first output,
    or None where it is to stay.
    """
    graph = tf.Graph()
    with graph.as_default():
        tf.graph_util.import_graph_def(definition, name="")
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    del result.node[:]
    for node in definition.node:
        made = build(graph.get_operation_by_name(node.name)) if node.op == kind else None
        if made is None:
            result.node.add().CopyFrom(node)
        else:
            result.node.extend(_written(node, graph.get_operation_by_name(node.name), made))
    return result


def _written(node: Any, operation: tf.Operation, function: Callable[..., tf.Tensor]) -> list[Any]:
    """The nodes of a function, under the name of the node that it stands for."""
    with tf.Graph().as_default() as fragment:
        inputs = [
            tf.compat.v1.placeholder(tensor.dtype, tensor.shape, f"input_{i}")
            for i, tensor in enumerate(operation.inputs)
        ]
        tf.identity(function(*inputs), "result")
    names = {f"input_{i}": node.input[i] for i in range(len(operation.inputs))}
    nodes = [new for new in fragment.as_graph_def().node if new.name not in names]
    names |= {new.name: f"{node.name}/{new.name}" for new in nodes} | {"result": node.name}
    for new in nodes:
        read = [names[_producer(name)] for name in new.input]
        new.name = names[new.name]
        del new.input[:]
        new.input.extend(read)
    nodes[-1].input.extend(name for name in node.input if name.startswith("^"))
    return nodes


def unfuse_normalisation(definition: Any) -> Any:
    """Batch normalisation at inference as the product and the sum that it is.

    y = (x - mean) a + offset, a = scale / sqrt(variance + epsilon), computed as x a + (offset -
    mean a). Only its first output may be used.
    """

    def build(operation: tf.Operation) -> Callable[..., tf.Tensor] | None:
        if operation.get_attr("is_training") or operation.get_attr("data_format") != b"NHWC":
            return None
        epsilon = operation.get_attr("epsilon")

        def unfused(x: tf.Tensor, scale: tf.Tensor, offset: tf.Tensor, *moments: tf.Tensor) -> Any:
            mean, variance = moments
            factor = tf.math.rsqrt(variance + epsilon) * scale
            return x * factor + (offset - mean * factor)

        return unfused

    return _replace(definition, "FusedBatchNormV3", build)


def dilate_natively(definition: Any) -> Any:
    """Convolutions between space-to-batch and batch-to-space as dilated convolutions.

    With block d, paddings p and crops c, the three together are the convolution dilated by d of the
    input padded by p - c on either side. They are left as they are where that is negative, or where
    anything else reads what lies between them.
    """
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    nodes = {node.name: node for node in result.node}
    readers = Counter(_producer(name) for node in result.node for name in node.input)
    for end in [node for node in result.node if node.op == "BatchToSpaceND"]:
        chain = _chain_before(end, nodes, readers)
        if [node.op for node in chain] in _CHAINS:
            _dilate(end, chain, nodes, result)
    return result


# from the end to the beginning; a convolution in one dimension has an axis of 1 put in
_CHAINS = [
    ["Squeeze", "Conv2D", "ExpandDims", "SpaceToBatchND"],
    ["Conv2D", "SpaceToBatchND"],
]


def _producer(name: str) -> str:
    return name.lstrip("^").split(":")[0]


def _constant(nodes: Mapping[str, Any], name: str) -> NDArray | None:
    node = nodes[_producer(name)]
    while node.op == "Identity":
        node = nodes[_producer(node.input[0])]
    return tf.make_ndarray(node.attr["value"].tensor) if node.op == "Const" else None


def _chain_before(end: Any, nodes: Mapping[str, Any], readers: Counter[str]) -> list[Any]:
    """Operations before a batch-to-space, up to a space-to-batch, that feed nothing else."""
    chain: list[Any] = []
    node = end
    while node.op != "SpaceToBatchND" and node.input and len(chain) < 4:
        node = nodes[_producer(node.input[0])]
        if readers[node.name] != 1:
            return []
        chain.append(node)
    return chain


def _dilate(end: Any, chain: list[Any], nodes: Mapping[str, Any], definition: Any) -> None:
    begin = chain[-1]
    convolution = next(node for node in chain if node.op == "Conv2D").attr
    block, paddings, block_again, crops = (
        _constant(nodes, name) for name in [*begin.input[1:3], *end.input[1:3]]
    )
    if block is None or paddings is None or block_again is None or crops is None:
        return
    plain = convolution["padding"].s == b"VALID" and convolution["data_format"].s == b"NHWC"
    plain &= set(convolution["strides"].list.i) | set(convolution["dilations"].list.i) == {1}
    if not plain or (block != block_again).any() or (paddings < crops).any():
        return
    rates = block.tolist() if len(block) == 2 else [1, *block.tolist()]
    convolution["dilations"].list.i[:] = [1, *rates, 1]
    # both ends keep their names, the one as padding, the other as it is
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
    """Convolutions to few channels, as of a profile head, by fewer and longer steps."""

    def build(operation: tf.Operation) -> Callable[..., tf.Tensor] | None:
        x, kernel = (tensor.shape for tensor in operation.inputs)
        steps = {*operation.get_attr("strides"), *operation.get_attr("dilations")}
        padding = operation.get_attr("padding")
        plain = steps == {1} and operation.get_attr("data_format") == b"NHWC"
        plain &= padding in (b"VALID", b"SAME") and x.rank == 4 and x[1] == 1 and x[2] is not None
        if not plain or not is_worth_it(kernel):
            return None
        around = kernel[1] - 1 if padding == b"SAME" else 0
        length = x[2] + around - kernel[1] + 1
        return partial(several_at_once, left=around // 2, length=length)

    return _replace(definition, "Conv2D", build)


def to_float64(definition: Any) -> Any:
    """The same graph in double precision; constants keep the values that they have.

    Dilated kernels are written out with zeros between their numbers, because TensorFlow's dilated
    convolution has no backward pass in double precision on CPUs.
    """
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    single, double = tf.float32.as_datatype_enum, tf.float64.as_datatype_enum
    for node in result.node:
        for attribute in node.attr.values():
            if attribute.type == single:
                attribute.type = double
            for i, kind in enumerate(attribute.list.type):
                if kind == single:
                    attribute.list.type[i] = double
            if attribute.HasField("tensor") and attribute.tensor.dtype == single:
                values = tf.make_ndarray(attribute.tensor).astype("float64")
                attribute.tensor.CopyFrom(tf.make_tensor_proto(values))
    by_name = {node.name: node for node in result.node}
    for node in list(result.node):
        if node.op in ("Conv2D", "DepthwiseConv2dNative"):
            _undilate(node, by_name, result)
    return result


def _undilate(node: Any, by_name: dict[str, Any], definition: Any) -> None:
    dilations = list(node.attr["dilations"].list.i) or [1, 1, 1, 1]
    values = _constant(by_name, node.input[1])
    if max(dilations) == 1 or values is None or node.attr["data_format"].s == b"NCHW":
        return
    rows, columns = dilations[1:3]
    size = ((values.shape[0] - 1) * rows + 1, (values.shape[1] - 1) * columns + 1)
    spread = np.zeros((*size, *values.shape[2:]), values.dtype)
    spread[::rows, ::columns] = values
    written = definition.node.add(name=f"{node.name}/written_out", op="Const")
    written.attr["dtype"].type = tf.float64.as_datatype_enum
    written.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(spread))
    node.input[1] = written.name
    node.attr["dilations"].list.i[:] = [1, 1, 1, 1]
