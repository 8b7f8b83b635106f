"""Layer-wise relevance propagation (LRP): the rules of layers, and of all other operations.

The relevance R_i of a number x_i is carried as the multiplier c_i = R_i / x_i, so that the rules
pass on where x_i is 0, too. It starts as the target's seed on the explained tensor. In a layer
z_j = sum of z_ij + b_j, with z_ij = x_i A_ij, relevance goes back by one of these, where z+ and z-
are the sums of the z_ij (and of b_j) above and below 0, and denominators are moved away from 0 by
`epsilon`:

===========  =====================================================================================
epsilon      R_i = sum over j of z_ij R_j / z_j
gamma        R_i = sum over j of (z_ij + gamma z_ij+) R_j / (z_j + gamma z_j+) where z_j > 0; with
             the parts below 0 in place of those above 0 where z_j < 0
alpha_beta   R_i = sum over j of (alpha z_ij+ / z_j+ - beta z_ij- / z_j-) R_j
z_plus       alpha_beta with alpha = 1, beta = 0
flat         R_i = sum over j of x_i R_j / (sum of the x_i that j reads), whatever the weights
===========  =====================================================================================

Biases take their share of the relevance, which then does not reach the sequence. A factor and a
constant right after a layer, as batch normalisation has, are part of its A and b.

Everything else: sums, averages and moves pass c back as they pass gradients, which shares R in
proportion to the terms; an elementwise function passes all of R to its input; a maximum to the
largest input. Of a product of two, the one that comes from a sigmoid, tanh, erf, softmax, one over
a square root or the like is a gate: it is held, and the other one gets R. Without a gate each gets
half. Of a quotient the numerator gets R, and softmax passes its derivative.

Sources: Bach, Binder, Montavon, Klauschen, Müller, Samek 2015, "On pixel-wise explanations for
non-linear classifier decisions by layer-wise relevance propagation"; Montavon, Binder, Lapuschkin,
Samek, Müller 2019, "Layer-wise relevance propagation: an overview"; gates: Arras, Montavon, Müller,
Samek 2017; attention and normalisation, held likewise: Ali et al. 2022, "XAI for transformers:
better explanations through conservative propagation"; halves and softmax: Achtibat et al. 2024,
"AttnLRP".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from deeplift_genomics.engine import rules
from deeplift_genomics.engine.attention import logits_of
from deeplift_genomics.engine.derivative import derivative
from deeplift_genomics.engine.evaluated import Evaluated, Rule
from deeplift_genomics.engine.layers import Layer, WorkingLayer, find_layers
from deeplift_genomics.engine.path import PathOperation, live_path
from deeplift_genomics.engine.rule_sets import Pass, Plain, RuleSet
from deeplift_genomics.engine.transposes import Multiplier
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import having


@dataclass(frozen=True)
class Composite:
    """Which rule a layer has, and the numbers of the rules.

    `convolution` and `dense` are names of rules by the kind of layer; `first` is that of layers
    that read the sequence itself, None for that of their kind.
    """

    convolution: str
    dense: str
    first: str | None
    epsilon: float
    gamma: float
    alpha: float
    beta: float

    def rule_of(self, layer: Layer) -> str:
        """Return the name of a layer's rule."""
        if layer.first and self.first is not None:
            return self.first
        return self.convolution if layer.convolution else self.dense


# --- layers ----------------------------------------------------------------------------------


def through_layer(working: WorkingLayer, rule: str, c: tf.Tensor, numbers: Composite) -> tf.Tensor:
    """Return c on the input of a layer, from that on its output."""
    z = working.z
    r, over = z * c, partial(_over, epsilon=numbers.epsilon)
    if rule == "epsilon":
        return working.back(over(r, z) if numbers.epsilon else c)
    if rule == "flat":
        return working.back_evenly(over(r, working.number))
    high, low = working.parts
    if rule == "gamma":
        gamma = numbers.gamma
        share = over(r, z + gamma * tf.where(z > 0, high, low))
        more = tf.cast(z > 0, z.dtype) * gamma
        return working.back_by_sign(share * (1 + more), share * (1 + gamma - more))
    alpha, beta = (1.0, 0.0) if rule == "z_plus" else (numbers.alpha, numbers.beta)
    return working.back_by_sign(over(alpha * r, high), -over(beta * r, low))


def _over(r: tf.Tensor, z: tf.Tensor, epsilon: float) -> tf.Tensor:
    """Return r / z, with z moved away from 0 by epsilon, upwards if it is 0."""
    return tf.math.divide_no_nan(
        r, z + epsilon * tf.where(z < 0, -tf.ones_like(z), tf.ones_like(z))
    )


# --- other operations ------------------------------------------------------------------------

_TINY = 1e-12  # an input nearer to 0 has no relevance that single precision could tell
# what makes a factor a gate; of two such factors, the one that comes first here
GATES = (
    "Softmax", "Sigmoid", "Relu6", "Rsqrt", "Reciprocal", "Sign", "Erf", "Erfc", "Tanh",
)  # fmt: skip
_BEFORE_GATE = having("moves", "copies", "identity") | {
    "Add", "AddV2", "Sub", "Neg", "Mul", "RealDiv"
}  # fmt: skip


def passed(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """Return c_x = c_y y / x: all relevance of y = f(x) goes to x."""
    if op.at_window.type == "Relu":
        return derivative(op, multipliers)
    x, y = op.at_window.inputs[op.live[0]], op.at_window.outputs[0]
    share = op.once(
        "share", lambda: tf.where(tf.abs(x) < _TINY, 0 * y, y / tf.where(x == 0, 1 + 0 * x, x))
    )
    return [multipliers[0] * share]


def halved(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """Return half the derivative: each of two factors gets half of the relevance."""
    return [None if m is None else m / 2 for m in derivative(op, multipliers)]


def all_to(op: Evaluated, multipliers: Sequence[Multiplier], *, place: int) -> list[Multiplier]:
    """Return the derivative for one of the live inputs; the others are held."""
    found = derivative(op, multipliers)
    return [m if i == place else None for i, m in enumerate(found)]


def _gate(frozen: FrozenGraph, tensor: tf.Tensor, live: dict[str, PathOperation]) -> int:
    """Return the place in `GATES` of what a factor comes from; their number if it is no gate."""
    operation = tensor.op
    while operation.name in live:
        kind = "Softmax" if logits_of(operation) is not None else operation.type
        if kind in GATES:
            return GATES.index(kind)
        item = live[operation.name]
        if operation.type not in _BEFORE_GATE or len(item.live) != 1:
            break
        operation = operation.inputs[item.live[0]].op
    return len(GATES)


def _rule_of_product(
    frozen: FrozenGraph, item: PathOperation, live: dict[str, PathOperation]
) -> Rule:
    """Return the rule of a product of two live factors."""
    operation = frozen.graph.get_operation_by_name(item.name)
    a, b = (_gate(frozen, operation.inputs[i], live) for i in item.live)
    return halved if a == b else partial(all_to, place=int(a < b))


_OTHERS: dict[Rule, Rule] = {
    rules.identity: rules.identity,
    rules.rescale: passed,
    rules.squared_difference: halved,
}


def relevance_rules(
    frozen: FrozenGraph, sequence: str, sinks: Sequence[str], composite: Composite
) -> RuleSet:
    """Return the rules of LRP for the path from the sequence to the tensors `sinks`."""
    path = live_path(frozen, frozen.inputs[sequence], sinks)
    live = {item.name: item for item in path}
    layers = find_layers(frozen, path, sinks)

    def find(item: PathOperation, operation: tf.Operation) -> tuple[Rule | None, str]:
        rule, reason = rules.find_rule(item, operation)
        if rule is rules.product:
            return _rule_of_product(frozen, item, live), ""
        if rule is rules.quotient:
            return (passed if item.live == (1,) else partial(all_to, place=0)), ""
        return (None if rule is None else _OTHERS.get(rule, derivative)), reason

    return RuleSet("LRP", find, partial(Relevance, layers=layers, composite=composite))


class Relevance(Plain):
    """The rules of LRP at work: those of layers as a whole, and the others one by one."""

    def __init__(self, evaluated: Pass, layers: Sequence[Layer], composite: Composite) -> None:
        super().__init__(evaluated)
        self._composite = composite
        operations = evaluated.operations
        self._at_end = {
            layer.names[-1]: (layer, WorkingLayer(layer, operations)) for layer in layers
        }
        self._inside = {name for layer in layers for name in layer.names[:-1]}

    def back(self, item: PathOperation, multipliers: Sequence[Multiplier]) -> Sequence[Multiplier]:
        """Apply a layer's rule at its last operation; the others hand on what it has found."""
        if item.name in self._inside:
            return multipliers
        if item.name not in self._at_end:
            return super().back(item, multipliers)
        layer, working = self._at_end[item.name]
        (c,) = multipliers
        assert c is not None
        return [through_layer(working, self._composite.rule_of(layer), c, self._composite)]
