"""The floating-point type of a graph: every part of it is made of one type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from tensorflow.python.framework import op_def_registry

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

FLOATING = {
    kind.as_datatype_enum: kind for kind in (tf.float16, tf.bfloat16, tf.float32, tf.float64)
}

# operations that compute nothing, and inputs
UNCOUNTED = having("moves") | {"Placeholder"}


def floating_types(definition: Any, weights: Mapping[str, tf.Tensor]) -> tuple[str, ...]:
    """Return the floating-point types in which a graph computes, in alphabetical order."""
    kinds = {value.dtype.as_datatype_enum for value in weights.values()}
    for node in definition.node:
        if node.op not in UNCOUNTED:
            for value in node.attr.values():
                kinds |= {value.type, *value.list.type}
    return tuple(sorted(FLOATING[kind].name for kind in kinds & FLOATING.keys()))


def in_type(definition: Any, dtype: tf.DType) -> Any:
    """Return the same graph with all its floating-point numbers of one type.

    Constants keep their values, as near as the type comes to them. A conversion between
    floating-point types gives its input unchanged.
    """
    if _all_of(definition, dtype):
        return definition
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    for function in result.library.function:
        for item in (*function.signature.input_arg, *function.signature.output_arg):
            item.type = _replaced(item.type, dtype)
    for node in [*result.node, *(n for f in result.library.function for n in f.node_def)]:
        node.ClearField("experimental_type")
        for attribute in node.attr.values():
            _set(attribute, dtype)
        if node.op == "Cast" and node.attr["SrcT"].type == node.attr["DstT"].type:
            kind = node.attr["SrcT"].type
            node.op = "Identity"
            node.attr.clear()
            node.attr["T"].type = kind
    for node in [node for node in result.node if _gives_float32(node)]:
        _convert_output(node, result, dtype)
    return result


def _gives_float32(node: Any) -> bool:
    """Tell whether an operation gives one output, in float32 whatever it takes."""
    operation = op_def_registry.get(node.op)
    outputs = operation.output_arg if operation else []
    return len(outputs) == 1 and outputs[0].type == tf.float32.as_datatype_enum


def _convert_output(node: Any, definition: Any, dtype: tf.DType) -> None:
    """Convert the output of an operation, under its name, to the wanted type."""
    if dtype != tf.float32:
        converted = definition.node.add(name=node.name, op="Cast")
        node.name = f"{node.name}/in_float32"
        converted.input.append(node.name)
        converted.attr["SrcT"].type = tf.float32.as_datatype_enum
        converted.attr["DstT"].type = dtype.as_datatype_enum


def _all_of(definition: Any, dtype: tf.DType) -> bool:
    """Tell whether no other floating-point type is in a graph."""
    nodes = [*definition.node, *(n for f in definition.library.function for n in f.node_def)]
    found = {kind for node in nodes for a in node.attr.values() for kind in (a.type, *a.list.type)}
    return not found & (FLOATING.keys() - {dtype.as_datatype_enum})


def _replaced(kind: int, dtype: tf.DType) -> int:
    """Return the wanted type in place of a floating-point one."""
    return dtype.as_datatype_enum if kind in FLOATING else kind


def _set(attribute: Any, dtype: tf.DType) -> None:
    """Replace the floating-point types, and constants, in an attribute of a node."""
    if attribute.type in FLOATING:
        attribute.type = dtype.as_datatype_enum
    for i, kind in enumerate(attribute.list.type):
        attribute.list.type[i] = _replaced(kind, dtype)
    if attribute.HasField("tensor") and attribute.tensor.dtype in FLOATING:
        values = converted(tf.make_ndarray(attribute.tensor), dtype)
        attribute.tensor.CopyFrom(tf.make_tensor_proto(values))


def converted(values: np.ndarray, dtype: tf.DType) -> np.ndarray:
    """Return numbers in another type.

    A number too large for it becomes its largest, and one too small its smallest normal number: a
    model adds such numbers to hide places, or to keep from dividing by zero.
    """
    limits, wide = np.finfo(dtype.as_numpy_dtype), values.astype(np.float64)
    size = np.abs(wide)
    fitted = np.where(np.isfinite(wide), np.clip(size, limits.tiny, limits.max), size)
    changed = (fitted != size) & (size != 0)
    return np.where(changed, np.copysign(fitted, wide), wide).astype(dtype.as_numpy_dtype)
