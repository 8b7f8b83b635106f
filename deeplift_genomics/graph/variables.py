"""Variables of a traced function, replaced by their values.

Large values stay outside the graph, as tensors that it takes as further inputs: each copy of a
graph copies its constants.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import constant_node, producer, set_inputs
from deeplift_genomics.graph.flat import FlatGraph

# values of this many numbers or more stay outside the graph
LARGE = 1 << 16

# the attribute of a node whose constant was taken out
MARK = "_taken_out"

# name of an operation without inputs -> the value that it gives
Weights = dict[str, tf.Tensor]


def without_variables(concrete: Any) -> tuple[Any, list[str], Weights]:
    """Return a traced function as one flat graph, the names of its outputs, and its large weights.

    Raises
    ------
    ModelError
        If it reads a variable that it has changed before.
    """
    captured = {inside.op.name: value for value, inside in concrete.graph.captures}
    apart: Weights = {}
    flat = _flat(concrete, captured, apart)
    reading = _Reading(flat, captured)
    _flatten(flat, reading.replace)
    reading.check_unchanged()
    definition = flat.definition
    if reading.is_left():  # in a loop, which has no rule, but may be beside the path
        frozen = convert_variables_to_constants_v2(concrete, lower_control_flow=False)
        flat = _flat(frozen, {}, apart)
        _flatten(flat, lambda: None)
        definition = flat.definition
    return definition, flat.outputs, reading.weights | _named(definition, apart)


def _flat(function: Any, captured: Mapping[str, Any], apart: Weights) -> FlatGraph:
    """Return the graph of a traced function; its large constants go into `apart`."""
    inputs = [item.op.name for item in function.inputs if item.op.name not in captured]
    definition = function.graph.as_graph_def()
    _take_out(definition, apart)
    return FlatGraph(definition, inputs, [output.name for output in function.outputs])


def _flatten(flat: FlatGraph, replace: Callable[[], None]) -> None:
    """Write out calls, and the branches that constants choose, until there are none."""
    while True:
        flat.write_out_calls()
        replace()
        if not flat.make_choices():
            return


def _take_out(definition: Any, apart: Weights) -> None:
    """Take large constants out of a graph and its functions, and mark the nodes that gave them.

    Functions often hold the same constants: each value is kept once.
    """
    functions = definition.library.function
    for node in [*definition.node, *(node for item in functions for node in item.node_def)]:
        proto = node.attr["value"].tensor if node.op == "Const" else None
        if proto is None or not tf.as_dtype(proto.dtype).is_floating:
            continue
        if math.prod(axis.size for axis in proto.tensor_shape.dim) >= LARGE:
            mark = hashlib.sha256(proto.SerializeToString(deterministic=True)).hexdigest()
            if mark not in apart:
                apart[mark] = tf.constant(tf.make_ndarray(proto))
            leave_open(node, apart[mark])
            node.attr[MARK].s = mark.encode()


def _named(definition: Any, apart: Weights) -> Weights:
    """Return the values of the marked nodes of a graph, without the marks."""
    marked = [node for node in definition.node if MARK in node.attr]
    return {node.name: apart[node.attr.pop(MARK).s.decode()] for node in marked}


def leave_open(node: Any, value: tf.Tensor) -> None:
    """Make a node one whose value comes from outside the graph."""
    node.op = "Placeholder"
    node.attr.clear()
    node.attr["dtype"].type = value.dtype.as_datatype_enum
    node.attr["shape"].shape.CopyFrom(value.shape.as_proto())


class _Reading:
    """The operations of a flat graph that read variables, and the values that they read.

    `captured` maps operations without inputs to the variables and tensors that they stand for.
    """

    def __init__(self, flat: FlatGraph, captured: Mapping[str, Any]) -> None:
        self.weights: Weights = {}
        self._flat, self._given = flat, set[str]()
        self._read_by: dict[str, str] = {}  # operation -> variable
        self._variables = {name: v for name, v in captured.items() if v.dtype == tf.resource}
        for name in captured.keys() & flat.nodes.keys() - self._variables.keys():
            self._give(name, captured[name])

    def replace(self) -> None:
        """Replace operations that read variables by operations on their values."""
        for node in list(self._flat.nodes.values()):
            variable = self._variable_of(node)
            if variable is not None and node.op in READERS and node.name not in self._read_by:
                if "dtype" in node.attr and variable not in self._given:
                    kind = node.attr["dtype"].type
                    handle = self._variables[variable]
                    self._give(variable, tf.raw_ops.ReadVariableOp(resource=handle, dtype=kind))
                self._read_by[node.name] = variable
                added = READERS[node.op](node, variable)
                self._flat.nodes |= {item.name: item for item in added}

    def is_left(self) -> bool:
        """Tell whether an operation needs a variable itself."""
        return any(
            node.op in READERS or node.op == "VariableV2" or self._takes_variable(node)
            for node in self._flat.nodes.values()
        )

    def check_unchanged(self) -> None:
        """Raise ModelError if the outputs depend on a variable after it has been changed."""
        changes = {
            name: variable
            for name, node in self._flat.nodes.items()
            if self._takes_variable(node) and (variable := self._variable_of(node))
        }
        for name in self._flat.read(controls=False) & self._read_by.keys() if changes else ():
            variable = self._read_by[name]
            before = self._flat.read([name]) - {name}
            if any(changes.get(item) == variable for item in before):
                raise ModelError(
                    f"the model changes a variable ({variable}) and then reads it ({name}), so "
                    "its output depends on what it has predicted before. Save it in inference "
                    "mode (training=False), without that change"
                )

    def _takes_variable(self, node: Any) -> bool:
        """Tell whether a node takes a variable itself, to do more than to pass it on."""
        passes = node.op == "Identity" or node.name in self._read_by
        return not passes and self._variable_of(node) is not None

    def _variable_of(self, node: Any) -> str | None:
        """Return the variable that a node takes, if any."""
        for name in node.input:
            name = producer(name)
            while self._flat.nodes[name].op == "Identity" and name not in self._read_by:
                name = producer(self._flat.nodes[name].input[0])
            if name in self._variables and not name.startswith("^"):
                return name
        return None

    def _give(self, name: str, value: tf.Tensor) -> None:
        """Make an operation without inputs give a value."""
        node = self._flat.nodes[name]
        self._given.add(name)
        if value.shape.num_elements() >= LARGE and value.dtype.is_floating:
            leave_open(node, value)
            self.weights[name] = value
        else:
            node.CopyFrom(constant_node(name, value.numpy()))


# --- operations that read a variable -> the same on its value ----------------------------------


def _identity(node: Any, variable: str) -> list[Any]:
    """Make a node give the value; return nodes to add."""
    kind = node.attr["dtype"].type
    _become(node, "Identity", [variable], T=kind)
    return []


def _gather(node: Any, variable: str) -> list[Any]:
    """Make a node look up rows of the value; return nodes to add."""
    batch = node.attr["batch_dims"].i
    axis = constant_node(f"{node.name}/axis", np.int32(batch))
    kinds = {"Tparams": node.attr["dtype"].type, "Tindices": node.attr["Tindices"].type}
    inputs = [variable, node.input[1], axis.name]
    _become(node, "GatherV2", inputs, Taxis=tf.int32.as_datatype_enum, **kinds)
    node.attr["batch_dims"].i = batch
    return [axis]


def _become(node: Any, operation: str, inputs: list[str], **kinds: int) -> None:
    """Make a node another operation on other inputs; its inputs of control stay."""
    set_inputs(node, inputs + [name for name in node.input if name.startswith("^")])
    node.op = operation
    node.attr.clear()
    for name, kind in kinds.items():
        node.attr[name].type = kind


def _is_there(node: Any, variable: str) -> list[Any]:
    """Make a node say that the value is known; return nodes to add."""
    node.CopyFrom(constant_node(node.name, True))
    return []


READERS: dict[str, Callable[[Any, str], list[Any]]] = {
    "ReadVariableOp": _identity,
    "ResourceGather": _gather,
    "VarIsInitializedOp": _is_there,
}
