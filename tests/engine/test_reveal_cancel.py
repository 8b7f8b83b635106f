"""RevealCancel: the paper's own example, a slow twin, and completeness for every operation."""

import numpy as np
import pytest
import tensorflow as tf

from deeplift_genomics.engine.path import live_path
from deeplift_genomics.engine.reveal_cancel import rescaled
from tests.engine.helpers import multipliers_of, route_of
from tests.engine.test_rules import LINEAR, NONLINEAR, SHAPE, const, numbers

RNG = np.random.default_rng(3)


@pytest.mark.parametrize(
    ("inputs", "rescale", "reveal_cancel"),
    [
        # min(a, b) = a - relu(a - b), against a = b = 0: each input has its half of the minimum
        ((3.0, 5.0), (3.0, 0.0), (1.5, 1.5)),
        ((5.0, 3.0), (0.0, 3.0), (1.5, 1.5)),
        ((2.0, 2.0), (2.0, 0.0), (1.0, 1.0)),
    ],
)
def test_a_minimum_is_shared(
    inputs: tuple[float, float],
    rescale: tuple[float, float],
    reveal_cancel: tuple[float, float],
) -> None:
    """Figure 2 of the paper: Rescale gives all to one input, RevealCancel half to each."""

    def minimum(x: tf.Tensor) -> tf.Tensor:
        difference = tf.nn.relu(x[:, 0] @ const(np.array([[1], [-1], [0], [0]]), x))
        return x[:, 0, :1] - difference

    windows = np.array([[[*inputs, 0, 0]]])
    references = np.zeros((1, 1, 1, 4))
    for rules, expected in (("rescale", rescale), ("reveal_cancel", reveal_cancel)):
        m, *_ = multipliers_of(minimum, windows, references, np.ones(1), rules)
        np.testing.assert_allclose((m[0, 0] * windows[0])[0, :2], expected, atol=1e-12)


# --- a slow twin --------------------------------------------------------------------------------

FIRST, SECOND = RNG.normal(size=(4, 5)), RNG.normal(size=(5, 5))
LAST, SCALE = RNG.normal(size=(5, 2)), np.array([1.5, -0.5, 2, -1, 0.25])


def network(x: tf.Tensor) -> tf.Tensor:
    """Apply weights, normalisation, ReLU, weights, ReLU, a skipping sum, average and weights."""
    hidden = tf.nn.relu((x @ const(FIRST, x)) * const(SCALE, x) + 0.1)
    again = tf.nn.relu(hidden @ const(SECOND, x) - 0.2)
    pooled = tf.nn.tanh(tf.reduce_mean(hidden - again, axis=1))
    return pooled @ const(LAST, x)


def by_weights(d: float, w: float) -> tuple[float, float]:
    """Return the positive and the negative part of w d."""
    return max(w * d, 0.0), min(w * d, 0.0)


def reveal(f, x0: float, up: float, down: float) -> tuple[float, float]:
    positive = (f(x0 + up) - f(x0) + f(x0 + up + down) - f(x0 + down)) / 2
    negative = (f(x0 + down) - f(x0) + f(x0 + up + down) - f(x0 + up)) / 2
    return positive, negative


def quotient(f, x0: float, up: float, down: float) -> tuple[float, float]:
    """Return the slopes of the two parts; a missing part counts as 1e-7."""
    up, down = (up or 1e-7), (down or 1e-7)
    positive, negative = reveal(f, x0, up, down)
    return positive / up, negative / down


def weights_back(d: np.ndarray, w: np.ndarray, up: np.ndarray, down: np.ndarray) -> np.ndarray:
    """Return multipliers of inputs with differences d (n,), from those of outputs; w is (n, k)."""
    m = np.zeros(len(d))
    for i in range(len(d)):
        for j in range(w.shape[1]):
            product = w[i, j] * d[i]
            share = up[j] if product > 0 else down[j] if product < 0 else (up[j] + down[j]) / 2
            m[i] += w[i, j] * share
    return m


def twin(x: np.ndarray, x0: np.ndarray, m: np.ndarray) -> np.ndarray:
    """Return multipliers of `network` for one window and reference, number by number."""

    def relu(v: float) -> float:
        return max(v, 0.0)

    def forward(values: np.ndarray) -> tuple[np.ndarray, ...]:
        before = values @ FIRST * SCALE + 0.1
        hidden = np.maximum(before, 0)
        second = hidden @ SECOND - 0.2
        return before, hidden, second, (hidden - np.maximum(second, 0)).mean(axis=0)

    before0, hidden0, second0, pooled0 = forward(x0)
    _, hidden, _, pooled = forward(x)
    n, k = hidden.shape
    parts1, parts2 = np.zeros((n, k, 2)), np.zeros((n, k, 2))
    slope1, slope2 = np.zeros((n, k, 2)), np.zeros((n, k, 2))
    for p, j in np.ndindex(n, k):
        terms = [by_weights(x[p, i] - x0[p, i], FIRST[i, j]) for i in range(4)]
        up, down = (sum(term[s] for term in terms) for s in (0, 1))
        # a negative factor exchanges the parts
        up, down = (up * SCALE[j], down * SCALE[j])[:: 1 if SCALE[j] > 0 else -1]
        parts1[p, j] = reveal(relu, before0[p, j], up, down)
        slope1[p, j] = quotient(relu, before0[p, j], up, down)
    for p, j in np.ndindex(n, k):
        terms = [by_weights(hidden[p, i] - hidden0[p, i], SECOND[i, j]) for i in range(k)]
        up, down = (sum(term[s] for term in terms) for s in (0, 1))
        parts2[p, j] = reveal(relu, second0[p, j], up, down)
        slope2[p, j] = quotient(relu, second0[p, j], up, down)
    # a difference of two: the parts of what is subtracted change places
    pooled_parts = (parts1 - parts2[:, :, ::-1]).mean(axis=0)
    slope3 = np.array([quotient(np.tanh, pooled0[j], *pooled_parts[j]) for j in range(k)])
    tanh = np.tanh(pooled) - np.tanh(pooled0)
    m_tanh = weights_back(tanh, LAST, m, m)
    m_pooled = m_tanh[:, None] * slope3 / n
    result = np.zeros_like(x)
    for p in range(n):
        m_second = -m_pooled[:, ::-1] * slope2[p]
        d = hidden[p] - hidden0[p]
        through = weights_back(d, SECOND, m_second[:, 0], m_second[:, 1])
        m_before = (m_pooled + through[:, None]) * slope1[p] * SCALE[:, None]
        m_before = np.where(SCALE[:, None] > 0, m_before, m_before[:, ::-1])
        result[p] = weights_back(x[p] - x0[p], FIRST, m_before[:, 0], m_before[:, 1])
    return result


def test_the_rules_equal_their_slow_twin() -> None:
    windows, references = numbers("float64")
    m = RNG.normal(size=2)
    found, target, reference_target, _ = multipliers_of(
        network, windows, references, m, "reveal_cancel"
    )
    for b, r in np.ndindex(references.shape[:2]):
        expected = twin(windows[b], references[b, r], m)
        np.testing.assert_allclose(found[b, r], expected, atol=1e-6)
    difference = (found * (windows[:, None] - references)).sum(axis=(2, 3))
    np.testing.assert_allclose(difference, target - reference_target, atol=1e-10)
    plain, *_ = multipliers_of(network, windows, references, m)
    assert np.abs(plain - found).max() > 0.05  # or nothing was tested


# --- every operation ----------------------------------------------------------------------------

MIX = RNG.normal(size=(4, 4))
CASES = {name: case[:2] for name, case in [*LINEAR.items(), *NONLINEAR.items()]}


@pytest.fixture(autouse=True)
def _draws_do_not_depend_on_other_tests() -> None:
    """Start the generator anew, as other tests of the process have drawn from it."""
    RNG.bit_generator.state = np.random.default_rng(5).bit_generator.state


@pytest.mark.parametrize("case", CASES)
def test_every_operation_is_complete(case: str) -> None:
    """Between others that divide its input and its output into parts."""
    types, function = CASES[case]
    single = {
        "cast", "dilated convolution", "enlarge by cubic interpolation", "enlarge by interpolation",
        "fused batch norm",
    }  # fmt: skip
    dtype = "float32" if case in single else "float64"

    def between(x: tf.Tensor) -> tf.Tensor:
        y = function(tf.nn.elu(x @ const(MIX, x)) + x / 2)
        signs = const(np.resize([1, -1, 0.5], y.shape[-1]), x)
        return tf.nn.relu(y * signs + 0.1) + tf.nn.sigmoid(y)

    windows, references = numbers(dtype)
    windows, references = windows / 3, references / 3
    m = RNG.normal(size=function(tf.constant(windows[:1])).shape[1:])
    found, target, reference_target, route = multipliers_of(
        between, windows, references, m, "reveal_cancel"
    )
    # in float32 nothing is left to convert
    assert set(types.split()) - {"Cast"} <= {item.type for item in route.path}
    difference = (found * (windows[:, None] - references)).sum(axis=(2, 3))
    tolerance = 1e-10 if dtype == "float64" else 1e-4
    np.testing.assert_allclose(difference, target - reference_target, atol=tolerance)
    assert np.abs(target - reference_target).max() > 0.01
    assert found.shape[-2:] == SHAPE


# --- genomics_default ---------------------------------------------------------------------------

KERNEL = RNG.normal(size=(3, 4, 4))


def conv(x: tf.Tensor) -> tf.Tensor:
    return tf.nn.conv1d(x, const(KERNEL, x), 1, "SAME")


def dense(x: tf.Tensor) -> tf.Tensor:
    return x @ const(MIX, x)


def relu(x: tf.Tensor, name: str) -> tf.Tensor:
    return tf.nn.relu(x, name=name)


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (lambda x: relu(conv(x), "a"), {"a"}),
        (lambda x: relu(dense(x), "a"), set()),
        (lambda x: relu(x - 0.5, "a"), {"a"}),
        (lambda x: relu(conv(x) * 2 + 1, "a"), {"a"}),
        (lambda x: relu(tf.nn.max_pool1d(conv(x), 2, 2, "VALID"), "a"), {"a"}),
        (lambda x: relu(dense(relu(conv(x), "a")), "b"), {"a"}),
        (lambda x: relu(conv(relu(dense(x), "a")), "b"), {"b"}),
        (lambda x: relu(conv(x) + dense(x), "a"), {"a"}),
        (lambda x: relu(dense(x) + dense(x * 2), "a"), set()),
    ],
)  # fmt: skip
def test_genomics_default_keeps_rescale_after_convolutions(function, expected: set[str]) -> None:
    frozen = route_of(function, SHAPE).frozen
    path = live_path(frozen, frozen.inputs["sequence"], [frozen.outputs["head"]])
    sources = {
        item.name: [
            frozen.graph.get_operation_by_name(item.name).inputs[i].op.name for i in item.live
        ]
        for item in path
    }
    assert rescaled(path, sources) == expected
