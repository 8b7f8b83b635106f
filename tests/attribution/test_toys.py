"""The toy networks of the DeepLIFT paper, with every contribution written out."""

import numpy as np
import pytest

from benchmarks.reproduction.toys import measure

DEEPLIFT = ("Rescale", "RevealCancel", "genomics-default")
# toy -> y at each window, and method -> contributions of the inputs at each window
EXPECTED: dict[str, tuple[list, dict[str, list]]] = {
    # y = 1 - max(0, 1 - i1 - i2) at (0, 1) and (1, 1)
    "saturation": (
        [1, 1],
        {
            "gradient × input": [[0, 0], [0, 0]],
            "guided backpropagation × input": [[0, 0], [0, 0]],
            "integrated gradients": [[0, 1], [0.5, 0.5]],
            **{name: [[0, 1], [0.5, 0.5]] for name in DEEPLIFT},
        },
    ),
    # y = max(0, i1 - 10) at 9.75, 10.25 and 12; integrated gradients depend on the steps
    "threshold": (
        [0, 0.25, 2],
        {
            "gradient × input": [[0], [10.25], [12]],
            "guided backpropagation × input": [[0], [10.25], [12]],
            **{name: [[0], [0.25], [2]] for name in DEEPLIFT},
        },
    ),
    # y = i1 - max(0, i1 - i2) at (3, 1), (1, 3) and (2, 2)
    "minimum": (
        [1, 1, 2],
        {
            "gradient × input": [[0, 1], [1, 0], [2, 0]],
            "guided backpropagation × input": [[3, 0], [1, 0], [2, 0]],
            "integrated gradients": [[0, 1], [1, 0], [2, 0]],
            "Rescale": [[0, 1], [1, 0], [2, 0]],
            "RevealCancel": [[0.5, 0.5], [0.5, 0.5], [1, 1]],
            "genomics-default": [[0.5, 0.5], [0.5, 0.5], [1, 1]],
        },
    ),
}


@pytest.fixture(scope="module")
def measured() -> dict:
    return measure()


@pytest.mark.parametrize("name", EXPECTED)
def test_contributions_are_those_of_the_paper(name: str, measured: dict) -> None:
    outputs, methods = EXPECTED[name]
    found = measured[name]
    np.testing.assert_allclose(found["outputs"], outputs, atol=1e-12)
    for method, contributions in methods.items():
        np.testing.assert_allclose(
            found["methods"][method], contributions, atol=1e-12, err_msg=method
        )


def test_more_steps_bring_integrated_gradients_to_the_threshold(measured: dict) -> None:
    few, many = (
        np.array(found["threshold"]["methods"]["integrated gradients"])
        for found in (measured, measure(1000, ["threshold"]))
    )
    assert np.abs(few - [[0], [0.25], [2]]).max() > 0.05
    np.testing.assert_allclose(many, [[0], [0.25], [2]], atol=0.01)
