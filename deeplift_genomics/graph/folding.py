"""Values that are the same for every sequence, and the sides of conditions that they choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import constant, constant_node, producer, set_inputs

SWITCHES = ("RefSwitch", "Switch")
MERGES = ("Merge", "RefMerge")


# sizes of a batch that are tried: what is the same for all of them does not depend on its size
SIZES = (1, 2, 37, 1_000_003)

# name of a tensor -> its shape, with None for open sizes; None if its rank is unknown
ShapeOf = Callable[[str], Sequence[int | None] | None]


def value_of(nodes: Mapping[str, Any], name: str, shape_of: ShapeOf | None = None) -> Any:
    """Return the value of a tensor, given the nodes by name; None unless constants determine it.

    With `shape_of` the shapes of tensors count as constants, where the value is the same whatever
    the open sizes are.
    """
    found = constant(nodes, name)
    if found is not None:
        return found
    needed, waiting = {producer(name)}, [producer(name)]
    shapes: dict[str, Sequence[int | None]] = {}
    while waiting:
        node = nodes[waiting.pop()]
        shape = shape_of(node.input[0]) if shape_of and node.op == "Shape" else None
        if shape is not None:
            shapes[node.name] = shape
            continue
        if not node.input and node.op != "Const":
            return None
        fresh = {producer(item) for item in node.input if not item.startswith("^")} - needed
        needed |= fresh
        waiting += fresh
    values = []
    for size in SIZES if shapes else SIZES[:1]:
        known = {item: _filled(nodes[item], shape, size) for item, shape in shapes.items()}
        values.append(_evaluated([known.get(item, nodes[item]) for item in needed], name))
    return None if any(not np.array_equal(values[0], value) for value in values) else values[0]


def _filled(node: Any, shape: Sequence[int | None], size: int) -> Any:
    """Return a constant in place of an operation that gives a shape, of that size where open."""
    kind = tf.as_dtype(node.attr["out_type"].type or tf.int32).as_numpy_dtype
    return constant_node(node.name, np.array([size if n is None else n for n in shape], kind))


def _evaluated(needed: Iterable[Any], name: str) -> Any:
    """Return the value of a tensor that nodes compute; None if it may be another each time."""
    definition = tf.compat.v1.GraphDef()
    for item in needed:
        node = definition.node.add()
        node.CopyFrom(item)
        set_inputs(node, [name for name in node.input if not name.startswith("^")])
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
