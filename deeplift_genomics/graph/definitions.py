"""Tools for rewriting a frozen graph: reading its constants, writing operations anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from deeplift_genomics.graph.backend import tf

# what an operation is to be written as: a function, and the tensors that it takes
Written = tuple[Callable[..., tf.Tensor], Sequence[tf.Tensor]]


def producer(name: str) -> str:
    """The operation that an input names: ``^a`` and ``a:1`` are of a."""
    return name.lstrip("^").split(":")[0]


def constant(nodes: Mapping[str, Any], name: str) -> NDArray | None:
    """The value of an input, given the nodes by name; None where it is not constant."""
    node = nodes[producer(name)]
    while node.op == "Identity":
        node = nodes[producer(node.input[0])]
    return tf.make_ndarray(node.attr["value"].tensor) if node.op == "Const" else None


def replace_operations(
    definition: Any, kind: str, write: Callable[[tf.Operation], Written | None]
) -> Any:
    """A graph whose operations of one kind are written anew, but for where `write` gives None.

    What is written has one output, which takes the name of the first of the operation it stands
    for; the names of all others are kept.
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
    """The nodes of a function of tensors, under the name of the node that it stands for."""
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
    """Types of all operations in the graphs and functions of a ``saved_model.pb``."""
    from tensorflow.core.protobuf.saved_model_pb2 import SavedModel

    saved = SavedModel.FromString(path.read_bytes())
    graphs = [item.graph_def for item in saved.meta_graphs]
    nodes = [graph.node for graph in graphs]
    nodes += [function.node_def for graph in graphs for function in graph.library.function]
    return {node.op for some in nodes for node in some}
