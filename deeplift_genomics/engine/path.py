"""The operations between the sequence and the explained tensors, and copies of the graph.

An input of an operation is *live* if its value depends on the sequence. An input that depends only
on the shape of the sequence, or on controls, is not live.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deeplift_genomics.graph.backend import tf
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

    `prefix` must be unique within a trace; `values` maps input names to tensors.
    """

    def __init__(self, frozen: FrozenGraph, values: Mapping[str, tf.Tensor], prefix: str) -> None:
        # import_graph_def requires that all of input_map is used, and a head may ignore a control
        used = {
            name.split(":")[0].lstrip("^") for node in frozen.definition.node for name in node.input
        }
        input_map = {
            frozen.inputs[name]: value
            for name, value in values.items()
            if frozen.inputs[name].split(":")[0] in used
        }
        self._graph = tf.compat.v1.get_default_graph()
        input_map |= {name: tf.identity(value) for name, value in frozen.weights.items()}
        with tf.name_scope(prefix) as scope:
            definition = with_listed_functions(frozen.definition)
            tf.graph_util.import_graph_def(definition, input_map=input_map, name="graph")
        self._scope = f"{scope}graph"
        self._replaced = {frozen.inputs[name]: value for name, value in values.items()}

    def operation(self, name: str) -> tf.Operation:
        """Return this copy's operation, by its name in the frozen graph."""
        return self._graph.get_operation_by_name(f"{self._scope}/{name}")

    def tensor(self, name: str) -> tf.Tensor:
        """Return this copy's tensor, by its name in the frozen graph."""
        if name in self._replaced:
            return self._replaced[name]
        return self._graph.get_tensor_by_name(f"{self._scope}/{name}")


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
