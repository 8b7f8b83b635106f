"""Rewrites of a frozen graph into an equal one that the rules can take.

Each takes and returns a GraphDef; names of operations that stay are kept, and so are the names of
those that are replaced by several, whose last one takes the name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.engine import tf


def unfuse_normalisation(definition: Any) -> Any:
    """Batch normalisation at inference as the product and the sum that it is.

    y = (x - mean) a + offset, a = scale / sqrt(variance + epsilon), computed as x a + (offset -
    mean a). Only its first output may be used, and only with channels last.
    """
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    del result.node[:]
    for node in definition.node:
        plain = node.op == "FusedBatchNormV3" and not node.attr["is_training"].b
        if plain and node.attr["data_format"].s in (b"", b"NHWC"):
            result.node.extend(_unfused(node))
        else:
            result.node.add().CopyFrom(node)
    return result


def _unfused(node: Any) -> list[Any]:
    x, scale, offset, mean, variance = list(node.input)[:5]
    control = [name for name in node.input if name.startswith("^")]
    kind = node.attr["T"].type
    made = []

    def add(name: str, operation: str, *inputs: str) -> str:
        new = tf.compat.v1.NodeDef(name=name, op=operation, input=inputs, device=node.device)
        new.attr["T"].type = kind
        made.append(new)
        return name

    epsilon = tf.compat.v1.NodeDef(name=f"{node.name}/epsilon", op="Const")
    epsilon.attr["dtype"].type = kind
    value = tf.make_tensor_proto(node.attr["epsilon"].f, tf.as_dtype(kind), shape=())
    epsilon.attr["value"].tensor.CopyFrom(value)
    made.append(epsilon)
    spread = add(f"{node.name}/spread", "AddV2", variance, epsilon.name)
    factor = add(f"{node.name}/rsqrt", "Rsqrt", spread)
    factor = add(f"{node.name}/factor", "Mul", factor, scale)
    shift = add(f"{node.name}/shift", "Mul", mean, factor)
    shift = add(f"{node.name}/offset", "Sub", offset, shift)
    scaled = add(f"{node.name}/scaled", "Mul", x, factor)
    add(node.name, "AddV2", scaled, shift, *control)
    return made


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
    kernel = by_name[node.input[1].split(":")[0]]
    while kernel.op == "Identity":
        kernel = by_name[kernel.input[0].split(":")[0]]
    if max(dilations) == 1 or kernel.op != "Const" or node.attr["data_format"].s == b"NCHW":
        return
    values = tf.make_ndarray(kernel.attr["value"].tensor)
    rows, columns = dilations[1:3]
    size = ((values.shape[0] - 1) * rows + 1, (values.shape[1] - 1) * columns + 1)
    spread = np.zeros((*size, *values.shape[2:]), values.dtype)
    spread[::rows, ::columns] = values
    written = definition.node.add()
    written.CopyFrom(kernel)
    written.name = f"{node.name}/written_out"
    written.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(spread))
    node.input[1] = written.name
    node.attr["dilations"].list.i[:] = [1, 1, 1, 1]
