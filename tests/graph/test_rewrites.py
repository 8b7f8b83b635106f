"""Rewrites of the graph keep its values, and have the effect they are for."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.engine.transposes import vector_jacobian_product
from deeplift_genomics.graph.convolutions import several_at_once
from tests.engine.helpers import evaluate, frozen, types

RNG = np.random.default_rng(4)
layers = keras.layers
raw = tf.raw_ops


DILATED = {
    "valid": (layers.Conv1D(5, 3, dilation_rate=4), (40, 4)),
    "same": (layers.Conv1D(5, 4, dilation_rate=3, padding="same"), (41, 4)),
    "causal": (layers.Conv1D(5, 3, dilation_rate=2, padding="causal"), (40, 4)),
    "two dimensions": (layers.Conv2D(5, (2, 3), dilation_rate=(3, 2), padding="same"), (9, 8, 4)),
    "depthwise": (layers.DepthwiseConv1D(3, dilation_rate=2), (40, 4)),
}


@pytest.mark.parametrize("case", DILATED)
def test_dilated_convolutions_become_one_operation(case: str) -> None:
    layer, shape = DILATED[case]
    x = RNG.normal(size=(3, *shape)).astype("float32")
    before = frozen(layer, shape)
    after = before.made_faster()
    assert types(before) >= {"SpaceToBatchND", "BatchToSpaceND"}
    if case != "depthwise":
        assert not types(after) & {"SpaceToBatchND", "BatchToSpaceND"}
    np.testing.assert_allclose(evaluate(after, x), evaluate(before, x), atol=1e-5)
    np.testing.assert_allclose(evaluate(after, x), layer(x), atol=1e-5)


def test_a_chain_with_other_readers_stays() -> None:
    """Another operation reads a tensor between the two ends."""

    def function(x: tf.Tensor) -> tf.Tensor:
        inner = tf.space_to_batch(x[:, None], [1, 2], [[0, 0], [0, 0]])
        y = tf.nn.conv2d(inner, tf.ones((1, 3, 4, 2)), 1, "VALID")
        outer = tf.batch_to_space(y, [1, 2], [[0, 0], [0, 0]])
        return outer[:, 0] + tf.reduce_sum(inner)

    before = frozen(function, (20, 4))
    after = before.made_faster()
    assert "SpaceToBatchND" in types(after)
    x = RNG.normal(size=(1, 20, 4)).astype("float32")
    np.testing.assert_array_equal(evaluate(after, x), evaluate(before, x))


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize(("channels", "width"), [(1, 9), (2, 8), (3, 11), (4, 21)])
def test_few_channels_are_computed_at_several_positions(
    channels: int, width: int, padding: str
) -> None:
    layer = layers.Conv1D(channels, width, padding=padding)
    before = frozen(layer, (50, 6))
    after = before.made_faster()
    x = RNG.normal(size=(2, 50, 6)).astype("float32")
    np.testing.assert_allclose(evaluate(after, x), layer(x), atol=1e-5)
    strides = [
        node.attr["strides"].list.i[2] for node in after.definition.node if node.op == "Conv2D"
    ]
    assert strides == [16 // channels]


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (layers.Conv1D(5, 9), (50, 6)),  # many channels
        (layers.Conv1D(2, 7), (50, 6)),  # a short kernel
        (layers.Conv1D(2, 9, strides=2), (50, 6)),
        (layers.Conv2D(2, (3, 9)), (12, 50, 6)),
    ],
)
def test_other_convolutions_stay(layer: keras.Layer, shape: tuple[int, ...]) -> None:
    before = frozen(layer, shape)
    assert types(before.made_faster()) == types(before)


@pytest.mark.parametrize(
    ("left", "length"), [(0, 21), (0, 16), (4, 30), (9, 39), (2, 5)]
)  # of 30 positions
def test_several_at_once_is_a_convolution(left: int, length: int) -> None:
    x = RNG.normal(size=(2, 1, 30, 3))
    kernel = RNG.normal(size=(1, 10, 3, 2))
    padded = np.pad(x, ((0, 0), (0, 0), (left, 60), (0, 0)))
    expected = [
        [sum(row[0, i + k] @ kernel[0, k] for k in range(10)) for i in range(length)]
        for row in padded
    ]
    found = several_at_once(tf.constant(x), tf.constant(kernel), left, length)
    np.testing.assert_allclose(found[:, 0], expected, atol=1e-12)


def test_batch_normalisation_is_a_product_and_a_sum() -> None:
    scale, offset, mean, variance = (RNG.random(4).astype("float32") + 0.5 for _ in range(4))

    def function(x: tf.Tensor) -> tf.Tensor:
        y, *_ = raw.FusedBatchNormV3(
            x=x, scale=scale, offset=offset, mean=mean, variance=variance,
            epsilon=0.1, is_training=False,
        )  # fmt: skip
        return y

    graph = frozen(function, (3, 5, 4))
    assert "FusedBatchNormV3" not in types(graph)
    x = RNG.normal(size=(2, 3, 5, 4)).astype("float32")
    expected = (x - mean) / np.sqrt(variance + 0.1) * scale + offset
    np.testing.assert_allclose(evaluate(graph, x), expected, atol=1e-5)


def test_float64_keeps_the_values_of_constants() -> None:
    kernel = RNG.normal(size=(4, 2)).astype("float32")
    graph = frozen(lambda x: tf.nn.softplus(x @ tf.constant(kernel)), (4,)).in_float64()
    x = RNG.normal(size=(3, 4))
    found = evaluate(graph, x)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, np.log1p(np.exp(x @ kernel.astype(float))), rtol=1e-14)


# --- quicker vector-Jacobian products -----------------------------------------------------------

KERNEL = RNG.normal(size=(1, 9, 3, 7)).astype("float32")
QUICK: dict[str, tuple[Callable, tuple[int, ...]]] = {
    "crop": (lambda x: x[:, 3:-4], (20, 3)),
    "crop of the first": (lambda x: x[:, :5], (20, 3)),
    "crop of the last": (lambda x: x[:, -6:, 1:2], (20, 3)),
    "crop by step": (lambda x: x[:, 1::3], (20, 3)),
    "crop that drops an axis": (lambda x: x[:, 4], (20, 3)),
    "crop of the rest": (lambda x: x[..., 1:], (20, 3)),
    "valid": (lambda x: tf.nn.conv2d(x, KERNEL, 1, "VALID"), (1, 30, 3)),
    "same": (lambda x: tf.nn.conv2d(x, KERNEL, 1, "SAME"), (1, 30, 3)),
    "even and same": (lambda x: tf.nn.conv2d(x, KERNEL[:, 1:], 1, "SAME"), (1, 30, 3)),
    "strided": (lambda x: tf.nn.conv2d(x, KERNEL, 2, "SAME"), (1, 30, 3)),
    "dilated": (lambda x: tf.nn.conv2d(x, KERNEL, 1, "VALID", dilations=2), (1, 30, 3)),
    "two rows": (lambda x: tf.nn.conv2d(x, KERNEL, 1, "VALID"), (2, 30, 3)),
}


SLOW = {
    "crop by step", "crop of the rest", "crop that drops an axis", "dilated", "strided", "two rows"
}  # fmt: skip


@pytest.mark.parametrize("case", QUICK)
def test_products_equal_tensorflows_own(case: str) -> None:
    function, shape = QUICK[case]
    x = tf.constant(RNG.normal(size=(2, *shape)), tf.float32)
    m = tf.constant(RNG.normal(size=function(x).shape), tf.float32)

    @tf.function(autograph=False)
    def both(x: tf.Tensor, m: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, int]:
        y = function(x)
        before = len(tf.compat.v1.get_default_graph().get_operations())
        (own,) = vector_jacobian_product([y], [x], [m])
        added = tf.compat.v1.get_default_graph().get_operations()[before:]
        native = any(op.type in ("StridedSliceGrad", "Conv2DBackpropInput") for op in added)
        return own, *tf.gradients([y], [x], [m]), native

    own, expected, native = both(x, m)
    np.testing.assert_allclose(own, expected, atol=1e-5)
    assert native == (case in SLOW)
