"""The layers of a graph: products with weights, each with what a layer does right after them.

Frameworks write a layer as several operations: a convolution in one dimension is a convolution in
two between moves, followed by its bias; batch normalisation at inference is a factor and a constant
for each channel. Rules of layers need them as one, z = A x + b.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from deeplift_genomics.engine.evaluated import Evaluated
from deeplift_genomics.engine.path import PathOperation, repeat_operation
from deeplift_genomics.engine.transposes import vector_jacobian_product
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import having

WEIGHTED = having("bilinear", "linear_in_one") - {"Mul"}
CONVOLUTIONS = having("convolution")
MOVES = having("moves", "reshapes") | {"BatchToSpaceND"}
AFFINE = frozenset({"Add", "AddV2", "BiasAdd", "Mul", "Neg", "RealDiv", "Sub"})


@dataclass(frozen=True)
class Layer:
    """A product with weights, and the moves, factors and constants that follow it.

    Attributes
    ----------
    names
        Names of the operations in order: the product, and those that follow it.
    convolution
        Whether the product is a convolution.
    first
        Whether there is no layer between the sequence and it.
    positive
        Whether its input is never negative.
    """

    names: tuple[str, ...]
    convolution: bool
    first: bool
    positive: bool


def find_layers(
    frozen: FrozenGraph, path: Sequence[PathOperation], sinks: Iterable[str]
) -> list[Layer]:
    """Return the layers of a path, none of which goes on beyond a tensor that several read.

    `sinks` are the explained tensors: a layer ends there, too.
    """
    items = {item.name: item for item in path}
    graph, ends = frozen.graph, {frozen.tensor(sink).op.name for sink in sinks}
    reads = [
        (graph.get_operation_by_name(item.name).inputs[i].op.name, item.name)
        for item in path
        for i in item.live
    ]
    number = Counter(name for name, _ in reads)
    reader = dict(reads)
    positive, behind = _positive(frozen, path), _behind_layers(frozen, path)
    found = []
    for item in path:
        if not is_weighted(item):
            continue
        names = [item.name]
        while number[names[-1]] == 1 and names[-1] not in ends:
            following = items[reader[names[-1]]]
            if not _goes_on(following, graph.get_operation_by_name(following.name)):
                break
            names.append(following.name)
        source = graph.get_operation_by_name(item.name).inputs[item.live[0]].op.name
        found.append(
            Layer(tuple(names), item.type in CONVOLUTIONS, source not in behind, source in positive)
        )
    return found


def is_weighted(item: PathOperation) -> bool:
    """Tell whether an operation is a product of one live input with weights."""
    return item.type in WEIGHTED and len(item.live) == 1


def _goes_on(item: PathOperation, operation: tf.Operation) -> bool:
    """Tell whether an operation after a product is part of its layer."""
    if item.type in MOVES:
        return len(item.live) == len(operation.outputs) == 1
    x, y = operation.inputs[item.live[0]].shape, operation.outputs[0].shape
    if len(item.live) != 1 or x.rank is None or x.as_list() != y.as_list():
        return False
    return item.type in AFFINE and (item.type != "RealDiv" or item.live == (0,))


def _behind_layers(frozen: FrozenGraph, path: Sequence[PathOperation]) -> set[str]:
    """Return the operations that depend on the sequence through a layer."""
    found: set[str] = set()
    for item in path:
        inputs = frozen.graph.get_operation_by_name(item.name).inputs
        if is_weighted(item) or any(inputs[i].op.name in found for i in item.live):
            found.add(item.name)
    return found


# never negative, whatever goes in; and never negative if nothing that goes in is
_NEVER = having("relu_like") - {"Elu", "LeakyRelu", "Selu"} | {
    "Abs", "Exp", "Sigmoid", "Softmax", "Softplus", "Sqrt", "Square"
}  # fmt: skip
_KEPT = (
    having("moves", "copies", "extremum", "identity")
    | {
        "Add",
        "AddN",
        "AddV2",
        "AvgPool",
        "BatchToSpaceND",
        "Maximum",
        "Mean",
        "SpaceToBatchND",
        "Sum",
    }
) - {"MirrorPad"}


def _positive(frozen: FrozenGraph, path: Sequence[PathOperation]) -> set[str]:
    """Return the operations of a path whose outputs are never negative, the sequence among them."""
    graph = frozen.graph
    read = {
        graph.get_operation_by_name(item.name).inputs[i].op.name for item in path for i in item.live
    }
    found = read - {item.name for item in path}  # the sequence alone
    for item in path:
        inputs = frozen.graph.get_operation_by_name(item.name).inputs
        constants = [x for i, x in enumerate(inputs) if i not in item.live and x.dtype.is_floating]
        kept = item.type in _KEPT and not constants
        if item.type in _NEVER or (kept and all(inputs[i].op.name in found for i in item.live)):
            found.add(item.name)
    return found


class WorkingLayer:
    """A layer at the windows: the parts of its output by sign, and the way back from them.

    With contributions z_ij = x_i A_ij of input i to output j, those above 0 and those below 0 are
    kept apart. `operations` are those of the layer, with their values.
    """

    def __init__(self, layer: Layer, operations: Mapping[str, Evaluated]) -> None:
        self._positive = layer.positive
        self._product, *self._after = [operations[name] for name in layer.names]
        operation = self._product.at_window
        self._at = self._product.live[0]
        (self._of_weights,) = (
            i
            for i, tensor in enumerate(operation.inputs)
            if i != self._at and tensor.dtype.is_floating
        )
        self.x = operation.inputs[self._at]
        self.z = (self._after or [self._product])[-1].at_window.outputs[0]
        self._weights = operation.inputs[self._of_weights]

    @cached_property
    def parts(self) -> tuple[tf.Tensor, tf.Tensor]:
        """The sums over i of z_ij above 0 and of those below 0, the bias with that of its sign."""
        up, down = tf.nn.relu(self._weights), -tf.nn.relu(-self._weights)
        above, below = tf.nn.relu(self.x), -tf.nn.relu(-self.x)
        high, low = self._multiply(above, up), self._multiply(above, down)
        if not self._positive:
            high, low = high + self._multiply(below, down), low + self._multiply(below, up)
        bias = tf.zeros_like(high)
        for op in self._after:
            bias = _again(op, bias)
            if (factor := _factor(op)) is not None:
                high, low = _scaled(high, low, factor)
            elif op.at_window.type in MOVES:
                high, low = _again(op, high), _again(op, low)
        return high + tf.nn.relu(bias), low - tf.nn.relu(-bias)

    @cached_property
    def number(self) -> tf.Tensor:
        """The sum of the inputs that each output has, whatever their weights."""
        number = self._multiply(self.x, self._ones)
        for op in self._after:
            if op.at_window.type in MOVES:
                number = _again(op, number)
        return number

    def back(self, m: tf.Tensor) -> tf.Tensor:
        """Return A^T m."""
        for op in reversed(self._after):
            m = _transposed(op, m)
            factor = _factor(op)
            m = m if factor is None else m * factor
        return self._transposed_product(self._weights, m)

    def back_evenly(self, m: tf.Tensor) -> tf.Tensor:
        """Return A^T m with 1 in place of every factor."""
        for op in reversed(self._after):
            m = _transposed(op, m)
        return self._transposed_product(self._ones, m)

    def back_by_sign(self, of_high: tf.Tensor, of_low: tf.Tensor) -> tf.Tensor:
        """Return c such that x_i c_i is the sum over j of max(z_ij, 0) P_j + min(z_ij, 0) N_j.

        An input of 0 counts as one above 0.
        """
        high, low = of_high, of_low
        for op in reversed(self._after):
            high, low = _transposed(op, high), _transposed(op, low)
            if (factor := _factor(op)) is not None:
                high, low = _scaled(high, low, factor)
        up, down = tf.nn.relu(self._weights), -tf.nn.relu(-self._weights)
        product = self._transposed_product
        above = product(up, high) + product(down, low)
        if self._positive:
            return above
        return tf.where(self.x >= 0, above, product(down, high) + product(up, low))

    @property
    def _ones(self) -> tf.Tensor:
        """1 for each weight; 0 stays where rewriting has filled a kernel up."""
        return tf.cast(tf.not_equal(self._weights, 0), self._weights.dtype)

    def _multiply(self, x: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
        """Return the product of an input with weights."""
        inputs = list(self._product.at_window.inputs)
        inputs[self._at], inputs[self._of_weights] = x, weights
        return repeat_operation(self._product.at_window, inputs)[0]

    def _transposed_product(self, weights: tf.Tensor, m: tf.Tensor) -> tf.Tensor:
        """Return multipliers on the input from those on the product with weights."""
        return vector_jacobian_product([self._multiply(self.x, weights)], [self.x], [m])[0]


def _factor(op: Evaluated) -> tf.Tensor | float | None:
    """Return the factor by which an operation multiplies its input, if it does."""
    others = [x for i, x in enumerate(op.at_window.inputs) if i not in op.live]
    if op.at_window.type == "Mul":
        return others[0]
    if op.at_window.type == "RealDiv":
        return 1 / others[0]
    negative = op.at_window.type == "Neg" or (op.at_window.type == "Sub" and op.live == (1,))
    return tf.constant(-1, op.at_window.outputs[0].dtype) if negative else None


def _scaled(high: tf.Tensor, low: tf.Tensor, factor: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Multiply two parts; where the factor is below 0, they change places."""
    above, below = tf.nn.relu(factor), -tf.nn.relu(-factor)
    return above * high + below * low, below * high + above * low


def _again(op: Evaluated, x: tf.Tensor) -> tf.Tensor:
    """Return an operation's output for another input."""
    inputs = list(op.at_window.inputs)
    inputs[op.live[0]] = x
    return repeat_operation(op.at_window, inputs)[0]


def _transposed(op: Evaluated, m: tf.Tensor) -> tf.Tensor:
    """Return multipliers before a move from those after it; factors and constants are left out."""
    if op.at_window.type not in MOVES:
        return m
    x = op.at_window.inputs[op.live[0]]
    return vector_jacobian_product(op.at_window.outputs, [x], [m])[0]
