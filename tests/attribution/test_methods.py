"""Every method against a slow twin, and each promise of its row against what it does."""

import re
from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.deeplift import RULE_SETS
from deeplift_genomics.attribution.methods import METHODS
from deeplift_genomics.attribution.scores import AXES, Scores
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.settings.choices import RULES
from tests.attribution.gradient import GRADIENT
from tests.attribution.models import explainer, randomise, sequences
from tests.conftest import ROOT

N, R, L = 3, 2, 12
# weights, window (L, 4), references (R, L, 4) -> scores of unit 1, hypothetical (L, 4)
Twin = Callable[[list[np.ndarray], np.ndarray, np.ndarray], np.ndarray]


@pytest.fixture(scope="module")
def model() -> keras.Model:
    """A model of convolution, ReLU, dense, ReLU, dense."""
    x0 = layers.Input((L, 4), name="sequence")
    x = layers.Conv1D(3, 4, activation="relu")(x0)
    x = layers.Dense(4, activation="relu")(layers.Flatten()(x))
    return randomise(keras.Model(x0, layers.Dense(2, name="out")(x)))


def deeplift(weights: list[np.ndarray], window: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Apply Rescale position by position, as the paper writes it."""
    kernel, bias, dense, dense_bias, last, _ = weights

    def forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        conv = np.array(
            [(x[i : i + 4, :, None] * kernel).sum(axis=(0, 1)) + bias for i in range(9)]
        )
        return conv, np.maximum(conv, 0).ravel() @ dense + dense_bias

    def slope(a: float, b: float) -> float:
        return (max(a, 0) - max(b, 0)) / (a - b) if a != b else float(a > 0)

    hypothetical = np.zeros((L, 4))
    for reference in references:
        (conv, hidden), (conv0, hidden0) = forward(window), forward(reference)
        m_hidden = [last[j, 1] * slope(hidden[j], hidden0[j]) for j in range(4)]
        m_relu = (dense @ m_hidden).reshape(9, 3)
        m = np.zeros((L, 4))
        for i, f in np.ndindex(9, 3):
            m[i : i + 4] += m_relu[i, f] * slope(conv[i, f], conv0[i, f]) * kernel[:, :, f]
        hypothetical += (m - (m * reference).sum(axis=1, keepdims=True)) / len(references)
    return hypothetical


CASES: dict[str, Twin] = {"deeplift": deeplift}


def references_of(name: str) -> int:
    """Return R: none for a method that needs none."""
    return R if METHODS[name].references else 0


def scores_of(name: str, model: keras.Model) -> Scores:
    """Return the scores of unit 1 on the windows of this test."""
    windows, references = sequences(N, references_of(name), length=L)
    explain = explainer(
        from_keras(model), ["logit[1]"], references.shape[1], batch_size=N, method=name
    )
    return explain(windows, references, {}, [str(row) for row in range(N)])["logit[1]"]


def test_every_method_has_a_case() -> None:
    assert set(CASES) == set(METHODS)


@pytest.mark.parametrize("name", METHODS)
def test_scores_equal_a_slow_twin(name: str, model: keras.Model) -> None:
    weights = [value.numpy() for value in model.weights]
    found = scores_of(name, model)
    for row, (window, references) in enumerate(zip(*sequences(N, R, length=L), strict=True)):
        expected = CASES[name](weights, window, references)
        np.testing.assert_allclose(found.hypothetical[row], expected, atol=2e-6)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_keeps_its_promises(name: str, model: keras.Model) -> None:
    method, scores = METHODS[name], scores_of(name, model)
    given = {"hypothetical", "sequences", "target", *method.stores}
    given |= {"residual", "mass", "size"} if method.complete else set()
    sizes = {"N": N, "R": references_of(name), "L": L, "4": 4}
    for array, axes in AXES.items():
        values = getattr(scores, array)
        assert (values is not None) == (array in given), array
        if values is not None:
            assert values.shape == tuple(sizes[axis] for axis in axes), array
    elsewhere = scores.hypothetical * (1 - scores.sequences)
    assert elsewhere.any() == (method.gives == "bases")
    if method.complete:
        assert scores.reference_target is not None
        difference = (scores.target[:, None] - scores.reference_target).mean(axis=1)
        total = scores.contributions.sum(axis=(1, 2))
        np.testing.assert_allclose(total, difference, rtol=1e-4, atol=1e-6)
    again = scores_of(name, model)
    assert (again.hypothetical != scores.hypothetical).any() == method.stochastic
    if method.references:
        with pytest.raises(InputError, match="At least 1 reference is needed"):
            explainer(from_keras(model), ["logit[1]"], 0, method=name)


def test_every_method_has_a_heading_and_each_such_heading_a_method() -> None:
    text = (ROOT / "docs" / "methods.md").read_text("utf-8")
    assert re.findall(r"^## `(\w+)`: ", text, re.MULTILINE) == list(METHODS)


def test_a_method_without_references_or_residuals(
    monkeypatch: pytest.MonkeyPatch, model: keras.Model
) -> None:
    """One row more is all that it takes: nothing else is computed, checked or asked for."""
    monkeypatch.setitem(METHODS, "gradient", GRADIENT)
    windows, _ = sequences(2, 1, length=L)
    explain = explainer(from_keras(model), ["logit[1]"], 0, batch_size=N, method="gradient")
    found = explain(windows, np.zeros((2, 0, L, 4), "float32"), {}, ["0", "1"])["logit[1]"]
    for row, window in enumerate(windows):
        bump = 0.01 * np.eye(L * 4, dtype="float32").reshape(-1, L, 4)
        outputs = model(np.concatenate([window + bump, window - bump]))[:, 1].numpy()
        slopes = (outputs[: L * 4] - outputs[L * 4 :]).reshape(L, 4) / 0.02
        np.testing.assert_allclose(found.hypothetical[row], slopes, atol=1e-4)
    np.testing.assert_allclose(found.target, model(windows)[:, 1], rtol=1e-5)
    assert found.residual is found.reference_target is found.standard_error is None
    assert explain.empty.hypothetical.shape == (0, L, 4)
    assert explain.empty.residual is None


def test_an_unknown_method(model: keras.Model) -> None:
    with pytest.raises(InputError, match="Method 'lime' is not known; there are: deeplift"):
        explainer(from_keras(model), ["logit[1]"], R, method="lime")


def test_the_sets_of_rules_are_those_that_a_user_may_choose() -> None:
    assert tuple(RULE_SETS) == RULES
