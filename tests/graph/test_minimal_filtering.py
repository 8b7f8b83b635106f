"""Convolutions in tiles, forward and back, against TensorFlow's own."""

import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.graph.minimal_filtering import Convolution, transformed


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize(("size", "dilation"), [(41, 1), (90, 4), (97, 8), (150, 32), (64, 16)])
def test_both_directions(size: int, dilation: int, same: bool) -> None:
    rng = np.random.default_rng(size)
    taps = rng.normal(size=(3, 5, 7)).astype(np.float32)
    x = rng.normal(size=(2, 1, size, 5)).astype(np.float32)
    length = size if same else size - 2 * dilation
    m = rng.normal(size=(2, 1, length, 7)).astype(np.float32)
    left = dilation if same else 0
    reverse = transformed(taps[::-1].transpose(0, 2, 1))
    found = Convolution(transformed(taps), reverse, dilation, size, left, length)
    with tf.GradientTape() as tape:
        values = tf.constant(x, tf.float64)
        tape.watch(values)
        padding = "SAME" if same else "VALID"
        # without dilation, which TensorFlow has not for the walk back in double precision
        spread = np.zeros((1, 2 * dilation + 1, 5, 7))
        spread[0, ::dilation] = taps
        y = tf.nn.conv2d(values, spread, 1, padding)
    back = tape.gradient(y, values, tf.constant(m, tf.float64))
    np.testing.assert_allclose(found.forward(tf.constant(x)), y, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.back(tf.constant(m)), back, rtol=0, atol=1e-5)
