"""One small Keras model per operation, and the windows and references of the benchmark.

`ours.py` reads this module and, in the environment of the other tools, `peers.py`: it needs only
Keras and NumPy, and gives the same weights and sequences in both.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import tensorflow as tf
from keras import activations, initializers, layers, ops

LENGTH = 24
WINDOWS = 3
REFERENCES = 3
SEED = 3

# names of the layers that every model shares; the operation is between them
STEM, HIDDEN, OUTPUT = "stem", "hidden", "output"

Tensor = Any
Operation = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Case:
    """An operation as part of a Keras model.

    Attributes
    ----------
    group, name
        Heading and row of the table.
    operation
        Function from the stem's output (N, 20, 6) to any shape.
    bare
        Whether the operation takes the sequence (N, 24, 4) directly, without a stem.
    refusal
        Whether no exact answer exists, so that refusing is right.
    """

    group: str
    name: str
    operation: Operation
    bare: bool = False
    refusal: bool = False


class Function(layers.Layer):
    """A layer that applies one function."""

    def __init__(self, function: Operation) -> None:
        super().__init__()
        self.function = function

    def call(self, x: Tensor) -> Tensor:
        """Apply the function."""
        return self.function(x)


def sequences() -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return windows (3, 24, 4) and references (3, 3, 24, 4), the windows' bases shuffled."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (WINDOWS, LENGTH))
    shuffled = rng.permuted(np.repeat(codes[:, None], REFERENCES, axis=1), axis=-1)
    one_hot = np.eye(4, dtype=np.float32)
    return one_hot[codes], one_hot[shuffled]


def build(case: Case) -> keras.Model:
    """Build the case's model: Conv1D(6, 5), the operation, Flatten, Dense(4, tanh), Dense(1)."""
    keras.utils.set_random_seed(SEED)
    sequence = keras.Input((LENGTH, 4), name="sequence")
    start = sequence
    if not case.bare:
        start = layers.Conv1D(6, 5, bias_initializer=_BIAS, name=STEM)(sequence)
    result = case.operation(start)
    if len(result.shape) > 2:
        result = layers.Flatten()(result)
    hidden = layers.Dense(4, activation="tanh", name=HIDDEN)(result)
    return keras.Model(sequence, layers.Dense(1, name=OUTPUT)(hidden))


def error(
    contributions: NDArray[np.floating], difference: NDArray[np.floating]
) -> tuple[float, float]:
    """Return the completeness error of summed contributions, and the median |difference|.

    Parameters
    ----------
    contributions, difference : (N, R)
        The sum of contributions, and the difference of outputs, for each window and reference.

    Returns
    -------
    tuple
        The largest |contributions - difference|, as a share of the larger of |difference| and the
        median |difference|; the median.
    """
    size = np.abs(difference)
    median = float(np.median(size))
    return float(np.max(np.abs(contributions - difference) / np.maximum(size, median))), median


_BIAS = initializers.RandomUniform(-0.2, 0.2, seed=1)  # unseeded, it differs from run to run
_THIRD = initializers.Constant(0.3)


def _function(f: Operation) -> Operation:
    return lambda x: Function(f)(x)


def _activation(name: str) -> Operation:
    return lambda x: layers.Activation(name)(x)


def _halves(f: Callable[[Tensor, Tensor], Tensor]) -> Operation:
    return _function(lambda z: f(z[..., :3], z[..., 3:]))


def _after_relu(layer: Operation) -> Operation:
    return lambda x: layer(layers.ReLU()(x))


def _excite(x: Tensor) -> Tensor:
    mean = layers.GlobalAveragePooling1D(keepdims=True)(x)
    return layers.Multiply()([x, layers.Dense(6, activation="sigmoid")(mean)])


def _attention_pool(x: Tensor) -> Tensor:
    logits = layers.Reshape((10, 2, 6))(layers.Dense(6)(x))
    pooled = layers.Multiply()([layers.Reshape((10, 2, 6))(x), layers.Softmax(axis=2)(logits)])
    return Function(lambda z: ops.sum(z, axis=2))(pooled)


def _residual(x: Tensor) -> Tensor:
    for dilation in (1, 2, 4):
        inner = layers.Conv1D(6, 3, padding="same", dilation_rate=dilation)(x)
        x = layers.Add()([x, layers.ReLU()(inner)])
    return x


def _two_branches(join: Callable[[], Any]) -> Operation:
    return lambda x: join()([x, layers.ReLU()(layers.Conv1D(6, 1)(x))])


def _reverse_complement_average(x: Tensor) -> Tensor:
    convolution, relu = layers.Conv1D(6, 5, bias_initializer=_BIAS), layers.ReLU()
    pool, dense = layers.MaxPooling1D(20), layers.Dense(3)

    def arm(z: Tensor) -> Tensor:
        return dense(layers.Flatten()(pool(relu(convolution(z)))))

    reverse = Function(lambda z: z[:, ::-1, ::-1])(x)
    return layers.Average()([arm(x), arm(reverse)])


def _embedding(x: Tensor) -> Tensor:
    return layers.Embedding(4, 6, embeddings_initializer="glorot_uniform")(
        Function(lambda z: ops.argmax(z, axis=-1))(x)
    )


def _attention(z: Tensor) -> Tensor:
    scores = tf.matmul(z, z, transpose_b=True) / 6**0.5
    return tf.matmul(tf.nn.softmax(scores), z)


def _cosine(a: Tensor, b: Tensor) -> Tensor:
    unit = tf.math.l2_normalize
    return tf.reduce_sum(unit(a, -1) * unit(b, -1), -1, keepdims=True)


_GROUPS: dict[str, dict[str, Operation]] = {
    "Elementwise": {
        "ReLU": lambda x: layers.ReLU()(x),
        # six times, so that the upper bend is reached
        "ReLU6": _function(lambda z: activations.relu6(6 * z)),
        "LeakyReLU": lambda x: layers.LeakyReLU(negative_slope=0.1)(x),
        "PReLU": lambda x: layers.PReLU(alpha_initializer=_THIRD, shared_axes=[1])(x),
        "ELU": lambda x: layers.ELU()(x),
        "SELU": _activation("selu"),
        "GELU (erf)": _function(lambda z: activations.gelu(z, approximate=False)),
        "GELU (tanh)": _function(lambda z: activations.gelu(z, approximate=True)),
        "swish (SiLU)": _activation("silu"),
        "softplus": _activation("softplus"),
        "softsign": _activation("softsign"),
        "sigmoid": _activation("sigmoid"),
        "hard sigmoid": _function(lambda z: activations.hard_sigmoid(6 * z)),
        "tanh": _activation("tanh"),
        "exp": _function(tf.exp),
        "log": _function(lambda z: tf.math.log(tf.math.softplus(z))),
        "log1p": _function(lambda z: tf.math.log1p(tf.math.softplus(z))),
        "sqrt": _function(lambda z: tf.sqrt(tf.math.softplus(z))),
        "rsqrt": _function(lambda z: tf.math.rsqrt(tf.math.softplus(z))),
        "square": _function(tf.square),
        "power": _function(lambda z: tf.pow(tf.math.softplus(z), 2.5)),
        "abs": _function(tf.abs),
        "reciprocal": _function(lambda z: tf.math.reciprocal(1 + tf.math.softplus(z))),
        "minimum with a constant": _function(lambda z: tf.minimum(z, 0.3)),
        "maximum with a constant": _function(lambda z: tf.maximum(z, -0.2)),
        "soft shrink": _activation("soft_shrink"),
        "clip": _function(lambda z: tf.clip_by_value(z, -0.5, 0.5)),
    },
    "Products of two live factors, and operations composed of them": {
        "gate, sigmoid × value": _halves(lambda a, b: a * tf.sigmoid(b)),
        "GLU": _function(lambda z: activations.glu(z, axis=-1)),
        "squeeze and excitation": _excite,
        "maximum of two live tensors": _halves(tf.maximum),
        "division": _halves(lambda a, b: a / (1 + tf.math.softplus(b))),
        "cosine": _halves(_cosine),
        "matrix product": _function(lambda z: tf.matmul(z, z, transpose_b=True)),
        "einsum of two live tensors": _function(lambda z: tf.einsum("blc,bld->bcd", z, tf.tanh(z))),
        "attention, written out": _function(_attention),
        "multi-head attention": lambda x: layers.MultiHeadAttention(2, 3)(x, x),
        "attention pooling": _attention_pool,
        "standard deviation": _function(lambda z: ops.std(z, axis=1)),
        "LayerNorm": lambda x: layers.LayerNormalization()(x),
        "GroupNorm": lambda x: layers.GroupNormalization(2)(x),
        "RMSNorm": lambda x: layers.RMSNormalization()(x),
        "BatchNorm (inference)": lambda x: layers.BatchNormalization(
            moving_mean_initializer=_BIAS, moving_variance_initializer=_THIRD
        )(x),
    },
    "Softmax and its kin": {
        "softmax over channels": lambda x: layers.Softmax()(x),
        "softmax over positions": lambda x: layers.Softmax(axis=1)(x),
        "log-softmax": _function(lambda z: tf.nn.log_softmax(z)),
        "logsumexp": _function(lambda z: tf.reduce_logsumexp(z, axis=-1, keepdims=True)),
        "logsumexp of two heads": _halves(
            lambda a, b: tf.reduce_logsumexp(tf.stack([a, b], -1), axis=-1)
        ),
    },
    "Pooling": {
        "max pooling": lambda x: layers.MaxPooling1D(2)(x),
        "max pooling after ReLU": _after_relu(lambda x: layers.MaxPooling1D(2)(x)),
        "max pooling, overlapping": lambda x: layers.MaxPooling1D(3, 1)(x),
        "max pooling, overlapping, padded": lambda x: layers.MaxPooling1D(3, 1, padding="same")(x),
        "max pooling, overlapping, after ReLU": _after_relu(
            lambda x: layers.MaxPooling1D(3, 1, padding="same")(x)
        ),
        "max pooling over the whole length": lambda x: layers.MaxPooling1D(20)(x),
        "global max pooling": lambda x: layers.GlobalMaxPooling1D(keepdims=True)(x),
        "average pooling": lambda x: layers.AveragePooling1D(2)(x),
        "average pooling, overlapping, padded": lambda x: layers.AveragePooling1D(
            3, 1, padding="same"
        )(x),
        "global average pooling": lambda x: layers.GlobalAveragePooling1D(keepdims=True)(x),
    },
    "Convolutions": {
        "strided, padded": _after_relu(lambda x: layers.Conv1D(6, 5, strides=2, padding="same")(x)),
        "dilated": _after_relu(lambda x: layers.Conv1D(6, 3, dilation_rate=3, padding="same")(x)),
        "causal": _after_relu(lambda x: layers.Conv1D(6, 5, padding="causal")(x)),
        "grouped": _after_relu(lambda x: layers.Conv1D(8, 5, groups=2)(x)),
        "depthwise": _after_relu(lambda x: layers.DepthwiseConv1D(3, depth_multiplier=2)(x)),
        "separable": _after_relu(lambda x: layers.SeparableConv1D(4, 3)(x)),
        "transposed": _after_relu(lambda x: layers.Conv1DTranspose(4, 3, strides=2)(x)),
        "residual, dilated (BPNet's body)": _residual,
    },
    "Shapes": {
        "upsampling": lambda x: layers.UpSampling1D(2)(x),
        "cropping": lambda x: layers.Cropping1D((2, 3))(x),
        "zero padding": lambda x: layers.ZeroPadding1D(3)(x),
        "concatenation": _two_branches(layers.Concatenate),
        "concatenation of one tensor twice": lambda x: layers.Concatenate()([x, x]),
        "addition of one tensor twice": lambda x: layers.Add()([x, x]),
        "gather with a constant index": _function(lambda z: tf.gather(z, [3, 1, 1, 7], axis=1)),
    },
}


def _convolution_2d(x: Tensor) -> Tensor:
    inner = layers.Conv2D(5, (5, 4))(layers.Reshape((LENGTH, 4, 1))(x))
    return layers.ReLU()(inner)


_OTHERS = [
    Case("Convolutions", "2D, of (L, 4, 1)", _convolution_2d, bare=True),
    Case(
        "Models of several parts",
        "reverse-complement average, same layers twice",
        _reverse_complement_average,
        bare=True,
    ),
    Case("Models of several parts", "LSTM, unrolled", lambda x: layers.LSTM(3, unroll=True)(x)),
    Case("Models of several parts", "LSTM", lambda x: layers.LSTM(3)(x)),
    Case(
        "Without an exact answer",
        "embedding of the bases' indices",
        _embedding,
        bare=True,
        refusal=True,
    ),
    Case(
        "Without an exact answer",
        "random noise at inference",
        _function(lambda z: z + tf.random.normal(tf.shape(z))),
        refusal=True,
    ),
]


def cases() -> Iterator[Case]:
    """Return all cases, in the order of the table."""
    listed = [Case(group, *row) for group, rows in _GROUPS.items() for row in rows.items()]
    groups = list(dict.fromkeys(case.group for case in listed + _OTHERS))
    yield from sorted(listed + _OTHERS, key=lambda case: groups.index(case.group))
