"""Slopes in single precision."""

import numpy as np
import pytest
import tensorflow as tf

from tests.engine.helpers import multipliers_of


@pytest.mark.parametrize("activation", ["softplus", "sigmoid", "tanh", "softmax"])
def test_slopes_stay_exact_where_window_and_reference_nearly_agree(activation: str) -> None:
    """float32 against float64, for differences that are mostly rounding."""
    function = getattr(tf.nn, activation)
    rng = np.random.default_rng(4)
    windows = rng.normal(size=(2, 6, 4)) * 3
    references = windows[:, None] + rng.normal(size=(2, 3, 6, 4)) * 10.0 ** -rng.integers(
        3, 9, (2, 3, 6, 4)
    )
    m = rng.normal(size=(6, 4))
    single, double = (
        multipliers_of(function, windows.astype(t), references.astype(t), m)[0]
        for t in ("float32", "float64")
    )
    np.testing.assert_allclose(single, double, atol=2e-4)
