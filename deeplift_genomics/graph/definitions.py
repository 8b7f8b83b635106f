"""Tools for rewriting a frozen graph: reading its constants, and replacing operations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from deeplift_genomics.graph.backend import tf

# replacement of an operation: a function, and the tensors that it takes
Written = tuple[Callable[..., tf.Tensor], Sequence[tf.Tensor]]


def producer(name: str) -> str:
    """Return the operation that gives an input: that of ``^a`` and ``a:1`` is ``a``."""
    return name.lstrip("^").split(":")[0]


def constant(nodes: Mapping[str, Any], name: str) -> NDArray | None:
    """Return the value of an input, given the nodes by name; None if it is not constant."""
    node = nodes[producer(name)]
    while node.op == "Identity":
        node = nodes[producer(node.input[0])]
    return tf.make_ndarray(node.attr["value"].tensor) if node.op == "Const" else None


def replace_operations(
    definition: Any, kind: str, write: Callable[[tf.Operation], Written | None]
) -> Any:
    """Replace the operations of one kind, except where `write` returns None.

    The replacement has one output, which gets the name of the operation's first; the names of all
    other operations stay.
    """
    if all(node.op != kind for node in definition.node):
        return definition
    graph = tf.Graph()
    with graph.as_default():
        tf.graph_util.import_graph_def(definition, name="")
    result = tf.compat.v1.GraphDef()
    result.CopyFrom(definition)
    del result.node[:]
    for node in definition.node:
        written = write(graph.get_operation_by_name(node.name)) if node.op == kind else None
        if written is None:
            result.node.add().CopyFrom(node)
        else:
            result.node.extend(_nodes(node, *written))
    return result


def _nodes(node: Any, function: Callable, tensors: Sequence[tf.Tensor]) -> list[Any]:
    """Return the nodes of a function of tensors, under the name of the node that it replaces."""
    with tf.Graph().as_default() as fragment:
        inputs = [
            tf.compat.v1.placeholder(tensor.dtype, tensor.shape, f"input_{i}")
            for i, tensor in enumerate(tensors)
        ]
        tf.identity(function(*inputs), "result")
    names = {f"input_{i}": tensor.name.removesuffix(":0") for i, tensor in enumerate(tensors)}
    nodes = [new for new in fragment.as_graph_def().node if new.name not in names]
    names |= {new.name: f"{node.name}/written/{new.name}" for new in nodes} | {"result": node.name}
    for new in nodes:
        read = [names[producer(name)] for name in new.input]
        new.name = names[new.name]
        del new.input[:]
        new.input.extend(read)
    nodes[-1].input.extend(name for name in node.input if name.startswith("^"))
    return nodes


def saved_operations(path: Path) -> set[str]:
    """Return the types of all operations in the graphs and functions of a ``saved_model.pb``."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = SavedModel.FromString(path.read_bytes())
    graphs = [item.graph_def for item in saved.meta_graphs]
    nodes = [graph.node for graph in graphs]
    nodes += [function.node_def for graph in graphs for function in graph.library.function]
    return {node.op for some in nodes for node in some}
