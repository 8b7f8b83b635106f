"""THE table: TensorFlow operation -> propagation rule.

A rule turns multipliers on an operation's outputs into multipliers on its live inputs, such that
sum(m_in * (window - reference)) over the inputs equals sum(m_out * (window - reference)) over the
outputs. It is a function of a `Step` and the multipliers of the outputs (None for an output that
is not used), and returns one multiplier per live input, in order. CONTRIBUTING.md shows how to add
one; RevealCancel's rules, whose multipliers come in pairs, will live in ``reveal_cancel.py``.

References
----------
Rescale: Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating
activation differences", eq. 10-11. Products: the Shapley value of a game of two players, for a
bilinear f the vector-Jacobian product at the midpoint of window and reference.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from deeplift_genomics.engine.path import PathOperation, repeat_operation
from deeplift_genomics.engine.slopes import SLOPES, of_exp, of_relu
from deeplift_genomics.engine.transposes import Multiplier, vector_jacobian_product
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.graph.operations import having


@dataclass
class Step:
    """One operation met on the way back, with its values at the windows and at the references.

    `at_window` and `at_reference` are the same operation in the two copies of the graph, evaluated
    on B windows and on B * R references; `references` is R, or 1 where the window was forwarded
    once per reference.
    """

    at_window: tf.Operation
    at_reference: tf.Operation
    live: tuple[int, ...]
    references: int
    _once: dict[str, tf.Tensor] = field(default_factory=dict)

    def window(self, tensor: tf.Tensor) -> tf.Tensor:
        """A window value (B, ...) as it stands beside reference values (B * R, ...)."""
        tensor = tf.identity(tensor)  # which brings it here from the graph around a loop
        if self.references == 1 or tensor.shape[0] == 1:
            return tensor
        return tf.repeat(tensor, self.references, axis=0)

    @cached_property
    def inputs(self) -> list[tuple[tf.Tensor, tf.Tensor]]:
        """(window, reference) values of the live inputs."""
        return [
            (self.window(self.at_window.inputs[i]), self.at_reference.inputs[i]) for i in self.live
        ]

    @cached_property
    def outputs(self) -> list[tuple[tf.Tensor, tf.Tensor]]:
        """(window, reference) values of the outputs."""
        return [
            (self.window(at_window), at_reference)
            for at_window, at_reference in zip(
                self.at_window.outputs, self.at_reference.outputs, strict=True
            )
        ]

    def once(self, name: str, make: Callable[[], tf.Tensor]) -> tf.Tensor:
        """A tensor that the walks of all targets share."""
        if name not in self._once:
            self._once[name] = make()
        return self._once[name]


# --- rules -----------------------------------------------------------------------------------


def identity(step: Step, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """y = x, also where TensorFlow's own gradient stops: m_x = m_y."""
    return [multipliers[i] for i in step.live]


def linear(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """y = A x + b in all live inputs: m_x = A^T m_y, whatever window and reference are."""
    operation = step.at_reference
    return vector_jacobian_product(
        operation.outputs, [operation.inputs[i] for i in step.live], multipliers
    )


def rescale(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Elementwise y = f(x): m_x = m_y (y - y0) / (x - x0), with the slope from `slopes`."""

    def slope() -> tf.Tensor:
        ((x, x0),) = step.inputs
        return SLOPES[step.at_reference.type](step.at_reference, step.live[0], x, x0)

    return [multipliers[0] * step.once("slope", slope)]


def product(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Bilinear f(a, b): the Shapley split of two players, the VJP at the midpoint.

    For y = a b: m_a = m_y (b + b0) / 2, m_b = m_y (a + a0) / 2.
    """
    inputs = list(step.at_reference.inputs)
    middle = []
    for i, (x, x0) in zip(step.live, step.inputs, strict=True):
        inputs[i] = (x + x0) / 2
        middle.append(inputs[i])
    return vector_jacobian_product(repeat_operation(step.at_reference, inputs), middle, multipliers)


def softmax(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Per row y = exp(z), z = x - s, s = log sum exp(x): Rescale for exp, and exp, sum, log for s.

    m_z_i = m_i (y_i - y0_i) / (z_i - z0_i); m_x_i = m_z_i - p_i sum_j m_z_j, where p_i is the
    slope of exp at x_i over the slope of exp at s, both between window and reference, so that
    0 <= p_i <= 1 however far the two are apart.
    """
    ((x, x0),) = step.inputs
    return [softmax_multipliers(x, x0, multipliers[0])]


def softmax_multipliers(x: tf.Tensor, x0: tf.Tensor, m: tf.Tensor) -> tf.Tensor:
    """Multipliers on x (rows on the last axis) from those on softmax(x), see `softmax`."""
    z, z0, p = _normalised(x, x0)
    m_z = m * of_exp(z, z0)
    return m_z - p * tf.reduce_sum(m_z, axis=-1, keepdims=True)


def log_softmax(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Per row y = x - s, s = log sum exp(x), as in `softmax`: m_x_i = m_i - p_i sum_j m_j."""
    *_, p = _normalised(*step.inputs[0])
    return [multipliers[0] - p * tf.reduce_sum(multipliers[0], axis=-1, keepdims=True)]


def _normalised(x: tf.Tensor, x0: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """z and z0 = x - log sum exp(x) of window and reference, and the shares p, see `softmax`."""
    s, s0 = (tf.reduce_logsumexp(values, axis=-1, keepdims=True) for values in (x, x0))
    c = tf.maximum(s, s0)
    return x - s, x0 - s0, of_exp(x - c, x0 - c) / of_exp(s - c, s0 - c)


def quotient(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """y = a / b as the product of a and 1 / b: m_a = m (1/b + 1/b0) / 2, and Rescale for 1 / b.

    m_b = -m (a + a0) / 2 / (b b0). Each is the vector-Jacobian product of a product whose other
    factor is held, so that broadcasting is undone as TensorFlow does it. Where a division by 0
    gives 0 (DivNoNan), 1 / b is 0 there, too.
    """
    (a, a0), (b, b0) = (
        step.inputs if len(step.live) == 2 else ((step.at_reference.inputs[0],) * 2, step.inputs[0])
    )
    of_zero_too = step.at_reference.type == "DivNoNan"
    invert = tf.math.reciprocal_no_nan if of_zero_too else tf.math.reciprocal
    inverse, inverse0 = invert(b), invert(b0)
    slope = -inverse * inverse0
    if of_zero_too:
        jump = tf.math.divide_no_nan(inverse - inverse0, b - b0)
        slope = tf.where(tf.equal(b * b0, 0), jump, slope)
    held = tf.stop_gradient((inverse + inverse0) / 2), tf.stop_gradient((a + a0) / 2 * slope)
    (m_a,) = vector_jacobian_product([a0 * held[0]], [a0], multipliers)
    (m_b,) = vector_jacobian_product([b0 * held[1]], [b0], multipliers)
    return [m_a, m_b][2 - len(step.live) :]


def squared_difference(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """y = (a - b)^2: with d = a - b, m_a = m (d + d0) and m_b = -m_a."""
    inputs, held = list(step.at_reference.inputs), list(step.at_reference.inputs)
    for i, (x, x0) in zip(step.live, step.inputs, strict=True):
        held[i] = x + x0
        inputs[i] = x0
    for i in {0, 1} - set(step.live):
        held[i] = 2 * held[i]
    difference = tf.stop_gradient(held[0] - held[1])
    return vector_jacobian_product(
        [(inputs[0] - inputs[1]) * difference], [inputs[i] for i in step.live], multipliers
    )


def maximum(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """The largest of several inputs (max pooling, overlapping or global): cross-maximum.

    With c = max(y, y0), the part c - y0 goes to the window's largest input and y - c to the
    reference's; for the smallest, with c = min(y, y0).
    Source: the max-pool rule of Lundberg and Lee's DeepLIFT for SHAP (2017). Where
    nothing differs, the multiplier is the derivative.
    """
    ((x, x0),), ((y, y0),) = step.inputs, step.outputs
    m, index = multipliers[0], step.live[0]
    x = tf.broadcast_to(x, tf.shape(x0))
    inputs = [x if i == index else tensor for i, tensor in enumerate(step.at_reference.inputs)]
    (at_window,) = repeat_operation(step.at_reference, inputs)
    larger = (tf.minimum if step.at_reference.type == "Min" else tf.maximum)(y, y0)
    (to_window,) = vector_jacobian_product([at_window], [x], [m * (larger - y0)])
    (to_reference,) = vector_jacobian_product(step.at_reference.outputs, [x0], [m * (y - larger)])
    same = tf.cast(tf.equal(y, y0), x0.dtype)
    (derivative,) = vector_jacobian_product([at_window], [x], [m * same])
    split = tf.math.divide_no_nan(to_window + to_reference, x - x0)
    return [tf.where(tf.equal(x, x0), derivative, split)]


def larger_of_two(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """y = max(a, b) = b + max(a - b, 0), and min(a, b) likewise: Rescale for the ReLU of a - b.

    With s its slope, m_a = m s and m_b = m (1 - s); for the minimum s and 1 - s change places. Each
    is the vector-Jacobian product of a product with s held, so that broadcasting is undone.
    """
    (a, a0), (b, b0) = step.inputs
    slope = of_relu(a - b, a0 - b0)
    shares = (slope, 1 - slope) if step.at_reference.type == "Maximum" else (1 - slope, slope)
    return [
        vector_jacobian_product([x0 * tf.stop_gradient(share)], [x0], multipliers)[0]
        for x0, share in zip((a0, b0), shares, strict=True)
    ]


# --- the table -------------------------------------------------------------------------------

Rule = Callable[[Step, Sequence[Multiplier]], Sequence[Multiplier]]

# trait of an operation -> its rule: ReLU is a "function", so it takes `rescale`
RULE_OF: dict[str, Rule] = {
    "linear": linear,
    "linear_in_one": linear,
    "bilinear": product,
    "identity": identity,
    "function": rescale,
    "quotient": quotient,
    "squared_difference": squared_difference,
    "extremum": maximum,
    "softmax": softmax,
    "log_softmax": log_softmax,
}
RULES: dict[str, Rule] = {name: rule for trait, rule in RULE_OF.items() for name in having(trait)}

FUNCTIONS = having("function")
BILINEAR = having("bilinear")
QUOTIENTS = having("quotient")
OF_TWO = having("of_two")
# position of the input that these are linear in
LINEAR_IN_ONE = {"Conv2DBackpropInput": 2}


def find_rule(step: PathOperation, operation: tf.Operation) -> tuple[Rule | None, str]:
    """The rule for an operation on the path, or None and the reason why there is none."""
    rule = RULES.get(step.type)
    if rule is None:
        return None, "no rule for this operation"
    if any(not tensor.dtype.is_floating for tensor in operation.outputs):
        return None, f"gives {operation.outputs[0].dtype.name}, not real numbers"
    if any(tensor.dtype.size < 4 for tensor in operation.outputs):
        return None, "computes in half precision, in which differences are lost"
    if rule is linear and any(not operation.inputs[i].dtype.is_floating for i in step.live):
        return None, "chooses by an integer or a condition that depends on the sequence"
    if step.type in OF_TWO and len(step.live) == 2:
        return larger_of_two, ""
    if step.type in QUOTIENTS and step.live == (0,):
        return linear, ""
    if step.type in FUNCTIONS and (reason := _not_elementwise(step, operation)):
        return None, reason
    if step.type in BILINEAR:
        return (linear if len(step.live) == 1 else product), ""
    if step.type in LINEAR_IN_ONE and step.live != (LINEAR_IN_ONE[step.type],):
        return None, "depends on the sequence through an input it is not linear in"
    return rule, ""


def known_rule(step: PathOperation, frozen: FrozenGraph) -> Rule:
    """The rule for an operation that was found to have one."""
    rule, reason = find_rule(step, frozen.graph.get_operation_by_name(step.name))
    if rule is None:
        raise AssertionError(f"{step.name}: {reason}, and yet it was let through")
    return rule


def _not_elementwise(step: PathOperation, operation: tf.Operation) -> str:
    """Why Rescale does not apply, unless one input is live and sets the shape of the output."""
    if step.type == "Pow" and step.live != (0,):
        return "has the sequence in its exponent"
    x, y = operation.inputs[step.live[0]].shape, operation.outputs[0].shape
    if x.rank is None or x.as_list() != y.as_list():
        return f"spreads a value of shape {x} over {y}"
    return ""
