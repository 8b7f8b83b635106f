"""The matrices of minimal filtering, against sums of products and against known ones."""

import numpy as np
import pytest

from deeplift_genomics.graph.toom_cook import POINTS, TAPS, transforms


@pytest.mark.parametrize("m", POINTS)
def test_products_give_the_filter(m: int) -> None:
    found = transforms(m)
    rng = np.random.default_rng(m)
    x, g = rng.normal(size=m + TAPS - 1), rng.normal(size=TAPS)
    y = found.outputs @ ((found.filters @ g) * (found.inputs @ x))
    expected = [x[i : i + TAPS] @ g for i in range(m)]
    np.testing.assert_allclose(y, expected, rtol=1e-13, atol=1e-14)


def test_two_outputs_by_the_known_matrices() -> None:
    """Winograd's F(2, 3), with the second and third products scaled by 1/2 in the filter."""
    found = transforms(2)
    assert found.outputs.tolist() == [[1, 1, 1, 0], [0, 1, -1, 1]]
    assert (2 * found.filters).tolist() == [[-2, 0, 0], [1, 1, 1], [1, -1, 1], [0, 0, 2]]
    assert found.inputs.tolist() == [[-1, 0, 1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, -1, 0, 1]]
