"""A model frozen to constants and operations."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import UnsupportedOperationError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.graph.choices import write_out_choices
from deeplift_genomics.graph.definitions import constant, producer
from deeplift_genomics.graph.fewer_products import filtered_minimally
from deeplift_genomics.graph.minimal_filtering import Convolution
from deeplift_genomics.graph.normalisation import unfuse_normalisation
from deeplift_genomics.graph.number_types import floating_types, in_type
from deeplift_genomics.graph.operations import having
from deeplift_genomics.graph.rewrites import (
    name_logsumexp,
    ungroup_convolutions,
    write_out_dilation,
)
from deeplift_genomics.graph.speedups import dilate_natively, emit_several_positions
from deeplift_genomics.graph.variables import Weights, leave_open, without_variables
from deeplift_genomics.graph.whole_numbers import hold_as_real

MOVING = having("moves")
AVERAGING = having("averages")


@dataclass(frozen=True)
class FrozenGraph:
    """A graph of constants and operations.

    `inputs` and `outputs` map names to tensor names (``"operation:0"``), in signature order;
    `layers` are the names that the model's author gave to its parts, if known; `weights` are the
    large ones, which the graph takes from outside. All numbers are of one type, float32, or float64
    if the model uses it; `types` are those of the model itself. `whole` tells whether the model
    makes whole numbers of the sequence, so that it must be of zeros and ones. `minimal` are the
    convolutions that copies of the graph compute by minimal filtering, by operation.
    """

    definition: Any
    inputs: dict[str, str]
    outputs: dict[str, str]
    layers: frozenset[str] = frozenset()
    weights: Weights = field(default_factory=dict)
    types: tuple[str, ...] = ("float32",)
    whole: bool = False
    minimal: Mapping[str, Convolution] = field(default_factory=dict)
    # (name, type) -> a weight in that type, shared by all graphs made of this one that are in use
    casts: WeakValueDictionary[tuple[str, str], tf.Tensor] = field(
        default_factory=WeakValueDictionary, repr=False, compare=False
    )

    @cached_property
    def graph(self) -> tf.Graph:
        """The graph with unknown batch size, for inspection."""
        graph = tf.Graph()
        with graph.as_default():
            tf.graph_util.import_graph_def(self.definition, name="")
        return graph

    def in_float64(self) -> FrozenGraph:
        """Return the same graph in double precision.

        Raises
        ------
        UnsupportedOperationError
            If TensorFlow has one of the operations in single precision only.
        """
        # TensorFlow has no backward pass for dilated convolutions in double precision on CPUs
        spread = replace(self, definition=write_out_dilation(self.definition))
        double = spread.in_type(tf.float64)
        try:
            _ = double.graph
        except ValueError as error:
            raise UnsupportedOperationError(
                f"The model cannot be computed in double precision: {innermost(error)}. Compute it "
                "without float64."
            ) from error
        return double

    def in_float32(self) -> FrozenGraph:
        """Return the same graph in single precision."""
        return self.in_type(tf.float32)

    def made_faster(self, *, fewer_products: bool = False) -> FrozenGraph:
        """Return the same graph in single precision, with some convolutions in a faster form.

        With `fewer_products`, those that are worth it are computed by minimal filtering.
        """
        single = self.in_float32()
        faster = emit_several_positions(dilate_natively(single.definition))
        found = replace(single, definition=faster)
        if not fewer_products:
            return found
        fixed = {n: w for n, w in found.weights.items() if not isinstance(w, tf.Variable)}
        minimal = filtered_minimally(found.graph, replace(found, weights=fixed).value)
        return replace(found, minimal=minimal)

    def only(self, tensors: Iterable[str]) -> FrozenGraph:
        """Return the operations on which tensors depend, and the inputs.

        TensorFlow looks at the functions of other operations, such as loops, all the same, and
        takes those of their names that it has already, of another type.
        """
        waiting = [producer(name) for name in [*tensors, *self.inputs.values()]]
        kept = set(waiting)
        while waiting:
            fresh = {producer(name) for name in self._nodes[waiting.pop()].input} - kept
            kept |= fresh
            waiting += fresh
        part = tf.compat.v1.GraphDef(versions=self.definition.versions)
        part.node.extend(node for node in self.definition.node if node.name in kept)
        if any(a.HasField("func") or a.list.func for n in part.node for a in n.attr.values()):
            part.library.CopyFrom(self.definition.library)
        outputs = {head: name for head, name in self.outputs.items() if producer(name) in kept}
        weights = {name: value for name, value in self.weights.items() if producer(name) in kept}
        minimal = {name: item for name, item in self.minimal.items() if name in kept}
        return replace(self, definition=part, outputs=outputs, weights=weights, minimal=minimal)

    def in_type(self, dtype: tf.DType) -> FrozenGraph:
        """Return the same graph with numbers of that type."""
        weights = {}
        for name, value in self.weights.items():
            if value.dtype != dtype:  # a variable of this type stays one: its value may change
                known = self.casts.get((name, dtype.name))
                value = tf.cast(value, dtype) if known is None else known
                self.casts[name, dtype.name] = value
            weights[name] = value
        return replace(self, definition=in_type(self.definition, dtype), weights=weights)

    def with_weights(self, weights: Weights) -> FrozenGraph:
        """Return the same graph with values from outside in place of those constants."""
        definition = type(self.definition)()
        definition.CopyFrom(self.definition)
        for node in definition.node:
            if node.name in weights:
                leave_open(node, weights[node.name])
        weights = self.weights | weights
        return replace(self, definition=definition, weights=weights, casts=WeakValueDictionary())

    def value(self, name: str) -> NDArray | None:
        """Return the value of a tensor if it is a constant, or a weight from outside; else None.

        A weight from outside is not copied.
        """
        node = self._nodes[producer(name)]
        while node.op == "Identity":
            node = self._nodes[producer(node.input[0])]
        if node.name in self.weights:
            return np.asarray(self.weights[node.name])
        return constant(self._nodes, node.name)

    @cached_property
    def _nodes(self) -> Mapping[str, Any]:
        """The nodes by name."""
        return {node.name: node for node in self.definition.node}

    def tensor(self, name: str) -> tf.Tensor:
        """Return the symbolic tensor of that name, for its shape, type and producer."""
        return self.graph.get_tensor_by_name(name)

    def ends_in(self, tensor: tf.Tensor) -> tuple[str, ...]:
        """Return the types of the last operations before a tensor, except moves and averages."""
        found: set[str] = set()
        waiting, seen = [tensor.op], {tensor.op.name}
        while waiting:
            operation = waiting.pop()
            averages = operation.type in AVERAGING or (
                operation.type == "Mul" and any(i.op.type == "Const" for i in operation.inputs)
            )
            if operation.type not in MOVING and not averages:
                if operation.type != "Const":
                    found.add(operation.type)
                continue
            for source in operation.inputs:
                if source.dtype.is_floating and source.op.name not in seen:
                    seen.add(source.op.name)
                    waiting.append(source.op)
        return tuple(sorted(found))

    def layer_of(self, operation: str) -> str:
        """Return the layer of an operation, by its scopes: ``model_1/conv_1/Relu`` -> ``conv``.

        Tracing may add a number to the name of a layer. A layer inside another layer or model is
        named with it: ``block_1/norm``. Where the scope ``conv_1`` may be of the layer `conv` or of
        `conv_1`, it is of `conv` if only ``conv_1_2`` can be of `conv_1`.
        """
        scopes = operation.split("/")
        found = []
        for scope in scopes[:-1]:
            names = [name for name in (scope, _unnumbered(scope)) if name in self.layers]
            if len(names) == 2 and names[1] not in self._scopes and scope in self._numbered:
                names = names[1:]
            if names and names[0] not in found:
                found.append(names[0])
        if found:
            return "/".join(found)
        return scopes[1] if len(scopes) > 2 else scopes[0]

    @cached_property
    def _scopes(self) -> frozenset[str]:
        """All scopes of operations."""
        names = (node.name.split("/")[:-1] for node in self.definition.node)
        return frozenset(scope for scopes in names for scope in scopes)

    @cached_property
    def _numbered(self) -> frozenset[str]:
        """The scopes to which tracing has added a number, without it."""
        return frozenset(_unnumbered(scope) for scope in self._scopes - self.layers)


def _unnumbered(scope: str) -> str:
    """Return a scope without the number at its end."""
    return re.sub(r"_\d+$", "", scope)


def freeze(
    function: Callable[..., Sequence[Any]],
    inputs: Mapping[str, tf.TensorSpec],
    names: Sequence[str],
    layers: Iterable[str] = (),
    *,
    sequence: str | None = None,
) -> FrozenGraph:
    """Freeze a function of tensors.

    Parameters
    ----------
    function
        Called with one tensor per input, in order; returns one tensor per name in `names`.
    inputs
        Input name -> its shape (batch first, unknown) and type.
    names
        Names of the outputs.
    layers
        Names of the model's layers, for messages.
    sequence
        Name of the one-hot input; the first one if not given.

    Raises
    ------
    ModelError
        As `without_variables` raises it.
    """
    concrete = _trace(function, inputs)
    definition, outputs, weights = without_variables(concrete)
    types = floating_types(definition, weights)
    definition = unfuse_normalisation(definition)  # which TensorFlow has not in float64
    found = dict(zip(inputs, [tensor.name for tensor in concrete.inputs], strict=False))
    outputs = [name if ":" in name else f"{name}:0" for name in outputs]
    heads = dict(zip(names, outputs, strict=True))
    frozen = FrozenGraph(definition, found, heads, frozenset(layers), weights, types)
    wide = "float64" in types or any(item.dtype == tf.float64 for item in inputs.values())
    return _with_rules(_in_one_type(frozen, wide), found[sequence or next(iter(inputs))])


def _trace(function: Callable[..., Sequence[Any]], inputs: Mapping[str, tf.TensorSpec]) -> Any:
    """Return a function as a graph."""
    traced = tf.function(lambda *tensors: tuple(function(*tensors)), autograph=False)
    eager = tf.config.functions_run_eagerly()
    # functions within layers, such as those that Keras compiles for grouped convolutions, become
    # parts of the graph instead of single operations
    tf.config.run_functions_eagerly(True)
    try:
        return traced.get_concrete_function(*inputs.values())
    finally:
        tf.config.run_functions_eagerly(eager)


def _in_one_type(frozen: FrozenGraph, wide: bool) -> FrozenGraph:
    """Return a graph with all its numbers in float32, or, if it is `wide`, in float64."""
    if wide:
        try:
            double = frozen.in_type(tf.float64)
            _ = double.graph
            return double
        except ValueError:  # TensorFlow has one of the operations in single precision only
            pass
    return frozen.in_type(tf.float32)


def _with_rules(frozen: FrozenGraph, sequence: str) -> FrozenGraph:
    """Return an equal graph whose operations have rules, as far as possible."""
    definition, whole = hold_as_real(frozen.definition, sequence)
    for rewrite in (name_logsumexp, ungroup_convolutions, write_out_choices):
        definition = rewrite(definition)
    return replace(frozen, definition=definition, whole=whole)
