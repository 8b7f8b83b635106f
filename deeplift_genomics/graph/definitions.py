"""Tools for rewriting a frozen graph: reading its constants, and replacing operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    """Return the value of an input, given the nodes by name; None if no constant node gives it."""
    node = nodes[producer(name)]
    while node.op in ("Identity", "PlaceholderWithDefault"):
        node = nodes[producer(node.input[0])]
    return tf.make_ndarray(node.attr["value"].tensor) if node.op == "Const" else None


def constant_node(name: str, value: Any) -> Any:
    """Return a node that gives a value."""
    node = tf.compat.v1.NodeDef(name=name, op="Const")
    proto = tf.make_tensor_proto(value)
    node.attr["dtype"].type = proto.dtype
    node.attr["value"].tensor.CopyFrom(proto)
    return node


def set_inputs(node: Any, names: Iterable[str]) -> None:
    """Give a node other inputs, each once if it is one of control, and those of control last."""
    names = [name.removesuffix(":0") for name in names]
    controls = dict.fromkeys(name for name in names if name.startswith("^"))
    del node.input[:]
    node.input.extend([name for name in names if not name.startswith("^")])
    node.input.extend(controls)


def follow(name: str, moved: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the new names of a tensor, or of an input of control: ``moved[name]``, and so on."""
    name = name.removesuffix(":0")
    if name not in moved:
        return [name]
    return [last for new in moved[name] for last in follow(new, moved)]


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
        read = [names[producer(name)] + name[len(producer(name)) :] for name in new.input]
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
