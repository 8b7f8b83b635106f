"""Values that are the same for every sequence, and the sides of conditions that they choose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from numpy.typing import NDArray

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import constant, producer

SWITCHES = ("RefSwitch", "Switch")
MERGES = ("Merge", "RefMerge")


def value_of(nodes: Mapping[str, Any], name: str) -> NDArray | None:
    """Return the value of a tensor, given the nodes by name; None unless constants determine it."""
    found = constant(nodes, name)
    if found is not None:
        return found
    needed, waiting = {producer(name)}, [producer(name)]
    while waiting:
        node = nodes[waiting.pop()]
        if not node.input and node.op != "Const":
            return None
        fresh = {producer(item) for item in node.input if not item.startswith("^")} - needed
        needed |= fresh
        waiting += fresh
    definition = tf.compat.v1.GraphDef()
    for item in needed:
        node = definition.node.add()
        node.CopyFrom(nodes[item])
        data = [item for item in node.input if not item.startswith("^")]
        del node.input[:]
        node.input.extend(data)
    graph = tf.Graph()
    with graph.as_default():
        try:
            (tensor,) = tf.graph_util.import_graph_def(
                definition, return_elements=[name if ":" in name else f"{name}:0"], name=""
            )
        except ValueError:  # it calls a function
            return None
    if any(operation.op_def.is_stateful for operation in graph.get_operations()):
        return None
    with tf.compat.v1.Session(graph=graph) as session:
        return session.run(tensor)


def choose_sides(nodes: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return tensor -> the tensor that it equals, for conditions of TensorFlow 1.

    Such a condition passes its tensors to one of two sides by `Switch`, and joins them by `Merge`.
    What is on the side that a constant does not choose is never computed.
    """
    moved: dict[str, list[str]] = {}
    if not any(node.op in SWITCHES for node in nodes.values()):
        return moved
    never: set[str] = set()  # tensors, and "^name" for whole operations
    for node in in_order(nodes):
        dropped = [name in never or f"^{producer(name)}" in never for name in node.input]
        if node.op in MERGES:
            kept = [name for name, gone in zip(node.input, dropped, strict=True) if not gone]
            kept = [name for name in kept if not name.startswith("^")]
            if len(kept) == 1:
                moved |= {node.name: kept, f"^{node.name}": [f"^{producer(kept[0])}"]}
            elif not kept:
                never.add(f"^{node.name}")
        elif any(dropped):
            never.add(f"^{node.name}")
        elif node.op in SWITCHES and (value := value_of(nodes, node.input[1])) is not None:
            sides = [node.name, f"{node.name}:1"]
            never.add(sides[not value])
            moved |= {sides[bool(value)]: [node.input[0]]}
    return moved


def in_order(nodes: Mapping[str, Any]) -> Iterator[Any]:
    """Yield nodes, each after those of its inputs; where they run in a circle, some come before."""
    entered: set[str] = set()
    for first in nodes:
        stack = [(first, False)]
        while stack:
            name, inputs_done = stack.pop()
            if inputs_done:
                yield nodes[name]
            elif name not in entered:
                entered.add(name)
                stack.append((name, True))
                stack += [(producer(item), False) for item in reversed(nodes[name].input)]
