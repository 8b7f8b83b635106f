"""THE table: TensorFlow operation -> propagation rule.

A rule turns multipliers on an operation's outputs into multipliers on its live inputs, such that
sum(m_in * (window - reference)) over the inputs equals sum(m_out * (window - reference)) over the
outputs. It takes the operation with its values (`Evaluated`) and the multipliers of the outputs
(None for an output that is not used), and returns one multiplier per live input, in order.
CONTRIBUTING.md shows how to add one. RevealCancel, whose multipliers come in pairs, takes these
rules where it has none of its own: see `reveal_cancel`.

References
----------
Rescale: Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating
activation differences", eq. 10-11. Products: the Shapley value of a game of two players, for a
bilinear f the vector-Jacobian product at the midpoint of window and reference.
"""

from __future__ import annotations

from collections.abc import Sequence

from deeplift_genomics.engine.evaluated import Evaluated, Rule
from deeplift_genomics.engine.path import PathOperation, repeat_operation
from deeplift_genomics.engine.slopes import SLOPES, of_exp, of_relu
from deeplift_genomics.engine.transposes import Multiplier, vector_jacobian_product
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

# --- rules -----------------------------------------------------------------------------------


def identity(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """Return m_x = m_y for y = x, also where TensorFlow's own gradient stops."""
    return [multipliers[i] for i in op.live]


def linear(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Return m_x = A^T m_y for y = A x + b in all live inputs, whatever window and reference."""
    operation = op.at_reference
    if op.minimal and op.live == (0,):
        return [op.minimal.back(multipliers[0])]
    return vector_jacobian_product(
        operation.outputs, [operation.inputs[i] for i in op.live], multipliers
    )


def rescale(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Return m_x = m_y (y - y0) / (x - x0) for elementwise y = f(x), by the slope in `slopes`."""

    return [multipliers[0] * op.once("slope", lambda: slope_of(op))]


def slope_of(op: Evaluated) -> tf.Tensor:
    """Return (y - y0) / (x - x0) for elementwise y = f(x)."""
    ((x, x0),) = op.inputs
    return SLOPES[op.at_reference.type](op.at_reference, op.live[0], x, x0)


def product(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Return the Shapley split of two players for bilinear f(a, b): the VJP at the midpoint.

    For y = a b: m_a = m_y (b + b0) / 2, m_b = m_y (a + a0) / 2.
    """
    inputs = list(op.at_reference.inputs)
    middle = []
    for i, (x, x0) in zip(op.live, op.inputs, strict=True):
        inputs[i] = (x + x0) / 2
        middle.append(inputs[i])
    return vector_jacobian_product(repeat_operation(op.at_reference, inputs), middle, multipliers)


def softmax(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Apply Rescale to each step of y = exp(z), z = x - s, s = log sum exp(x), row by row.

    m_z_i = m_i (y_i - y0_i) / (z_i - z0_i); m_x_i = m_z_i - p_i sum_j m_z_j, where p_i is the
    slope of exp at x_i over the slope of exp at s, both between window and reference, so that
    0 <= p_i <= 1 however far the two are apart.
    """
    ((x, x0),) = op.inputs
    return [softmax_multipliers(x, x0, multipliers[0])]


def softmax_multipliers(x: tf.Tensor, x0: tf.Tensor, m: tf.Tensor) -> tf.Tensor:
    """Return multipliers on x (rows on the last axis) from those on softmax(x): see `softmax`."""
    z, z0, p = _normalised(x, x0)
    m_z = m * of_exp(z, z0)
    return m_z - p * tf.reduce_sum(m_z, axis=-1, keepdims=True)


def log_softmax(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Return m_x_i = m_i - p_i sum_j m_j for y = x - log sum exp(x): see `softmax`."""
    *_, p = _normalised(*op.inputs[0])
    return [multipliers[0] - p * tf.reduce_sum(multipliers[0], axis=-1, keepdims=True)]


def _normalised(x: tf.Tensor, x0: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return x - log sum exp(x) at window and reference, and the shares p of `softmax`."""
    s, s0 = (tf.reduce_logsumexp(values, axis=-1, keepdims=True) for values in (x, x0))
    c = tf.maximum(s, s0)
    return x - s, x0 - s0, of_exp(x - c, x0 - c) / of_exp(s - c, s0 - c)


def quotient(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Treat y = a / b as the product of a and 1 / b, with Rescale for 1 / b.

    m_a = m (1 / b + 1 / b0) / 2 and m_b = -m (a + a0) / 2 / (b b0). Each is computed as the
    vector-Jacobian product of a product whose other factor is held, so that TensorFlow undoes
    broadcasting. Where division by 0 gives 0 (DivNoNan), 1 / b is 0 there, too.
    """
    (a, a0), (b, b0) = (
        op.inputs if len(op.live) == 2 else ((op.at_reference.inputs[0],) * 2, op.inputs[0])
    )
    of_zero_too = op.at_reference.type == "DivNoNan"
    invert = tf.math.reciprocal_no_nan if of_zero_too else tf.math.reciprocal
    inverse, inverse0 = invert(b), invert(b0)
    slope = -inverse * inverse0
    if of_zero_too:
        jump = tf.math.divide_no_nan(inverse - inverse0, b - b0)
        slope = tf.where(tf.equal(b * b0, 0), jump, slope)
    held = tf.stop_gradient((inverse + inverse0) / 2), tf.stop_gradient((a + a0) / 2 * slope)
    (m_a,) = vector_jacobian_product([a0 * held[0]], [a0], multipliers)
    (m_b,) = vector_jacobian_product([b0 * held[1]], [b0], multipliers)
    return [m_a, m_b][2 - len(op.live) :]


def squared_difference(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Return m_a = m (d + d0) and m_b = -m_a for y = (a - b)^2, with d = a - b."""
    inputs, held = list(op.at_reference.inputs), list(op.at_reference.inputs)
    for i, (x, x0) in zip(op.live, op.inputs, strict=True):
        held[i] = x + x0
        inputs[i] = x0
    for i in {0, 1} - set(op.live):
        held[i] = 2 * held[i]
    difference = tf.stop_gradient(held[0] - held[1])
    return vector_jacobian_product(
        [(inputs[0] - inputs[1]) * difference], [inputs[i] for i in op.live], multipliers
    )


def maximum(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Apply the cross-maximum rule to the largest of several inputs, in max pooling or globally.

    With c = max(y, y0), the part c - y0 goes to the window's largest input and y - c to the
    reference's. For the smallest input c is min(y, y0). Where nothing differs, the multiplier is
    the derivative. Source: the max-pool rule of Lundberg and Lee's DeepLIFT for SHAP (2017).
    """
    ((x, x0),), ((y, y0),) = op.inputs, op.outputs
    m, index = multipliers[0], op.live[0]
    x = tf.broadcast_to(x, tf.shape(x0))
    inputs = [x if i == index else tensor for i, tensor in enumerate(op.at_reference.inputs)]
    (at_window,) = repeat_operation(op.at_reference, inputs)
    larger = (tf.minimum if op.at_reference.type == "Min" else tf.maximum)(y, y0)
    (to_window,) = vector_jacobian_product([at_window], [x], [m * (larger - y0)])
    (to_reference,) = vector_jacobian_product(op.at_reference.outputs, [x0], [m * (y - larger)])
    same = tf.cast(tf.equal(y, y0), x0.dtype)
    (derivative,) = vector_jacobian_product([at_window], [x], [m * same])
    split = tf.math.divide_no_nan(to_window + to_reference, x - x0)
    return [tf.where(tf.equal(x, x0), derivative, split)]


def larger_of_two(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Apply Rescale to the ReLU in max(a, b) = b + max(a - b, 0), and to min(a, b) likewise.

    With s the slope of the ReLU, m_a = m s and m_b = m (1 - s); for the minimum s and 1 - s change
    places. Each is computed as the vector-Jacobian product of a product with s held, so that
    TensorFlow undoes broadcasting.
    """
    (a, a0), (b, b0) = op.inputs
    slope = of_relu(a - b, a0 - b0)
    shares = (slope, 1 - slope) if op.at_reference.type == "Maximum" else (1 - slope, slope)
    return [
        vector_jacobian_product([x0 * tf.stop_gradient(share)], [x0], multipliers)[0]
        for x0, share in zip((a0, b0), shares, strict=True)
    ]


# --- the table -------------------------------------------------------------------------------

# trait (see `graph.operations`) -> rule: ReLU is a "function", so it takes `rescale`
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


def find_rule(item: PathOperation, operation: tf.Operation) -> tuple[Rule | None, str]:
    """Return the rule for an operation on the path, or None and the reason why there is none."""
    rule = RULES.get(item.type)
    if rule is None:
        return None, "no rule for this operation"
    numbers = [*operation.inputs, *operation.outputs]
    if item.type == "Cast" and not all(tensor.dtype.is_floating for tensor in numbers):
        return None, "converts to or from whole numbers or conditions"
    if any(not tensor.dtype.is_floating for tensor in operation.outputs):
        return None, f"gives {operation.outputs[0].dtype.name}, not real numbers"
    if rule is linear and any(not operation.inputs[i].dtype.is_floating for i in item.live):
        return None, "chooses by an integer or a condition that depends on the sequence"
    if item.type in OF_TWO and len(item.live) == 2:
        return larger_of_two, ""
    if item.type in QUOTIENTS and item.live == (0,):
        return linear, ""
    if item.type in FUNCTIONS and (reason := _not_elementwise(item, operation)):
        return None, reason
    if item.type in BILINEAR:
        return (linear if len(item.live) == 1 else product), ""
    if item.type in LINEAR_IN_ONE and item.live != (LINEAR_IN_ONE[item.type],):
        return None, "depends on the sequence through an input it is not linear in"
    return rule, ""


def _not_elementwise(item: PathOperation, operation: tf.Operation) -> str:
    """Return why Rescale does not apply, or "" if the live input sets the shape of the output."""
    if item.type == "Pow" and item.live != (0,):
        return "has the sequence in its exponent"
    x, y = operation.inputs[item.live[0]].shape, operation.outputs[0].shape
    if x.rank is None or x.as_list() != y.as_list():
        return f"spreads a value of shape {x} over {y}"
    return ""
