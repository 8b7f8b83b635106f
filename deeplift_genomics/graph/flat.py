"""A traced graph made flat: functions written out where they are called, constant choices made.

TensorFlow keeps a function that is called, and the branches of a condition, apart from the graph.
Here the body of a called function takes the place of its call, and so does the branch of a
condition that is the same for every sequence, such as a flag that says whether the model trains.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tensorflow.python.framework.function_def_to_graph import function_def_to_graph_def

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import follow, producer, set_inputs
from deeplift_genomics.graph.folding import ShapeOf, choose_sides, value_of
from deeplift_genomics.graph.operations import having

CALLS = having("call")
CONDITIONS = having("condition")


class FlatGraph:
    """A graph whose calls are replaced, one after another, by the functions that they call.

    `nodes` maps names to nodes; those that no output reads go, but for the `inputs`. `outputs` are
    names of tensors. A function's body gets the name of its call in front:
    ``StatefulPartitionedCall/model/conv/Relu``.
    """

    def __init__(self, definition: Any, inputs: Iterable[str], outputs: Iterable[str]) -> None:
        self.nodes = {node.name: node for node in definition.node}
        self.library, self.versions = definition.library, definition.versions
        for node in self.nodes.values():
            set_inputs(node, list(node.input))
        self._inputs = set(inputs)
        self.outputs = [name.removesuffix(":0") for name in outputs]
        self._functions = {item.signature.name: item for item in self.library.function}
        self._scratch = tf.Graph()  # knows the functions, which name each other
        with self._scratch.as_default():
            tf.graph_util.import_graph_def(self._with([]), name="")
        self._drop_unread()

    @property
    def definition(self) -> Any:
        """The graph, without the order that inputs of control demand, and what that alone needs."""
        self._drop_unread(controls=False)
        for node in self.nodes.values():
            set_inputs(node, [name for name in node.input if not name.startswith("^")])
            node.attr.pop("_class", None)  # may name a node that is gone
        return self._with(self.nodes.values())

    def write_out_calls(self) -> None:
        """Put the bodies of all functions that are called into the graph, and those within them."""
        while calls := [node for node in self.nodes.values() if node.op in CALLS]:
            moved: dict[str, list[str]] = {}
            for call in calls:
                moved |= self._write_out(call)
            self._rename(moved)

    def make_choices(self) -> bool:
        """Replace conditions that are constant by what they choose; return whether there were any.

        A branch that is a function is then a call.
        """
        conditions = [node for node in self.nodes.values() if node.op in CONDITIONS]
        chosen = [self._choose(node) for node in conditions]
        if conditions and not any(chosen):
            shape_of = self._shapes()
            chosen = [self._choose(node, shape_of) for node in conditions]
        moved = choose_sides(self.nodes)
        self._rename(moved)
        return any(chosen) or bool(moved)

    def _with(self, nodes: Iterable[Any]) -> Any:
        """Return a definition with these nodes and all functions."""
        definition = tf.compat.v1.GraphDef(library=self.library, versions=self.versions)
        definition.node.extend(nodes)
        return definition

    def read(self, outputs: Iterable[str] = (), *, controls: bool = True) -> set[str]:
        """Return the nodes that `outputs`, or all outputs, read; inputs of control may count."""
        waiting = [producer(name) for name in outputs or self.outputs]
        found = set(waiting)
        while waiting:
            names = [n for n in self.nodes[waiting.pop()].input if controls or n[0] != "^"]
            fresh = {producer(name) for name in names} - found
            found |= fresh
            waiting += fresh
        return found

    def _drop_unread(self, controls: bool = True) -> None:
        """Drop the nodes that the outputs do not read."""
        found = self.read(controls=controls) | self._inputs
        self.nodes = {name: node for name, node in self.nodes.items() if name in found}

    def _rename(self, moved: Mapping[str, list[str]]) -> None:
        """Give tensors their new names, wherever they are read."""
        for node in self.nodes.values():
            if any(name in moved for name in node.input):
                set_inputs(node, [new for name in node.input for new in follow(name, moved)])
        self.outputs = [follow(name, moved)[0] for name in self.outputs]
        self._drop_unread()

    def _write_out(self, call: Any) -> dict[str, list[str]]:
        """Put the body of a function in place of its call; return names -> new names."""
        function = self._functions[call.attr["f"].func.name]
        with self._scratch.as_default():
            body, flat_name = function_def_to_graph_def(function)
        arguments = [item.name for item in function.signature.input_arg]
        data = [name for name in call.input if not name.startswith("^")]
        before = [name for name in call.input if name.startswith("^")]
        given = {name: [tensor] for name, tensor in zip(arguments, data, strict=True)}
        given |= {f"^{name}": before for name in arguments}

        def outside(name: str) -> list[str]:
            """Return the names in the whole graph of an input in the body."""
            name = name.removesuffix(":0")
            mark = "^" if name.startswith("^") else ""
            return given.get(name, [f"{mark}{call.name}/{name.removeprefix('^')}"])

        del self.nodes[call.name]
        for node in body.node:
            if node.name not in arguments:
                set_inputs(node, [new for name in node.input for new in outside(name)] + before)
                node.name = f"{call.name}/{node.name}"
                self.nodes[node.name] = node
        results = [function.ret[item.name] for item in function.signature.output_arg]
        results = [outside(flat_name[name])[0] for name in results]
        after = [f"^{call.name}/{name}" for name in function.control_ret.values()]
        after += [f"^{producer(name)}" for name in results]
        names = [call.name, *(f"{call.name}:{i}" for i in range(1, len(results)))]
        moved = {name: [new] for name, new in zip(names, results, strict=False)}
        return {**moved, f"^{call.name}": after}

    def _shapes(self) -> ShapeOf:
        """Return a function that gives the shape of a tensor, as far as it is known."""
        definition = self._with(self.nodes.values())
        for node in definition.node:
            node.attr.pop("_class", None)
        graph = tf.Graph()
        with graph.as_default():
            tf.graph_util.import_graph_def(definition, name="")

        def shape_of(name: str) -> Sequence[int | None] | None:
            shape = graph.get_tensor_by_name(name if ":" in name else f"{name}:0").shape
            return None if shape.rank is None else shape.as_list()

        return shape_of

    def _choose(self, node: Any, shape_of: ShapeOf | None = None) -> bool:
        """Make a condition a call of its branch, if it is constant; return whether it is."""
        value = value_of(self.nodes, node.input[0], shape_of)
        if value is None:
            return False
        branches = [item.name for item in node.attr["branches"].list.func]
        if branches:
            index = int(value) if 0 <= value < len(branches) else len(branches) - 1
        else:  # any number but 0 is true
            branches = [node.attr[name].func.name for name in ("else_branch", "then_branch")]
            index = int(bool(value))
        set_inputs(node, node.input[1:])
        node.op = "PartitionedCall"
        node.attr.clear()
        node.attr["f"].func.name = branches[index]
        return True
