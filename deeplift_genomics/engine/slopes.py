"""Slopes (y - y0) / (x - x0) of elementwise functions y = f(x), exact in float32.

A plain quotient is mostly rounding where x and x0 nearly agree, and completeness cannot show it.
The slope of ReLU is 0 or 1 where the signs agree, and slopes of other kinked functions are sums of
it. Functions with a closed form use that. All other functions are smooth, and use the derivative at
the midpoint where x and x0 are near. Docstrings give the function, and the formula where it is not
plain.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from deeplift_genomics.engine.path import repeat_operation
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

# (operation at the references, its live position, x, x0) -> slope
Slope = Callable[[tf.Operation, int, tf.Tensor, tf.Tensor], tf.Tensor]


def of_relu(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = max(x, 0), ReLU."""
    high, low = tf.maximum(x, x0), tf.minimum(x, x0)
    same_sign = tf.logical_or(low > 0, high <= 0)
    return tf.where(same_sign, tf.cast(low > 0, x0.dtype), high / (high - low))


def of_exp(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of exp: the larger value times (1 - exp(-d)) / d, exact for small d."""
    d = tf.abs(x - x0)
    share = tf.where(d > 0, -tf.math.expm1(-d) / tf.where(d > 0, d, tf.ones_like(d)), 1)
    return tf.exp(tf.maximum(x, x0)) * share


def of_log(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of log: log(1 + d) / (d x0) with d = (x - x0) / x0."""
    d = (x - x0) / x0
    far = tf.abs(d) > 0
    return tf.where(far, tf.math.log1p(d) / tf.where(far, d, tf.ones_like(d)), 1) / x0


def of_sqrt(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of sqrt: 1 / (sqrt(x) + sqrt(x0)), and 0 where both are 0."""
    return tf.math.divide_no_nan(tf.ones_like(x0), tf.sqrt(x) + tf.sqrt(x0))


def of_rsqrt(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = 1 / sqrt(x)."""
    root, root0 = tf.sqrt(x), tf.sqrt(x0)
    return -1 / (root * root0 * (root + root0))


def of_elu(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = max(x, 0) + exp(min(x, 0)) - 1."""
    return of_relu(x, x0) + _of_negative_exp(x, x0)


def of_selu(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = s max(x, 0) + s a (exp(min(x, 0)) - 1), Klambauer et al. 2017."""
    a, s = 1.6732632423543772, 1.0507009873554805
    return s * of_relu(x, x0) + s * a * _of_negative_exp(x, x0)


def _of_negative_exp(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = exp(min(x, 0))."""
    return of_exp(tf.minimum(x, 0), tf.minimum(x0, 0)) * of_relu(-x, -x0)


def of_sign(x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of sign, a step at 0: it is 0 where the signs agree."""
    return tf.math.divide_no_nan(tf.sign(x) - tf.sign(x0), x - x0)


def _leaky_relu(operation: tf.Operation, live: int, x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = max(x, 0) - alpha max(-x, 0)."""
    return of_relu(x, x0) + operation.get_attr("alpha") * of_relu(-x, -x0)


def _maximum(operation: tf.Operation, live: int, x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = max(x, c) = c + max(x - c, 0)."""
    c = operation.inputs[1 - live]
    return of_relu(x - c, x0 - c)


def _minimum(operation: tf.Operation, live: int, x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
    """Return the slope of y = min(x, c) = c - max(c - x, 0)."""
    c = operation.inputs[1 - live]
    return of_relu(c - x, c - x0)


def _smooth(relative: bool) -> Slope:
    """Return a slope: the quotient, or the derivative at the midpoint where x and x0 are near.

    The derivative errs by (x - x0)^2 f''' / 24. The difference is small compared with the scale on
    which f bends: 1, or, for `relative` functions such as powers, x itself.
    """

    def slope(operation: tf.Operation, live: int, x: tf.Tensor, x0: tf.Tensor) -> tf.Tensor:
        def again(value: tf.Tensor) -> tf.Tensor:
            inputs = list(operation.inputs)
            inputs[live] = value
            return repeat_operation(operation, inputs)[0]

        middle = (x + x0) / 2
        (derivative,) = tf.gradients([again(middle)], [middle], stop_gradients=[middle])
        size = tf.abs(middle) if relative else tf.maximum(tf.abs(middle), 1)
        near = tf.abs(x - x0) <= _near(x0.dtype) * size
        difference = tf.where(near, tf.ones_like(middle), x - x0)
        return tf.where(near, derivative, (again(x) - again(x0)) / difference)

    return slope


def _near(dtype: tf.DType) -> float:
    """Return the share of that scale below which the derivative errs less than the quotient."""
    return float(np.finfo(dtype.as_numpy_dtype).eps) ** (1 / 3) / 4


def _plain(function: Callable[[tf.Tensor, tf.Tensor], tf.Tensor]) -> Slope:
    """Return the slope of a function that has no arguments but x."""
    return lambda operation, live, x, x0: function(x, x0)


SLOPES: dict[str, Slope] = {
    # kinked
    "Abs": _plain(lambda x, x0: of_relu(x, x0) - of_relu(-x, -x0)),
    "Elu": _plain(of_elu),
    "LeakyRelu": _leaky_relu,
    "Maximum": _maximum,
    "Minimum": _minimum,
    "Relu": _plain(of_relu),
    "Relu6": _plain(lambda x, x0: of_relu(x, x0) - of_relu(x - 6, x0 - 6)),
    "Selu": _plain(of_selu),
    "Sign": _plain(of_sign),
    # with a closed form
    "Exp": _plain(of_exp),
    "Expm1": _plain(of_exp),
    "Log": _plain(of_log),
    "Log1p": _plain(lambda x, x0: of_log(1 + x, 1 + x0)),
    "Reciprocal": _plain(lambda x, x0: -1 / (x * x0)),
    "Rsqrt": _plain(of_rsqrt),
    "Sqrt": _plain(of_sqrt),
    "Square": _plain(lambda x, x0: x + x0),
    # smooth
    **dict.fromkeys(having("smooth"), _smooth(relative=False)),
    **dict.fromkeys(having("smooth_relative"), _smooth(relative=True)),
}
