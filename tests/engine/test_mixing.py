"""What a window's score owes to other windows is found, and named; all else passes."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.rule_sets import Route
from deeplift_genomics.errors import ModelError, UnsupportedOperationError
from tests.engine.helpers import route_of

RNG = np.random.default_rng(6)
DENSE = RNG.normal(size=(24, 5))
raw = tf.raw_ops


def batch_norm(x: tf.Tensor) -> tf.Tensor:
    y = raw.FusedBatchNormV3(
        x=tf.cast(x, "float32")[:, None],
        scale=tf.ones(4),
        offset=tf.ones(4),
        mean=tf.zeros(0),
        variance=tf.zeros(0),
        name="norm/fused",
    )[0]
    return tf.cast(y, x.dtype)


def one_number(x: tf.Tensor) -> tf.Tensor:
    return tf.reshape(x, (-1, 24)) @ tf.constant(DENSE[:, :1], x.dtype)


def flat(x: tf.Tensor) -> tf.Tensor:
    return tf.reshape(x, (-1, 24))


def turned(x: tf.Tensor) -> tf.Tensor:
    return tf.transpose(x)


def places(x: tf.Tensor) -> tf.Tensor:
    return tf.cast(tf.range(tf.shape(x)[0]), x.dtype)


def by_first_base(x: tf.Tensor) -> tf.Tensor:
    """Add windows that begin with the same base."""
    groups = tf.argmax(x[:, 0], axis=-1)
    return tf.gather(tf.math.unsorted_segment_sum(flat(x), groups, 4), groups)


# name -> (the operation that is named, function)
MIXING: dict[str, tuple[str, Callable]] = {
    "statistics of a batch": ("Mean", batch_norm),
    "moments": ("Mean", lambda x: x - tf.nn.moments(x, [0, 1], keepdims=True)[0]),
    "mean of the batch": ("Mean", lambda x: x - tf.reduce_mean(x, axis=0)),
    "sum of the batch": ("Sum", lambda x: x + tf.reduce_sum(x, axis=[0, 1], keepdims=True)),
    "largest of the batch": ("Max", lambda x: one_number(x) - tf.reduce_max(one_number(x))),
    "softmax over windows": ("Softmax", lambda x: turned(tf.nn.softmax(turned(flat(x))))),
    "cumulative": ("Cumsum", lambda x: tf.cumsum(x, axis=0)),
    "cumulative without itself": ("Cumsum", lambda x: tf.cumsum(x, axis=0, exclusive=True)),
    "product over windows": ("MatMul", lambda x: flat(x) @ turned(flat(x)) @ flat(x)),
    "einsum over windows": ("Einsum", lambda x: tf.einsum("nlc,mlc->nm", x, x) @ flat(x)),
    "pooling over windows": (
        "AvgPool",
        lambda x: tf.nn.avg_pool2d(x[None], [3, 1], 1, "SAME")[0],
    ),
    "length 1 over the batch": ("Sum", lambda x: tf.math.l2_normalize(x, axis=0)),
    "in another order": ("ReverseV2", lambda x: tf.reverse(x, [0])),
    "rolled": ("Roll", lambda x: tf.roll(x, 1, axis=0)),
    "one for all": ("AddV2", lambda x: x + x[:1]),
    "weights by place": ("Mul", lambda x: flat(x) * places(x)[:, None]),
    "share of the batch": ("RealDiv", lambda x: flat(x) / tf.cast(tf.shape(x)[0], x.dtype)),
    "sorted, without a rule": ("TopKV2", lambda x: tf.sort(flat(x) @ DENSE.astype("f4"), axis=0)),
    "summed, without a rule": ("UnsortedSegmentSum", by_first_base),
    "the whole batch as one": ("Mean", lambda x: tf.reduce_mean(x, axis=0, keepdims=True)),
}  # fmt: skip


def check(route: Route) -> None:
    check_windows_apart(route.frozen, route.path, [route.frozen.outputs["head"]])


@pytest.mark.parametrize("case", MIXING)
def test_operations_that_mix_windows_are_named(case: str) -> None:
    operation, function = MIXING[case]
    with pytest.raises(ModelError) as caught:
        check(route_of(function, (6, 4), "float32"))
    message = str(caught.value)
    assert message.startswith(f"{operation} in "), message
    assert "no score of its own" in message
    assert "training=True" in message


def folded(x: tf.Tensor) -> tf.Tensor:
    return tf.reshape(tf.nn.softmax(tf.reshape(x, (-1, 4))), (-1, 24))


def with_batch_last(x: tf.Tensor) -> tf.Tensor:
    turned = tf.transpose(x, (1, 2, 0))
    return tf.transpose(turned - tf.reduce_mean(turned, axis=0), (2, 0, 1))


def reversed_twice(x: tf.Tensor) -> tf.Tensor:
    return tf.reverse(tf.tanh(tf.reverse(x, [0])), [0])


APART: dict[str, Callable] = {
    "one operation for each": lambda x: tf.nn.relu(x @ tf.constant(DENSE[:4], x.dtype)),
    "batch folded": folded,
    "batch last": with_batch_last,
    "reversed twice": reversed_twice,
    "layer normalisation": lambda x: keras.ops.layer_normalization(x, epsilon=1e-3),
    "attention": lambda x: tf.nn.softmax(tf.matmul(x, x, transpose_b=True)) @ x,
    "centred to nothing": lambda x: 1e6 * (flat(x) * 0.3 + 0.1 - (0.1 + flat(x) * 0.3)),
    "constant": lambda x: 0 * flat(x) + 3.0,
    "not finite": lambda x: tf.math.log(flat(x) - 1),
}  # fmt: skip


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("case", APART)
def test_models_that_keep_windows_apart_pass(case: str, dtype: str) -> None:
    check(route_of(APART[case], (6, 4), dtype))


def test_without_a_rule_and_apart() -> None:
    with pytest.raises(UnsupportedOperationError, match=r"TopKV2 \(no rule"):
        route_of(lambda x: tf.sort(flat(x), axis=1), (6, 4), "float32")
