"""Each rule against a slow twin that is written from its formula, operation by operation.

Inputs are real numbers, not one-hot: windows and references of shape (6, 4), so that every slope
matters. The twin of a linear operation is its forward pass in NumPy, whose matrix is computed
column by column. The file is long because it has all cases, one row each, with their twins.
"""

import math
from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from tests.engine.helpers import multipliers_of

raw = tf.raw_ops
SHAPE = (6, 4)
RNG = np.random.default_rng(5)
KERNEL = RNG.normal(size=(3, 4, 5))  # width, in, out
DEEP = RNG.normal(size=(3, 4, 2))  # width, in, multiples
MATRIX = RNG.normal(size=(4, 3))
BIAS = RNG.normal(size=4)


def const(values: np.ndarray, like: tf.Tensor) -> tf.Tensor:
    return tf.constant(values, like.dtype)


# --- linear operations: TensorFlow and NumPy forward ------------------------------------------


def conv_tf(x: tf.Tensor, dilation: int = 1, stride: int = 1) -> tf.Tensor:
    kernel = const(KERNEL[None], x)
    y = raw.Conv2D(
        input=x[:, None],
        filter=kernel,
        strides=[1, 1, stride, 1],
        padding="VALID",
        dilations=[1, 1, dilation, 1],
    )
    return y[:, 0]


def conv_np(x: np.ndarray, dilation: int = 1, stride: int = 1) -> np.ndarray:
    span = 2 * dilation
    return np.array(
        [
            sum(x[start + k * dilation] @ KERNEL[k] for k in range(3))
            for start in range(0, len(x) - span, stride)
        ]
    )


# scale, offset, mean and variance, which the operation takes in float32
MOMENTS = [np.float32(values) for values in (BIAS + 2, BIAS, BIAS * 3, BIAS**2 + 1)]


def batch_norm_tf(x: tf.Tensor) -> tf.Tensor:
    names = ("scale", "offset", "mean", "variance")
    given = {name: tf.constant(values) for name, values in zip(names, MOMENTS, strict=True)}
    x = tf.cast(x[:, None], tf.float32)
    return raw.FusedBatchNormV3(x=x, **given, epsilon=0.125, is_training=False)[0][:, 0]


def batch_norm_np(x: np.ndarray) -> np.ndarray:
    scale, offset, mean, variance = (values.astype(float) for values in MOMENTS)
    return (x - mean) / np.sqrt(variance + 0.125) * scale + offset


def by_fused(
    shape: tuple[int, ...], data_format: str, version: str = "V3", shape_after: tuple = (-1, *SHAPE)
) -> Callable:
    """Return normalisation as Keras 2 writes it: the numbers of a group and window are a channel."""

    def function(x: tf.Tensor) -> tf.Tensor:
        folded = tf.reshape(tf.cast(x, tf.float32), shape)
        channels = tf.shape(folded)[1 if data_format == "NCHW" else 3]
        y = getattr(raw, f"FusedBatchNorm{version}")(
            x=folded,
            scale=tf.fill([channels], 2.0),
            offset=tf.fill([channels], 0.5),
            mean=tf.zeros(0),
            variance=tf.zeros(0),
            epsilon=0.125,
            data_format=data_format,
        )[0]
        return tf.cast(tf.reshape(y, shape_after), x.dtype)

    return function


def by_channel_fused(x: tf.Tensor) -> tf.Tensor:
    """Normalise each channel of each window, channels last."""
    folded = tf.reshape(tf.transpose(x, (1, 0, 2)), (6, -1))
    normalised = by_fused((1, 6, 1, -1), "NHWC", shape_after=(6, -1, 4))(folded)
    return tf.transpose(normalised, (1, 0, 2))


def space_to_batch(x: np.ndarray) -> np.ndarray:
    padded = np.vstack([np.zeros((1, 4)), x, np.zeros((1, 4))])
    return np.stack([padded[0::2], padded[1::2]])


def cubic(values: np.ndarray) -> list[float]:
    """Return twice as many values, by Keys's kernel with a = -0.5, without weights beyond the ends."""

    def weight(d: float) -> float:
        d = abs(d)
        if d < 1:
            return 1.5 * d**3 - 2.5 * d**2 + 1
        return -0.5 * d**3 + 2.5 * d**2 - 4 * d + 2 if d < 2 else 0

    result = []
    for position in (np.arange(2 * len(values)) + 0.5) / 2 - 0.5:
        weights = np.array([weight(position - i) for i in range(len(values))])
        result.append(float(weights @ values / weights.sum()))
    return result


# name -> (operations that must be on the path, TensorFlow, NumPy)
LINEAR: dict[str, tuple[str, Callable, Callable]] = {
    "convolution": ("Conv2D ExpandDims Squeeze", lambda x: tf.nn.conv1d(x, const(KERNEL, x), 1, "VALID"), conv_np),
    "strided convolution": ("Conv2D", lambda x: conv_tf(x, stride=2), lambda x: conv_np(x, stride=2)),
    "dilated convolution": ("Conv2D", lambda x: conv_tf(x, 2), lambda x: conv_np(x, 2)),
    "dilated by space to batch": (
        "SpaceToBatchND BatchToSpaceND",
        lambda x: tf.nn.convolution(x, const(KERNEL, x), padding="VALID", dilations=[2]),
        lambda x: conv_np(x, 2),
    ),
    "depthwise convolution": (
        "DepthwiseConv2dNative",
        lambda x: raw.DepthwiseConv2dNative(
            input=x[:, None], filter=const(DEEP[None], x), strides=[1, 1, 1, 1], padding="VALID"
        ),
        lambda x: np.array(
            [[[sum(x[i + k, c] * DEEP[k, c, q] for k in range(3)) for c in range(4) for q in range(2)] for i in range(4)]]
        ),
    ),
    "transposed convolution": (
        "Conv2DBackpropInput",
        lambda x: tf.nn.conv1d_transpose(x, const(KERNEL.transpose(0, 2, 1), x), (tf.shape(x)[0], 8, 5), 1, "VALID"),
        lambda x: np.array([sum(x[i - k] @ KERNEL[k] for k in range(3) if 0 <= i - k < 6) for i in range(8)]),
    ),
    "dense": (
        "MatMul Reshape",
        lambda x: tf.reshape(tf.reshape(x, (-1, 4)) @ const(MATRIX, x), (-1, 6, 3)),
        lambda x: x @ MATRIX,
    ),
    "dense per position": ("BatchMatMulV2", lambda x: raw.BatchMatMulV2(x=x, y=const(MATRIX[None], x)), lambda x: x @ MATRIX),
    "dense per position, as of old": ("BatchMatMul", lambda x: raw.BatchMatMul(x=x, y=const(MATRIX[None], x) + 0 * x[:, :4, :3]), lambda x: x @ MATRIX),
    "dense per position, anew": ("BatchMatMulV3", lambda x: raw.BatchMatMulV3(x=x, y=const(MATRIX[None], x), Tout=x.dtype), lambda x: x @ MATRIX),
    "einsum": ("Einsum", lambda x: raw.Einsum(inputs=[x, const(MATRIX, x)], equation="blc,cd->bld"), lambda x: x @ MATRIX),
    "cast": ("Identity", lambda x: tf.cast(tf.cast(x, "float32" if x.dtype == "float64" else "float64"), x.dtype), lambda x: x),
    "bias": ("BiasAdd", lambda x: raw.BiasAdd(value=x, bias=const(BIAS, x)), lambda x: x + BIAS),
    "fused batch norm": ("AddV2 Mul", lambda x: tf.cast(batch_norm_tf(x), x.dtype), batch_norm_np),
    "add": ("AddV2", lambda x: x[:, :3] + x[:, 3:], lambda x: x[:3] + x[3:]),
    "old add": ("Add", lambda x: raw.Add(x=x[:, :3], y=x[:, 3:]), lambda x: x[:3] + x[3:]),
    "add many": ("AddN StridedSlice", lambda x: tf.add_n([x[:, :2], x[:, 2:4], x[:, 4:]]), lambda x: x[:2] + x[2:4] + x[4:]),
    "subtract": ("Sub", lambda x: x[:, :3] - x[:, 3:], lambda x: x[:3] - x[3:]),
    "negate": ("Neg", lambda x: -x, lambda x: -x),
    "multiply by a constant": ("Mul", lambda x: x * const(BIAS, x), lambda x: x * BIAS),
    "divide by a constant": ("RealDiv", lambda x: x / const(BIAS, x), lambda x: x / BIAS),
    "average pooling": (
        "AvgPool",
        lambda x: raw.AvgPool(value=x[:, None], ksize=[1, 1, 3, 1], strides=[1, 1, 2, 1], padding="VALID"),
        lambda x: np.array([[x[i : i + 3].mean(axis=0) for i in (0, 2)]]),
    ),
    "mean": ("Mean", lambda x: tf.reduce_mean(x, axis=1), lambda x: x.mean(axis=0)),
    "sum": ("Sum", lambda x: tf.reduce_sum(x, axis=2), lambda x: x.sum(axis=1)),
    "reshape": ("Reshape", lambda x: tf.reshape(x, (-1, 24)), lambda x: x.ravel()),
    "transpose": ("Transpose", lambda x: tf.transpose(x, (0, 2, 1)), lambda x: x.T),
    "concatenate": ("ConcatV2", lambda x: tf.concat([x, 2 * x], axis=1), lambda x: np.vstack([x, 2 * x])),
    "stack": ("Pack", lambda x: tf.stack([x, 3 * x], axis=1), lambda x: np.stack([x, 3 * x])),
    "unstack": ("Unpack", lambda x: tf.unstack(x, axis=2)[1], lambda x: x[:, 1]),
    "split": ("Split", lambda x: tf.split(x, 3, axis=1)[2], lambda x: x[4:]),
    "uneven split": ("SplitV", lambda x: tf.split(x, [1, 5], axis=1)[1], lambda x: x[1:]),
    "crop": ("StridedSlice", lambda x: x[:, 1:-2], lambda x: x[1:-2]),
    "slice": ("Slice", lambda x: tf.slice(x, (0, 2, 1), (-1, 3, 2)), lambda x: x[2:5, 1:3]),
    "reverse": ("ReverseV2", lambda x: tf.reverse(x, [1, 2]), lambda x: x[::-1, ::-1]),
    "pad": ("Pad", lambda x: raw.Pad(input=x, paddings=[[0, 0], [1, 2], [0, 0]]), lambda x: np.pad(x, ((1, 2), (0, 0)))),
    "pad with a value": (
        "PadV2",
        lambda x: raw.PadV2(input=x, paddings=[[0, 0], [1, 2], [0, 0]], constant_values=const(np.array(7.0), x)),
        lambda x: np.pad(x, ((1, 2), (0, 0)), constant_values=7),
    ),
    "pad by mirror": ("MirrorPad", lambda x: tf.pad(x, [[0, 0], [2, 1], [0, 0]], "REFLECT"), lambda x: np.pad(x, ((2, 1), (0, 0)), "reflect")),
    "repeat for all": ("BroadcastTo", lambda x: raw.BroadcastTo(input=x[:, :, None], shape=[tf.shape(x)[0], 6, 2, 4]), lambda x: x[:, None].repeat(2, axis=1)),
    "diagonal": (
        "MatrixDiagPartV3",
        lambda x: raw.MatrixDiagPartV3(input=x[:, :4], k=0, padding_value=const(np.array(0.0), x)),
        lambda x: np.diag(x[:4]),
    ),
    "tile": ("Tile", lambda x: tf.tile(x, (1, 2, 1)), lambda x: np.tile(x, (2, 1))),
    "concatenate with itself": ("ConcatV2", lambda x: tf.concat([x, x], axis=1), lambda x: np.vstack([x, x])),
    "add to itself": ("AddV2", lambda x: x + x, lambda x: x + x),
    "grouped convolution": (
        "Conv2D",
        lambda x: raw.Conv2D(input=x[:, None], filter=const(DEEP[None, :, :2], x), strides=[1] * 4, padding="VALID"),
        lambda x: np.array([[[sum(x[i + k, 2 * g : 2 * g + 2] @ DEEP[k, :2, g] for k in range(3)) for g in (0, 1)] for i in range(4)]]),
    ),
    "convolution in three dimensions": (
        "Conv3D",
        lambda x: raw.Conv3D(input=x[:, :, None, None], filter=const(KERNEL[:, None, None], x), strides=[1] * 5, padding="VALID"),
        lambda x: conv_np(x)[:, None, None],
    ),
    "gather": ("GatherV2", lambda x: tf.gather(x, [3, 1, 1], axis=1), lambda x: x[[3, 1, 1]]),
    "gather by coordinates": (
        "GatherNd",
        lambda x: tf.transpose(tf.gather_nd(tf.transpose(x, (1, 2, 0)), [[0, 1], [4, 3]])),
        lambda x: np.array([x[0, 1], x[4, 3]]),
    ),
    "choose by a constant": ("SelectV2", lambda x: tf.where([True, False, True, False], x, 2 * x), lambda x: x * [1, 2, 1, 2]),
    "choose by a constant, as of old": (
        "Select",
        lambda x: tf.transpose(raw.Select(condition=np.arange(6) < 2, x=tf.transpose(x, (1, 0, 2)), y=tf.transpose(3 * x, (1, 0, 2))), (1, 0, 2)),
        lambda x: x * [[1], [1], [3], [3], [3], [3]],
    ),
    "roll": ("Roll", lambda x: tf.roll(x, 2, axis=1), lambda x: np.roll(x, 2, axis=0)),
    "cumulative sum": ("Cumsum", lambda x: tf.cumsum(x, axis=1), lambda x: x.cumsum(axis=0)),
    "channels to positions": (
        "DepthToSpace",
        lambda x: raw.DepthToSpace(input=tf.reshape(x, (-1, 2, 3, 4)), block_size=2),
        lambda x: x.reshape(2, 3, 2, 2).transpose(0, 2, 1, 3).reshape(4, 6, 1),
    ),
    "positions to channels": (
        "SpaceToDepth",
        lambda x: raw.SpaceToDepth(input=x[..., None], block_size=2),
        lambda x: x.reshape(3, 2, 2, 2).transpose(0, 2, 1, 3).reshape(3, 2, 4),
    ),
    "enlarge by repeating": (
        "ResizeNearestNeighbor",
        lambda x: tf.image.resize(x[..., None], (12, 8), "nearest"),
        lambda x: x.repeat(2, axis=0).repeat(2, axis=1)[..., None],
    ),
    "enlarge by cubic interpolation": (
        "ResizeBicubic",
        lambda x: tf.cast(tf.image.resize(x[..., None], (12, 4), "bicubic"), x.dtype),
        lambda x: np.array([cubic(column) for column in x.T]).T[..., None],
    ),
    "enlarge by interpolation": (
        "ResizeBilinear Cast",
        lambda x: tf.cast(tf.image.resize(x[..., None], (12, 4)), x.dtype),
        lambda x: np.array([np.interp((np.arange(12) + 0.5) / 2 - 0.5, np.arange(6), column) for column in x.T]).T[..., None],
    ),
    "identity": ("Identity", lambda x: raw.Identity(input=x), lambda x: x),
    "identity of a known shape": ("EnsureShape", lambda x: tf.ensure_shape(x, (None, *SHAPE)), lambda x: x),
    "identities": ("IdentityN", lambda x: tf.identity_n([2 * x, x])[0], lambda x: 2 * x),
    "stopped gradient": ("StopGradient", lambda x: tf.stop_gradient(x), lambda x: x),
    "prevented gradient": ("PreventGradient", lambda x: raw.PreventGradient(input=x, message=""), lambda x: x),
}  # fmt: skip


def transposed_matrix_product(forward: Callable, m: np.ndarray) -> np.ndarray:
    """Return A^T m of an affine NumPy function, with A computed unit vector by unit vector."""
    zero = forward(np.zeros(SHAPE))
    result = np.zeros(SHAPE)
    for index in np.ndindex(SHAPE):
        unit = np.zeros(SHAPE)
        unit[index] = 1
        result[index] = np.sum(m * (forward(unit) - zero))
    return result


# --- nonlinear operations: the multipliers themselves, number by number -------------------------


def secant(function: Callable[[float], float], derivative: Callable[[float], float]) -> Callable:
    """Return the twin of the Rescale rule for an elementwise function."""

    def twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
        result = np.zeros(SHAPE)
        for i in np.ndindex(SHAPE):
            if x[i] == x0[i]:
                result[i] = m[i] * derivative(x0[i])
            else:
                result[i] = m[i] * (function(x[i]) - function(x0[i])) / (x[i] - x0[i])
        return result

    return twin


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def softplus(x: float) -> float:
    return math.log1p(math.exp(x))


def in_pieces(x: float) -> float:
    if x < -0.5:
        return -math.exp(-x)
    return x * x if x < 0.25 else 3 * x + 1


def slope_in_pieces(x: float) -> float:
    if x < -0.5:
        return math.exp(-x)
    return 2 * x if x < 0.25 else 3


def in_pieces_tf(x: tf.Tensor) -> tf.Tensor:
    middle = tf.where(tf.logical_and(x >= -0.5, x < 0.25), x * x, 3 * x + 1)
    return tf.where(tf.logical_not(x < -0.5), middle, -tf.exp(-x))


def selu(x: float) -> float:
    return 1.0507009873554805 * (x if x > 0 else 1.6732632423543772 * math.expm1(x))


def gelu(x: float) -> float:
    return x * (1 + math.erf(x / math.sqrt(2))) / 2


def gelu_slope(x: float) -> float:
    return gelu(x) / x + x * math.exp(-x * x / 2) / math.sqrt(2 * math.pi)


def gelu_by_tanh(x: float) -> float:
    return x * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))) / 2


def slope_of_gelu_by_tanh(x: float) -> float:
    t = math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    inner = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)
    return (1 + t) / 2 + x * (1 - t * t) * inner / 2


def by_channel(function: Callable, derivative: Callable) -> Callable:
    """Return the twin of Rescale for a function of x and of a third of the channel's bias."""

    def twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
        result = np.zeros(SHAPE)
        for i in np.ndindex(SHAPE):
            c = BIAS[i[1]] / 3
            one = secant(lambda v, c=c: function(v, c), lambda v, c=c: derivative(v, c))
            result[i] = one(x, x0, m)[i]
        return result

    return twin


def quotient_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Treat y = a / b, b = last three positions + 5, as the product of a and of Rescale's 1 / b."""
    result = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        b, b0 = x[i + 3, c] + 5, x0[i + 3, c] + 5
        result[i, c] = m[i, c] * (1 / b + 1 / b0) / 2
        slope = -1 / b**2 if b == b0 else (1 / b - 1 / b0) / (b - b0)
        result[i + 3, c] = m[i, c] * (x[i, c] + x0[i, c]) / 2 * slope
    return result


def quotient_by_zero_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Treat y = a / max(b, 0), or 0, as the product of a and of Rescale's 1 / max(b, 0)."""

    def inverse(b: float) -> float:
        return 1 / b if b > 0 else 0

    result = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        b, b0 = x[i + 3, c], x0[i + 3, c]
        result[i, c] = m[i, c] * (inverse(b) + inverse(b0)) / 2
        slope = -(inverse(b) ** 2) if b == b0 else (inverse(b) - inverse(b0)) / (b - b0)
        result[i + 3, c] = m[i, c] * (x[i, c] + x0[i, c]) / 2 * slope
    return result


def squared_difference_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Treat y = d^2 as the product d d, with d = first three positions less the last."""
    result = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        d, d0 = x[i, c] - x[i + 3, c], x0[i, c] - x0[i + 3, c]
        result[i, c] = m[i, c] * (d + d0)
        result[i + 3, c] = -result[i, c]
    return result


def product_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Split y = a b, with a the first three positions and b the last, in halves."""
    result = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        result[i, c] = m[i, c] * (x[i + 3, c] + x0[i + 3, c]) / 2
        result[i + 3, c] = m[i, c] * (x[i, c] + x0[i, c]) / 2
    return result


def matrix_product_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Split y = x x^T, in which both factors are live, in halves."""
    middle = (x + x0) / 2
    return (m + m.T) @ middle


def softmax_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray, last: bool = True) -> np.ndarray:
    """Apply Rescale to exp, log and exp in y = exp(x - log(sum(exp(x)))), row by row.

    Without the `last` exp it is the logarithm of the softmax.
    """
    result = np.zeros(x.shape)

    def slope(f: Callable, derivative: Callable, a: float, a0: float) -> float:
        return derivative(a0) if a == a0 else (f(a) - f(a0)) / (a - a0)

    for row in range(len(x)):
        total, total0 = sum(map(math.exp, x[row])), sum(map(math.exp, x0[row]))
        m_s = 0.0
        for i in range(x.shape[1]):
            z, z0 = x[row, i] - math.log(total), x0[row, i] - math.log(total0)
            m_z = m[row, i] * (slope(math.exp, math.exp, z, z0) if last else 1)
            result[row, i] += m_z
            m_s -= m_z
        m_total = m_s * slope(math.log, lambda t: 1 / t, total, total0)
        for i in range(x.shape[1]):
            result[row, i] += m_total * slope(math.exp, math.exp, x[row, i], x0[row, i])
    return result


KEPT = np.array([True, True, False, True])


def masked_softmax_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Leave out the third channel, which is minus infinity at window and reference."""
    result = np.zeros(SHAPE)
    result[:, KEPT] = softmax_twin(x[:, KEPT], x0[:, KEPT], m[:, KEPT])
    return result


def logsumexp_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Apply Rescale to exp and log, row by row, of numbers less the largest of both rows."""
    result = np.zeros(SHAPE)
    for row in range(len(x)):
        top = max(*x[row], *x0[row])
        e, e0 = np.exp(x[row] - top), np.exp(x0[row] - top)
        s, s0 = e.sum(), e0.sum()
        of_log = 1 / s if s == s0 else (math.log(s) - math.log(s0)) / (s - s0)
        for i in range(4):
            d = x[row, i] - x0[row, i]
            result[row, i] = m.ravel()[row] * of_log * (e[i] if d == 0 else (e[i] - e0[i]) / d)
    return result


def logsumexp_of_large_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    return 10 * logsumexp_twin(10 * x + 300, 10 * x0 + 300, m)


def logsumexp_of_all_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Treat rows and columns as one row."""
    result = np.zeros(SHAPE)
    e, e0 = np.exp(x), np.exp(x0)
    s, s0 = e.sum(), e0.sum()
    for i in np.ndindex(SHAPE):
        slope = e[i] if x[i] == x0[i] else (e[i] - e0[i]) / (x[i] - x0[i])
        result[i] = m.item() * slope * (math.log(s) - math.log(s0)) / (s - s0)
    return result


def log_add_exp_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Apply Rescale in y = b + log(1 + exp(a - b)), a the first three positions and b the last."""
    result = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        d, d0 = x[i, c] - x[i + 3, c], x0[i, c] - x0[i + 3, c]
        slope = sigmoid(d) if d == d0 else (softplus(d) - softplus(d0)) / (d - d0)
        result[i, c], result[i + 3, c] = m[i, c] * slope, m[i, c] * (1 - slope)
    return result


def gate_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Split y = a sigmoid(b) as a product, with Rescale for b: the last two channels; a: the first."""
    result = np.zeros(SHAPE)
    for i, c in np.ndindex(6, 2):
        a, a0, b, b0 = x[i, c], x0[i, c], x[i, c + 2], x0[i, c + 2]
        s, s0 = sigmoid(b), sigmoid(b0)
        slope = s * (1 - s) if b == b0 else (s - s0) / (b - b0)
        result[i, c] = m[i, c] * (s + s0) / 2
        result[i, c + 2] = m[i, c] * (a + a0) / 2 * slope
    return result


def normalisation_twin(groups: list[tuple], epsilon: float, centred: bool, mean: bool) -> Callable:
    """Return the twin of y = d r, d = x - mean(x) or x, r = (v + epsilon)^-1/2.

    v is the mean or the sum of d^2. d r is a product; r in v, and d^2 in d, take Rescale. `groups`
    are the indices of the numbers that are normalised together.
    """

    def twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
        result = np.zeros(SHAPE)
        for group in groups:
            n = x[group].size
            d, d0 = x[group], x0[group]
            if centred:
                d, d0 = d - d.mean(), d0 - d0.mean()
            share = 1 / n if mean else 1
            v, v0 = share * (d * d).sum() + epsilon, share * (d0 * d0).sum() + epsilon
            r, r0 = v**-0.5, v0**-0.5
            m_r = sum((m[group] * (d + d0) / 2).ravel())
            m_v = m_r * (-0.5 * v0**-1.5 if v == v0 else (r - r0) / (v - v0))
            m_d = m[group] * (r + r0) / 2 + m_v * share * (d + d0)
            result[group] = m_d - m_d.mean() if centred else m_d
        return result

    return twin


def twice(twin: Callable) -> Callable:
    return lambda x, x0, m: twin(x, x0, 2 * m)


def cosine_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Sum the products of the first three positions and the last, each of length 1."""
    length = np.sqrt((x * x).sum(axis=1, keepdims=True))
    length0 = np.sqrt((x0 * x0).sum(axis=1, keepdims=True))
    unit, unit0 = x / length, x0 / length0
    m_unit = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        m_unit[i, c] = m[i] * (unit[i + 3, c] + unit0[i + 3, c]) / 2
        m_unit[i + 3, c] = m[i] * (unit[i, c] + unit0[i, c]) / 2
    return normalisation_twin(ROWS, 0, centred=False, mean=False)(x, x0, m_unit)


def attention(x: tf.Tensor) -> tf.Tensor:
    scores = tf.matmul(x, x, transpose_b=True) / 2
    return tf.matmul(tf.nn.softmax(scores), x)


def attention_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Combine two matrix products and softmax: scores x x^T / 2, softmax by row, times x."""

    def softmax(z: np.ndarray) -> np.ndarray:
        return np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    s, s0 = x @ x.T / 2, x0 @ x0.T / 2
    middle = (x + x0) / 2
    m_s = softmax_twin(s, s0, m @ middle.T) / 2
    return (softmax(s) + softmax(s0)).T / 2 @ m + (m_s + m_s.T) @ middle


def by_group(x: tf.Tensor) -> tf.Tensor:
    grouped = tf.reshape(x, (-1, 6, 2, 2))
    mean, variance = tf.nn.moments(grouped, [1, 3], keepdims=True)
    return tf.reshape((grouped - mean) * tf.math.rsqrt(variance + 0.1), (-1, 6, 4))


def larger_of_two_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray, sign: int = 1) -> np.ndarray:
    """Apply Rescale to ReLU in y = b + max(a - b, 0), or, for the smaller, in -max(-a, -b)."""
    result = np.zeros(SHAPE)
    for i, c in np.ndindex(3, 4):
        d, d0 = (sign * (values[i, c] - values[i + 3, c]) for values in (x, x0))
        slope = float(d > 0) if d == d0 else (max(d, 0) - max(d0, 0)) / (d - d0)
        result[i, c], result[i + 3, c] = m[i, c] * slope, m[i, c] * (1 - slope)
    return result


def smaller_of_two_twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    return larger_of_two_twin(x, x0, m, sign=-1)


def maximum_twin(pools: list[range]) -> Callable:
    """Return the twin of the cross-maximum over pools of positions, channel by channel."""

    def twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
        m = m.reshape(len(pools), 4)
        result = np.zeros(SHAPE)
        for p, c in np.ndindex(len(pools), 4):
            i = max(pools[p], key=lambda position: x[position, c])
            i0 = max(pools[p], key=lambda position: x0[position, c])
            y, y0 = x[i, c], x0[i0, c]
            if max(y, y0) != y0:
                result[i, c] += m[p, c] * (max(y, y0) - y0) / (x[i, c] - x0[i, c])
            if y != max(y, y0):
                result[i0, c] += m[p, c] * (y - max(y, y0)) / (x[i0, c] - x0[i0, c])
            if y == y0 and x[i, c] == x0[i, c]:
                result[i, c] += m[p, c]
        return result

    return twin


def max_pool(x: tf.Tensor, stride: int) -> tf.Tensor:
    return raw.MaxPool(
        input=x[:, None], ksize=[1, 1, 3, 1], strides=[1, 1, stride, 1], padding="VALID"
    )


ROWS = [(i, slice(None)) for i in range(6)]
CHANNELS = [(slice(None), c) for c in range(4)]
HALVES = [(slice(None), slice(2)), (slice(None), slice(2, 4))]

NONLINEAR: dict[str, tuple[str, Callable, Callable]] = {
    "relu": ("Relu", tf.nn.relu, secant(lambda x: max(x, 0), lambda x: float(x > 0))),
    "relu6": ("Relu6", lambda x: tf.nn.relu6(5 * x), secant(lambda x: min(max(5 * x, 0), 6), lambda x: 5.0 * (0 < 5 * x < 6))),
    "leaky relu": ("LeakyRelu", lambda x: tf.nn.leaky_relu(x, 0.25), secant(lambda x: x if x > 0 else x / 4, lambda x: 1.0 if x > 0 else 0.25)),
    "absolute value": ("Abs", tf.abs, secant(abs, lambda x: math.copysign(1, x))),
    "maximum": ("Maximum", lambda x: tf.maximum(x, const(BIAS, x) / 3), by_channel(max, lambda x, c: float(x > c))),
    "minimum": ("Minimum", lambda x: tf.minimum(const(BIAS, x) / 3, x), by_channel(min, lambda x, c: float(x < c))),
    "elu": ("Elu", tf.nn.elu, secant(lambda x: x if x > 0 else math.expm1(x), lambda x: 1.0 if x > 0 else math.exp(x))),
    "selu": ("Selu", tf.nn.selu, secant(selu, lambda x: 1.0507009873554805 * (1.0 if x > 0 else 1.6732632423543772 * math.exp(x)))),
    "sigmoid": ("Sigmoid", tf.nn.sigmoid, secant(sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)))),
    "tanh": ("Tanh", tf.nn.tanh, secant(math.tanh, lambda x: 1 - math.tanh(x) ** 2)),
    "softplus": ("Softplus", tf.nn.softplus, secant(lambda x: math.log1p(math.exp(x)), sigmoid)),
    "softsign": ("Softsign", tf.nn.softsign, secant(lambda x: x / (1 + abs(x)), lambda x: (1 + abs(x)) ** -2)),
    "sine": ("Sin", tf.sin, secant(math.sin, math.cos)),
    "cosine": ("Cos", tf.cos, secant(math.cos, lambda x: -math.sin(x))),
    "area sine": ("Asinh", tf.asinh, secant(math.asinh, lambda x: (1 + x * x) ** -0.5)),
    "arc tangent": ("Atan", tf.atan, secant(math.atan, lambda x: 1 / (1 + x * x))),
    "erf": ("Erf", tf.math.erf, secant(math.erf, lambda x: 2 / math.sqrt(math.pi) * math.exp(-x * x))),
    "exp": ("Exp", tf.exp, secant(math.exp, math.exp)),
    "complementary erf": ("Erfc", tf.math.erfc, secant(math.erfc, lambda x: -2 / math.sqrt(math.pi) * math.exp(-x * x))),
    "expm1": ("Expm1", tf.math.expm1, secant(math.expm1, math.exp)),
    "log": ("Log", lambda x: tf.math.log(x + 5), secant(lambda x: math.log(x + 5), lambda x: 1 / (x + 5))),
    "log1p": ("Log1p", lambda x: tf.math.log1p(x + 4), secant(lambda x: math.log(x + 5), lambda x: 1 / (x + 5))),
    "square root": ("Sqrt", lambda x: tf.sqrt(x + 5), secant(lambda x: math.sqrt(x + 5), lambda x: 0.5 / math.sqrt(x + 5))),
    "one over square root": ("Rsqrt", lambda x: tf.math.rsqrt(x + 5), secant(lambda x: (x + 5) ** -0.5, lambda x: -0.5 * (x + 5) ** -1.5)),
    "reciprocal": ("Reciprocal", lambda x: raw.Reciprocal(x=x + 5), secant(lambda x: 1 / (x + 5), lambda x: -1 / (x + 5) ** 2)),
    "square": ("Square", tf.square, secant(lambda x: x * x, lambda x: 2 * x)),
    "power": ("Pow", lambda x: tf.pow(x + 5, 1.5), secant(lambda x: (x + 5) ** 1.5, lambda x: 1.5 * (x + 5) ** 0.5)),
    "gelu by erfc": ("Erfc", lambda x: tf.nn.gelu(x), secant(gelu, gelu_slope)),
    "gelu by tanh": ("Tanh Pow", lambda x: tf.nn.gelu(x, approximate=True), secant(gelu_by_tanh, slope_of_gelu_by_tanh)),
    "swish": ("Sigmoid Mul", lambda x: x * tf.sigmoid(x), secant(lambda x: x * sigmoid(x), lambda x: sigmoid(x) * (1 + x * (1 - sigmoid(x))))),
    "quotient": ("RealDiv", lambda x: x[:, :3] / (x[:, 3:] + 5), quotient_twin),
    "quotient that may be by zero": ("DivNoNan", lambda x: tf.math.divide_no_nan(x[:, :3], tf.nn.relu(x[:, 3:])), quotient_by_zero_twin),
    "quotient by a constant that may be zero": ("DivNoNan", lambda x: tf.math.divide_no_nan(x, const(BIAS * (BIAS > 0), x)), lambda x, x0, m: np.where(BIAS > 0, m / BIAS, 0)),
    "constant over": ("RealDiv", lambda x: 2 / (x + 5), secant(lambda x: 2 / (x + 5), lambda x: -2 / (x + 5) ** 2)),
    "squared difference": ("SquaredDifference", lambda x: tf.math.squared_difference(x[:, :3], x[:, 3:]), squared_difference_twin),
    "squared difference from a constant": ("SquaredDifference", lambda x: tf.math.squared_difference(const(BIAS, x), x), by_channel(lambda x, c: (x - c * 3) ** 2, lambda x, c: 2 * (x - c * 3))),
    "log softmax": ("LogSoftmax", tf.nn.log_softmax, lambda x, x0, m: softmax_twin(x, x0, m, last=False)),
    "log sum exp": ("LogSoftmax", lambda x: tf.reduce_logsumexp(x, axis=-1), logsumexp_twin),
    "log sum exp over two axes": ("LogSoftmax", lambda x: tf.reduce_logsumexp(x, axis=[-1, 1], keepdims=True), logsumexp_of_all_twin),
    "log of two exponentials added": ("Maximum", lambda x: keras.ops.logaddexp(x[:, :3], x[:, 3:]), log_add_exp_twin),
    "sign": ("Sign", tf.sign, secant(lambda x: float(np.sign(x)), lambda x: 0.0)),
    "above a threshold": ("Sign", lambda x: x * tf.cast(x > 0.25, x.dtype), secant(lambda x: x if x > 0.25 else 0, lambda x: float(x > 0.25))),
    "shrinkage": ("Sign", lambda x: keras.activations.soft_shrink(x), secant(lambda x: math.copysign(max(abs(x) - 0.5, 0), x), lambda x: float(abs(x) > 0.5))),
    "function in pieces": ("Sign Exp", in_pieces_tf, secant(in_pieces, slope_in_pieces)),
    "gate": ("Sigmoid Mul", lambda x: keras.activations.glu(x), gate_twin),
    "normalisation by layer": ("Rsqrt", lambda x: keras.ops.layer_normalization(x, epsilon=0.1), normalisation_twin(ROWS, 0.1, centred=True, mean=True)),
    "normalisation by layer, fused": ("Rsqrt", by_fused((1, -1, 4, 1), "NCHW"), twice(normalisation_twin(ROWS, 0.125, centred=True, mean=True))),
    "normalisation by window, fused": ("Rsqrt", by_fused((1, -1, 24, 1), "NCHW", "V2"), twice(normalisation_twin([(slice(None), slice(None))], 0.125, centred=True, mean=True))),
    "normalisation by group of positions, fused": ("Rsqrt", by_fused((1, -1, 12, 1), "NCHW", ""), twice(normalisation_twin([(slice(3),), (slice(3, 6),)], 0.125, centred=True, mean=True))),
    "normalisation by channel, fused": ("Rsqrt", by_channel_fused, twice(normalisation_twin(CHANNELS, 0.125, centred=True, mean=True))),
    "normalisation by group": ("Rsqrt", by_group, normalisation_twin(HALVES, 0.1, centred=True, mean=True)),
    "normalisation by root mean square": ("Rsqrt", lambda x: keras.ops.rms_normalization(x, epsilon=0.1), normalisation_twin(ROWS, 0.1, centred=False, mean=True)),
    "normalisation to length 1": ("Rsqrt Maximum", lambda x: tf.math.l2_normalize(x, axis=-1), normalisation_twin(ROWS, 0, centred=False, mean=False)),
    "cosine of two": ("Rsqrt Mul", lambda x: tf.reduce_sum(tf.math.l2_normalize(x[:, :3], -1) * tf.math.l2_normalize(x[:, 3:], -1), -1), cosine_twin),
    "attention": ("BatchMatMulV2 Softmax", attention, attention_twin),
    "log sum exp of large numbers": ("LogSoftmax", lambda x: tf.reduce_logsumexp(10 * x + 300, axis=-1, keepdims=True), logsumexp_of_large_twin),
    "larger of two": ("Maximum", lambda x: tf.maximum(x[:, :3], x[:, 3:]), larger_of_two_twin),
    "smaller of two": ("Minimum", lambda x: tf.minimum(x[:, :3], x[:, 3:]), smaller_of_two_twin),
    "product": ("Mul", lambda x: x[:, :3] * x[:, 3:], product_twin),
    "matrix product": ("BatchMatMulV2", lambda x: tf.matmul(x, x, transpose_b=True), matrix_product_twin),
    "einsum of two": ("Einsum", lambda x: raw.Einsum(inputs=[x, x], equation="bic,bjc->bij"), matrix_product_twin),
    "softmax": ("Softmax", tf.nn.softmax, softmax_twin),
    "masked softmax": ("Softmax SelectV2", lambda x: tf.nn.softmax(tf.where(KEPT, x, -np.inf)), masked_softmax_twin),
    "max pooling": ("MaxPool", lambda x: max_pool(x, 3), maximum_twin([range(3), range(3, 6)])),
    "overlapping max pooling": ("MaxPool", lambda x: max_pool(x, 1), maximum_twin([range(i, i + 3) for i in range(4)])),
    "global minimum": ("Min", lambda x: tf.reduce_min(x, axis=1), lambda x, x0, m: maximum_twin([range(6)])(-x, -x0, m)),
    "global max pooling": ("Max", lambda x: tf.reduce_max(x, axis=1), maximum_twin([range(6)])),
}  # fmt: skip


# --- the tests ----------------------------------------------------------------------------------


def numbers(dtype: str, b: int = 2, r: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Return windows and references in which a third of the numbers are the same."""
    rng = np.random.default_rng(7)
    windows = rng.normal(size=(b, *SHAPE))
    references = rng.normal(size=(b, r, *SHAPE))
    same = rng.random(references.shape) < 1 / 3
    references = np.where(same, windows[:, None], references)
    return windows.astype(dtype), references.astype(dtype)


def check(function: Callable, twin: Callable, types: str, dtype: str) -> None:
    """Assert that multipliers equal the twin's, and add up to the difference, for every pair."""
    windows, references = numbers(dtype)
    shape = function(tf.constant(windows[:1])).shape
    m = np.random.default_rng(9).normal(size=shape[1:])
    found, target, reference_target, route = multipliers_of(function, windows, references, m)
    met = {item.type for item in route.path}
    # in float32 all numbers are of that type, and nothing is left to convert
    assert set(types.split()) - ({"Cast"} if dtype == "float32" else set()) <= met
    exact = dtype == "float64" and not {"Cast", "Erfc", "Pow"} & met
    tolerance = 1e-10 if exact else 1e-4
    for b, r in np.ndindex(references.shape[:2]):
        expected = twin(windows[b].astype(float), references[b, r].astype(float), m)
        np.testing.assert_allclose(found[b, r], expected, rtol=tolerance, atol=tolerance)
    difference = (found * (windows[:, None] - references)).sum(axis=(2, 3))
    np.testing.assert_allclose(
        difference, target - reference_target, rtol=tolerance, atol=10 * tolerance
    )
    assert np.abs(target - reference_target).max() > 100 * tolerance


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", NONLINEAR)
def test_nonlinear_rules_equal_their_slow_twins(case: str, dtype: str) -> None:
    types, function, twin = NONLINEAR[case]
    check(function, twin, types, dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", LINEAR)
def test_linear_rules_equal_the_transposed_matrix(case: str, dtype: str) -> None:
    if (case, dtype) == ("dilated convolution", "float64"):
        pytest.skip("TensorFlow's CPU build has no backward pass of it in float64")
    types, function, forward = LINEAR[case]
    check(function, lambda x, x0, m: transposed_matrix_product(forward, m), types, dtype)


def test_batch_folded_into_positions() -> None:
    """A window is then forwarded once per reference; the scores are those of the plain layout."""

    def folded(x: tf.Tensor) -> tf.Tensor:
        y = tf.nn.tanh(tf.reshape(x, (-1, 4)) @ const(MATRIX, x))
        return tf.reshape(y, (-1, 6, 3))

    def plain(x: tf.Tensor) -> tf.Tensor:
        return tf.nn.tanh(raw.BatchMatMulV2(x=x, y=const(MATRIX[None], x)))

    windows, references = numbers("float64")
    m = np.random.default_rng(1).normal(size=(6, 3))
    found = multipliers_of(folded, windows, references, m)[0]
    np.testing.assert_allclose(found, multipliers_of(plain, windows, references, m)[0], atol=1e-12)


def test_softmax_stays_exact_for_large_logits() -> None:
    windows, references = numbers("float32")
    m = np.ones(SHAPE) * np.arange(4)
    found, target, reference_target, _ = multipliers_of(
        lambda x: tf.nn.softmax(20 * x + 500), windows, references, m
    )
    difference = (found * (windows[:, None] - references)).sum(axis=(2, 3))
    np.testing.assert_allclose(difference, target - reference_target, atol=1e-3)
