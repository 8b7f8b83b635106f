"""The operations between the sequence and the explained tensors, and copies of the graph.

An input of an operation is *live* if its value depends on the sequence. An input that depends only
on the shape of the sequence, or on controls, is not live.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import producer
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.functions import with_listed_functions
from deeplift_genomics.graph.operations import having

SHAPE_ONLY = having("shape_only")
RANDOM = having("random")


@dataclass(frozen=True)
class PathOperation:
    """An operation on the path, with the positions of its live inputs."""

    name: str
    type: str
    live: tuple[int, ...]


def live_path(frozen: FrozenGraph, source: str, sinks: Iterable[str]) -> list[PathOperation]:
    """Return the operations between the tensors `source` and `sinks`, each after its inputs'."""
    graph = frozen.graph
    start = graph.get_tensor_by_name(source).op
    live: dict[str, bool] = {start.name: True}
    entered: set[str] = set()
    ordered: list[tf.Operation] = []
    # depth first without recursion: deep models have thousands of operations in a row
    stack = [(graph.get_tensor_by_name(sink).op, False) for sink in sinks]
    while stack:
        operation, inputs_done = stack.pop()
        if operation.name in live:
            continue
        if not inputs_done:
            if operation.name in entered:  # a loop, whose operations have no rules
                continue
            entered.add(operation.name)
            stack.append((operation, True))
            stack.extend((tensor.op, False) for tensor in operation.inputs)
            continue
        live[operation.name] = operation.type not in SHAPE_ONLY and any(
            live.get(tensor.op.name, True) for tensor in operation.inputs
        )
        if live[operation.name]:
            ordered.append(operation)
    return [
        PathOperation(
            operation.name,
            operation.type,
            tuple(i for i, tensor in enumerate(operation.inputs) if live.get(tensor.op.name, True)),
        )
        for operation in ordered
    ]


def random_operations(frozen: FrozenGraph, sinks: Iterable[str]) -> list[tf.Operation]:
    """Return the random operations on which `sinks` depend, on the path or beside it."""
    waiting = [frozen.tensor(sink).op for sink in sinks]
    seen = {operation.name for operation in waiting}
    found = []
    while waiting:
        operation = waiting.pop()
        if "Random" in operation.type or operation.type in RANDOM:
            found.append(operation)
        for tensor in operation.inputs:
            if tensor.op.name not in seen:
                seen.add(tensor.op.name)
                waiting.append(tensor.op)
    return found


class GraphCopy:
    """The frozen graph, evaluated on given inputs inside the graph that is being built.

    A convolution of `FrozenGraph.minimal` is here as an operation, for rules to look at, but what
    reads its output gets that of `Convolution.forward`: the graph is copied in pieces, cut behind
    such convolutions.

    `prefix` must be unique within a trace; `values` maps input names to tensors.
    """

    def __init__(self, frozen: FrozenGraph, values: Mapping[str, tf.Tensor], prefix: str) -> None:
        self._operations: dict[str, tf.Operation] = {}
        self._given = {frozen.inputs[name]: value for name, value in values.items()}
        outside = {f"{name}:0": tf.identity(value) for name, value in frozen.weights.items()}
        self._given |= outside
        definition = with_listed_functions(frozen.definition)
        with tf.name_scope(prefix):
            for piece in _pieces(definition, frozen):
                self._add(piece)
                name = piece.node[-1].name
                if name in frozen.minimal:
                    x = self.operation(name).inputs[0]
                    self._given[f"{name}:0"] = frozen.minimal[name].forward(x)

    def _add(self, piece: Any) -> None:
        """Add some operations of the graph, whose inputs are known."""
        names = [node.name for node in piece.node]
        inside = {*names} - {producer(name) for name in self._given}
        read = {name for node in piece.node for name in node.input}
        inputs = {name: self._source(name) for name in read if producer(name) not in inside}
        found = tf.graph_util.import_graph_def(
            piece, input_map=inputs, return_elements=names, name="graph"
        )
        self._operations |= dict(zip(names, found, strict=True))

    def _source(self, name: str) -> tf.Tensor:
        """Return what an operation's input, or one of control, is in this copy."""
        if name.startswith("^"):
            return self._operations[name[1:]].outputs[0]
        return self.tensor(name if ":" in name else f"{name}:0")

    def operation(self, name: str) -> tf.Operation:
        """Return this copy's operation, by its name in the frozen graph."""
        return self._operations[name]

    def tensor(self, name: str) -> tf.Tensor:
        """Return this copy's tensor, by its name in the frozen graph."""
        if name in self._given:
            return self._given[name]
        operation, _, position = name.partition(":")
        return self.operation(operation).outputs[int(position)]


def _pieces(definition: Any, frozen: FrozenGraph) -> Iterator[Any]:
    """Yield a graph in pieces, each of which ends with a convolution that is computed otherwise."""
    piece = tf.compat.v1.GraphDef(versions=definition.versions, library=definition.library)
    if not frozen.minimal:
        piece.node.extend(definition.node)
        yield piece
        return
    nodes = {node.name: node for node in definition.node}
    for operation in frozen.graph.get_operations():  # each after those that it reads
        piece.node.append(nodes[operation.name])
        if operation.name in frozen.minimal:
            yield piece
            del piece.node[:]
    if piece.node:
        yield piece


def shapes_of(frozen: FrozenGraph, tensors: Sequence[str]) -> list[list[int | None]]:
    """Return the shapes of tensors for one window, of which more is known than for any number."""
    specs = {}
    for name, source in frozen.inputs.items():
        like = frozen.tensor(source)
        specs[name] = tf.TensorSpec((1, *like.shape[1:]), like.dtype)
    found: list[list[int | None]] = []

    @tf.function(autograph=False, input_signature=[specs])
    def trace(values: dict[str, tf.Tensor]) -> None:
        copy = GraphCopy(frozen, values, "shapes")
        shapes = (copy.tensor(name).shape for name in tensors)
        found.extend([] if shape.rank is None else shape.as_list() for shape in shapes)

    trace.get_concrete_function()
    return found


def repeat_operation(operation: tf.Operation, inputs: Sequence[tf.Tensor]) -> list[tf.Tensor]:
    """Return the outputs of the same operation on other inputs."""
    definition = tf.compat.v1.GraphDef()
    node = definition.node.add()
    node.CopyFrom(operation.node_def)
    del node.input[:]
    input_map = {}
    for i, tensor in enumerate(inputs):
        if tensor.graph is not tf.compat.v1.get_default_graph():
            tensor = tf.identity(tensor)  # of the graph around a loop, in which importing looks
        placeholder = definition.node.add()
        placeholder.name, placeholder.op = f"input_{i}", "Placeholder"
        placeholder.attr["dtype"].type = tensor.dtype.as_datatype_enum
        node.input.append(f"input_{i}")
        input_map[f"input_{i}:0"] = tensor
    node.name = "again"
    outputs = [f"again:{i}" for i in range(len(operation.outputs))]
    return tf.graph_util.import_graph_def(
        definition, input_map=input_map, return_elements=outputs, name="again"
    )
