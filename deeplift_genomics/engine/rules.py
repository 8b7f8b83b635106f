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
from typing import TypeAlias

import numpy as np

from deeplift_genomics.engine import tf
from deeplift_genomics.engine.graph import PathOperation, repeat_operation

Multiplier: TypeAlias = tf.Tensor | None


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


def vector_jacobian_product(
    outputs: Sequence[tf.Tensor], inputs: Sequence[tf.Tensor], multipliers: Sequence[Multiplier]
) -> list[tf.Tensor]:
    """sum over outputs of multiplier * d output / d input, for every input."""
    used = [(y, m) for y, m in zip(outputs, multipliers, strict=True) if m is not None]
    return tf.gradients(
        [y for y, _ in used],
        list(inputs),
        grad_ys=[m for _, m in used],
        stop_gradients=list(inputs),
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )


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


def relu(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Rescale for y = max(x, 0): the slope is exactly 0 or 1 where the signs agree."""

    def slope() -> tf.Tensor:
        (x, x0), (y, y0) = step.inputs[0], step.outputs[0]
        mixed = tf.math.divide_no_nan(y - y0, x - x0)
        on, on0 = x > 0, x0 > 0
        same = tf.cast(tf.logical_and(on, on0), x.dtype)
        return tf.where(tf.equal(on, on0), same, mixed)

    return [multipliers[0] * step.once("slope", slope)]


def rescale(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Elementwise smooth y = f(x): m_x = m_y (y - y0) / (x - x0).

    Where x and x0 are so near that the difference in y is mostly rounding, the slope is the
    derivative at the midpoint, which is closer to it: the error is (x - x0)^2 f''' / 24.
    """

    def slope() -> tf.Tensor:
        (x, x0), (y, y0) = step.inputs[0], step.outputs[0]
        middle = (x + x0) / 2
        at_middle = repeat_operation(step.at_reference, [middle])
        (derivative,) = vector_jacobian_product(at_middle, [middle], [tf.ones_like(middle)])
        near = tf.abs(x - x0) < _near(x0.dtype) * tf.maximum(tf.abs(middle), 1)
        return tf.where(near, derivative, (y - y0) / tf.where(near, tf.ones_like(x0), x - x0))

    return [multipliers[0] * step.once("slope", slope)]


def _near(dtype: tf.DType) -> float:
    """Differences below which a derivative is nearer to the slope than a quotient is."""
    return float(np.finfo(dtype.as_numpy_dtype).eps) ** (1 / 3) / 4


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


def _slope_of_exp(difference: tf.Tensor, y: tf.Tensor, y0: tf.Tensor) -> tf.Tensor:
    """Slope of exp between two points `difference` apart, with values y and y0.

    The larger value times (1 - exp(-d)) / d, which does not cancel for small d.
    """
    d = tf.abs(difference)
    share = tf.where(d > 0, -tf.math.expm1(-d) / tf.where(d > 0, d, tf.ones_like(d)), 1)
    return tf.maximum(y, y0) * share


def softmax(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """Per row y = exp(z), z = x - s, s = log sum exp(x): Rescale for exp, and exp, sum, log for s.

    m_z_i = m_i (y_i - y0_i) / (z_i - z0_i); m_x_i = m_z_i - p_i sum_j m_z_j, where p_i is the
    slope of exp at x_i over the slope of exp at s, both between window and reference, so that
    0 <= p_i <= 1 however far the two are apart.
    """
    ((x, x0),), ((y, y0),) = step.inputs, step.outputs
    s, s0 = (tf.reduce_logsumexp(values, axis=-1, keepdims=True) for values in (x, x0))
    c = tf.maximum(s, s0)
    p = _slope_of_exp(x - x0, tf.exp(x - c), tf.exp(x0 - c)) / _slope_of_exp(
        s - s0, tf.exp(s - c), tf.exp(s0 - c)
    )
    m_z = multipliers[0] * _slope_of_exp((x - s) - (x0 - s0), y, y0)
    return [m_z - p * tf.reduce_sum(m_z, axis=-1, keepdims=True)]


def maximum(step: Step, multipliers: Sequence[Multiplier]) -> list[tf.Tensor]:
    """The largest of several inputs (max pooling, overlapping or global): cross-maximum.

    With c = max(y, y0), the part c - y0 goes to the window's largest input and y - c to the
    reference's. Source: the max-pool rule of Lundberg and Lee's DeepLIFT for SHAP (2017). Where
    nothing differs, the multiplier is the derivative.
    """
    ((x, x0),), ((y, y0),) = step.inputs, step.outputs
    m, index = multipliers[0], step.live[0]
    x = tf.broadcast_to(x, tf.shape(x0))
    inputs = [x if i == index else tensor for i, tensor in enumerate(step.at_reference.inputs)]
    (at_window,) = repeat_operation(step.at_reference, inputs)
    larger = tf.maximum(y, y0)
    (to_window,) = vector_jacobian_product([at_window], [x], [m * (larger - y0)])
    (to_reference,) = vector_jacobian_product(step.at_reference.outputs, [x0], [m * (y - larger)])
    same = tf.cast(tf.equal(y, y0), x0.dtype)
    (derivative,) = vector_jacobian_product([at_window], [x], [m * same])
    split = tf.math.divide_no_nan(to_window + to_reference, x - x0)
    return [tf.where(tf.equal(x, x0), derivative, split)]


# --- the table -------------------------------------------------------------------------------

Rule = Callable[[Step, Sequence[Multiplier]], Sequence[Multiplier]]

# linear in all floating-point inputs together
LINEAR = [
    "Add",
    "AddN",
    "AddV2",
    "AvgPool",
    "BatchToSpaceND",
    "BiasAdd",
    "Cast",
    "ConcatV2",
    "ExpandDims",
    "MirrorPad",
    "Mean",
    "Neg",
    "Pack",
    "Pad",
    "PadV2",
    "Reshape",
    "ReverseV2",
    "Slice",
    "SpaceToBatchND",
    "Split",
    "SplitV",
    "Squeeze",
    "StridedSlice",
    "Sub",
    "Sum",
    "Tile",
    "Transpose",
    "Unpack",
]
# linear in each of two factors
BILINEAR = ["BatchMatMulV2", "Conv2D", "DepthwiseConv2dNative", "Einsum", "MatMul", "Mul"]
# linear in the input at that position while the others are fixed
LINEAR_IN_ONE = {"Conv2DBackpropInput": 2, "FusedBatchNormV3": 0, "RealDiv": 0}

RULES: dict[str, Rule] = {
    **dict.fromkeys(LINEAR, linear),
    **dict.fromkeys(BILINEAR, product),
    **dict.fromkeys(LINEAR_IN_ONE, linear),
    **dict.fromkeys(("Identity", "IdentityN", "StopGradient", "PreventGradient"), identity),
    **dict.fromkeys(("Elu", "Sigmoid", "Softplus", "Tanh"), rescale),
    **dict.fromkeys(("Max", "MaxPool"), maximum),
    "Relu": relu,
    "Softmax": softmax,
}


def find_rule(step: PathOperation, operation: tf.Operation) -> tuple[Rule | None, str]:
    """The rule for an operation on the path, or None and the reason why there is none."""
    rule = RULES.get(step.type)
    if rule is None:
        return None, "no rule for this operation"
    if any(not tensor.dtype.is_floating for tensor in operation.outputs):
        return None, f"gives {operation.outputs[0].dtype.name}, not real numbers"
    if any(tensor.dtype.size < 4 for tensor in operation.outputs):
        return None, "computes in half precision, in which differences are lost"
    if step.type in BILINEAR:
        return (linear if len(step.live) == 1 else product), ""
    if step.type in LINEAR_IN_ONE and step.live != (LINEAR_IN_ONE[step.type],):
        return None, "depends on the sequence through an input it is not linear in"
    if step.type == "FusedBatchNormV3" and operation.get_attr("is_training"):
        return None, "is in training mode"
    return rule, ""
