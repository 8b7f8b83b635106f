"""Every method against a slow twin, and each promise of its row against what it does."""

import re
from collections.abc import Callable
from functools import cache

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution.deeplift import RULE_SETS
from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.scores import AXES, Scores
from deeplift_genomics.dna.shuffle import dinucleotide_shuffle
from deeplift_genomics.errors import ConfigError, InputError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.settings.choices import RULES
from deeplift_genomics.settings.methods import METHODS, choose
from deeplift_genomics.settings.sections import References
from tests.attribution import layer_twins
from tests.attribution.models import explainer, randomise, sequences
from tests.conftest import ROOT

N, R, L = 3, 2, 12
SEED = References().seed
# weights, window (L, 4), references (R, L, 4) -> scores of unit 1, hypothetical (L, 4)
Twin = Callable[[list[np.ndarray], np.ndarray, np.ndarray], np.ndarray]


@cache
def plain_model() -> keras.Model:
    """Build a model of convolution, ReLU, dense, ReLU, dense."""
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


def unit(weights: list[np.ndarray], x: np.ndarray) -> float:
    """Return the explained unit at a sequence (L, 4)."""
    kernel, bias, dense, dense_bias, last, last_bias = weights
    conv = np.array([(x[i : i + 4, :, None] * kernel).sum(axis=(0, 1)) + bias for i in range(9)])
    hidden = np.maximum(np.maximum(conv, 0).ravel() @ dense + dense_bias, 0)
    return float((hidden @ last + last_bias)[1])


def differences(weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Take central differences of the model, in float64."""
    slopes = np.zeros((L, 4))
    for place in np.ndindex(L, 4):
        bump = np.zeros((L, 4))
        bump[place] = 1e-6
        slopes[place] = (unit(weights, x + bump) - unit(weights, x - bump)) / 2e-6
    return slopes


def slope(weights: list[np.ndarray], x: np.ndarray) -> np.ndarray:
    """Pass the derivative back, layer by layer; it equals `differences`, and is faster."""
    kernel, bias, dense, dense_bias, last, _ = weights
    conv = np.array([(x[i : i + 4, :, None] * kernel).sum(axis=(0, 1)) + bias for i in range(9)])
    hidden = np.maximum(conv, 0).ravel() @ dense + dense_bias
    of_conv = (dense @ (last[:, 1] * (hidden > 0))).reshape(9, 3) * (conv > 0)
    out = np.zeros((L, 4))
    for i, f in np.ndindex(9, 3):
        out[i : i + 4] += of_conv[i, f] * kernel[:, :, f]
    return out


def gradient(weights: list[np.ndarray], window: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Take central differences at the window."""
    return differences(weights, window)


def of_path(m: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Return what each base would contribute, by mean slopes on the path from a reference."""
    return m - (m * reference).sum(axis=-1, keepdims=True)


def integrated_gradients(
    weights: list[np.ndarray], window: np.ndarray, references: np.ndarray
) -> np.ndarray:
    """Sum the slopes on each path, by Gauss-Legendre quadrature of 20 points on [-1, 1]."""
    nodes, shares = np.polynomial.legendre.leggauss(20)
    found = np.zeros((L, 4))
    for r in references:
        m = np.zeros((L, 4))
        for a, share in zip(nodes, shares, strict=True):
            m += share / 2 * slope(weights, (1 - a) / 2 * r + (1 + a) / 2 * window)
        found += of_path(m, r) / len(references)
    return found


def expected_gradients(
    weights: list[np.ndarray], window: np.ndarray, references: np.ndarray
) -> np.ndarray:
    """Take the mean over five random points of each path."""
    found = np.zeros((L, 4))
    for k, r in enumerate(references):
        for a in generator(SEED, window, k).random(5):
            found += of_path(slope(weights, r + a * (window - r)), r) / 5 / len(references)
    return found


def smoothgrad(weights: list[np.ndarray], window: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Take the mean over 50 noisy windows."""
    noise = [generator(SEED, window, s).normal(0, 0.15, (L, 4)) for s in range(50)]
    return np.mean([slope(weights, window + e) for e in noise], axis=0)


def randomized_path_integration(
    weights: list[np.ndarray], window: np.ndarray, references: np.ndarray
) -> np.ndarray:
    """Integrate from ten baselines, half of them noise, and take the map with most deletion."""
    maps = []
    for k in range(10):
        random = generator(SEED, window, k)
        if random.random() < 0.5:
            baseline = dinucleotide_shuffle(window, 1, int(random.integers(2**63)))[0]
        else:
            baseline = np.sqrt(0.75) * window + random.normal(0, 0.5, (L, 4))
        maps.append(integrated_gradients(weights, window, baseline[None]))
    draws = [generator(SEED, window, 1_000_000 + d).integers(2**63) for d in range(2)]
    shuffles = [dinucleotide_shuffle(window, 1, int(draw))[0] for draw in draws]
    shares, areas = [0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1], []
    for scores in maps:
        order, drops = (-(scores * window).sum(axis=1)).argsort(), []
        for share in shares:
            replaced = order[: max(round(share * L), int(share > 0))]
            mutants = [window.copy() for _ in shuffles]
            for mutant, shuffled in zip(mutants, shuffles, strict=True):
                mutant[replaced] = shuffled[replaced]
            drops.append(unit(weights, window) - np.mean([unit(weights, m) for m in mutants]))
        areas.append(np.trapezoid(drops, shares))
    return maps[int(np.argmax(areas))]


def in_silico_mutagenesis(
    weights: list[np.ndarray], window: np.ndarray, references: np.ndarray
) -> np.ndarray:
    """Replace base by base."""
    values = np.zeros((L, 4))
    for place, base in np.ndindex(L, 4):
        mutant = window.copy()
        mutant[place] = np.eye(4)[base]
        values[place, base] = unit(weights, mutant)
    return values - values.mean(axis=1, keepdims=True)


def occlusion(weights: list[np.ndarray], window: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Replace the stretches 0 to 9 and 2 to 11 of 12 bases."""
    total, number = np.zeros(L), np.zeros(L)
    for start in (0, 2):
        for reference in references:
            mutant = window.copy()
            mutant[start : start + 10] = reference[start : start + 10]
            total[start : start + 10] += unit(weights, window) - unit(weights, mutant)
            number[start : start + 10] += 1
    return total / number


def segments_kept(window: np.ndarray, reference: np.ndarray, first: int, last: int) -> np.ndarray:
    """Keep the first segment, of 10 bases, or the last, of 2, or both."""
    return np.where(np.repeat([first, last], [10, 2])[:, None] == 1, window, reference)


def kernel_shap(
    weights: list[np.ndarray], window: np.ndarray, references: np.ndarray
) -> np.ndarray:
    """Return the Shapley values of two segments, from the definition."""
    scores = np.zeros(L)
    for reference in references:
        v = {
            kept: unit(weights, segments_kept(window, reference, *kept))
            for kept in np.ndindex(2, 2)
        }
        first = (v[1, 0] - v[0, 0] + v[1, 1] - v[0, 1]) / 2
        last = (v[0, 1] - v[0, 0] + v[1, 1] - v[1, 0]) / 2
        scores += np.repeat([first / 10, last / 2], [10, 2]) / len(references)
    return scores


def lime(weights: list[np.ndarray], window: np.ndarray, references: np.ndarray) -> np.ndarray:
    """Solve the normal equations of weighted ridge regression, for the samples that are drawn."""
    scores = np.zeros(L)
    for k, reference in enumerate(references):
        kept = generator(1, window, k).random((200, 2)) < 0.5
        kept[0] = True
        values = [unit(weights, segments_kept(window, reference, *z)) for z in kept.astype(int)]
        distance = 1 - np.sqrt(kept.sum(axis=1) / 2)
        w = np.diag(np.exp(-(distance**2) / 0.25**2))
        x = np.column_stack([np.ones(200), kept])
        coefficients = np.linalg.solve(x.T @ w @ x + np.diag([0, 1, 1]), x.T @ w @ np.array(values))
        scores += np.repeat(coefficients[1:] / [10, 2], [10, 2]) / len(references)
    return scores


CASES: dict[str, Twin] = {
    "deeplift": deeplift,
    "gradient": gradient,
    "gradient_x_input": gradient,
    "integrated_gradients": integrated_gradients,
    "expected_gradients": expected_gradients,
    "smoothgrad": smoothgrad,
    "guided_backpropagation": layer_twins.guided_backpropagation,
    "deconvolution": layer_twins.deconvolution,
    "lrp": layer_twins.lrp,
    "grad_cam": layer_twins.grad_cam,
    "in_silico_mutagenesis": in_silico_mutagenesis,
    "occlusion": occlusion,
    "lime": lime,
    "kernel_shap": kernel_shap,
    "attention": layer_twins.attention,
    "attention_rollout": layer_twins.attention_rollout,
    "attention_x_gradient": layer_twins.attention_x_gradient,
    "randomized_path_integration": randomized_path_integration,
}
# methods that do not suit the plain model -> a model of their own
MODELS: dict[str, Callable[[], keras.Model]] = dict.fromkeys(
    ("attention", "attention_rollout", "attention_x_gradient"), layer_twins.with_attention
)


@cache
def model_of(name: str) -> keras.Model:
    """Return the model of a method's case."""
    return MODELS.get(name, plain_model)()


@pytest.fixture
def model(request: pytest.FixtureRequest) -> keras.Model:
    """Return the model of the method that a test is about; the plain one of other tests."""
    callspec = getattr(request.node, "callspec", None)
    return model_of(callspec.params.get("name", "") if callspec else "")


# options by which a stochastic method has more to draw from than it draws
FEW = {"kernel_shap": {"segment": 1, "samples": 40}}


def scores_of(name: str, model: keras.Model, **options: object) -> Scores:
    """Return the scores of unit 1 on the windows of this test."""
    chosen = choose(name, options)
    windows, references = sequences(N, R if chosen.references else 0, length=L)
    explain = explainer(
        from_keras(model), ["logit[1]"], references.shape[1], batch_size=N, chosen=chosen
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
        scores = found.hypothetical if METHODS[name].gives == "bases" else found.positions
        assert scores is not None
        np.testing.assert_allclose(scores[row], expected, atol=2e-6)


@pytest.mark.parametrize("name", METHODS)
def test_a_method_keeps_its_promises(name: str, model: keras.Model) -> None:
    method, scores = METHODS[name], scores_of(name, model)
    of_bases = method.gives == "bases"
    given = {"hypothetical" if of_bases else "positions", "sequences", "target", *method.stores}
    given |= {"residual", "mass", "size"} if method.complete else set()
    sizes = {"N": N, "R": R if choose(name).references else 0, "L": L, "4": 4}
    for array, axes in AXES.items():
        values = scores.array(array)
        assert (values is not None) == (array in given), array
        if values is not None:
            assert values.shape == tuple(sizes[axis] for axis in axes), array
    if of_bases:
        assert (scores.hypothetical * (1 - scores.sequences)).any()
    else:
        with pytest.raises(InputError, match="gives no hypothetical contributions"):
            scores.hypothetical  # noqa: B018
    if method.complete:
        assert scores.reference_target is not None
        difference = (scores.target[:, None] - scores.reference_target).mean(axis=1)
        total = scores.contributions.sum(axis=(1, 2))
        held_to = 1e-4 if choose(name).options.held_to is None else 0.1  # a quadrature
        np.testing.assert_allclose(total, difference, rtol=held_to, atol=1e-6)
    again = scores_of(name, model)  # stochastic methods are seeded
    assert (again.contributions == scores.contributions).all()
    if choose(name).references:
        with pytest.raises(InputError, match="At least 1 reference is needed"):
            explainer(from_keras(model), ["logit[1]"], 0, chosen=choose(name))


@pytest.mark.parametrize("seed", [-1, 1.5, "a", None])
def test_a_seed_is_a_whole_number(seed: object) -> None:
    chosen = choose("smoothgrad")
    with pytest.raises(InputError, match=r"The seed is .*; expected a whole number of at least 0"):
        explainer(from_keras(plain_model()), ["logit[1]"], 0, chosen=chosen, seed=seed)


@pytest.mark.parametrize("name", METHODS)
def test_only_stochastic_methods_depend_on_the_seed(name: str, model: keras.Model) -> None:
    found = []
    for seed in (1, 2):
        chosen = choose(name, FEW.get(name))
        windows, references = sequences(N, R if chosen.references else 0, length=L)
        explain = explainer(
            from_keras(model), ["logit[1]"], references.shape[1], chosen=chosen, seed=seed
        )
        found.append(explain(windows[:1], references[:1], {}, ["0"])["logit[1]"].contributions)
    assert (found[0] != found[1]).any() == METHODS[name].stochastic


@pytest.mark.parametrize("name", METHODS)
def test_scores_do_not_depend_on_the_batch(name: str, model: keras.Model) -> None:
    chosen = choose(name)
    windows, references = sequences(N, R if chosen.references else 0, length=L)
    found = [
        attribute(
            from_keras(model),
            windows,
            references if chosen.references else None,
            "logit[1]",
            batch_size=size,
            method=name,
        )["logit[1]"].contributions
        for size in (1, 2)
    ]
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


def test_every_method_has_a_heading_and_each_such_heading_a_method() -> None:
    text = (ROOT / "docs" / "methods.md").read_text("utf-8")
    assert re.findall(r"^## `(\w+)`: ", text, re.MULTILINE) == list(METHODS)


def test_a_method_without_references_takes_none(model: keras.Model) -> None:
    windows, references = sequences(2, 1, length=L)
    loaded = from_keras(model)
    with pytest.raises(InputError, match="gradient compares windows with nothing"):
        attribute(loaded, windows, references, "logit[1]", method="gradient")
    drawn = attribute(loaded, windows, None, "logit[1]")["logit[1]"]
    assert drawn.residual.shape == (2, 20)  # those of a run are drawn where none are given
    found = attribute(loaded, windows, targets="logit[1]", method="gradient")["logit[1]"]
    np.testing.assert_allclose(found.target, model(windows)[:, 1], rtol=1e-5)
    assert found.residual is found.reference_target is found.standard_error is None


def test_an_unknown_method_or_option(model: keras.Model) -> None:
    windows, _ = sequences(1, 1, length=L)
    for method, options, message in (
        ("gradients", {}, "did you mean 'gradient'"),
        ("gradient", {"corection": "mean"}, "no option 'corection'; did you mean 'correction'"),
        ("gradient", {"correction": "median"}, "expected one of none, mean"),
        ("deeplift", {"correction": "mean"}, "it is one of gradient .*. deeplift has no options"),
    ):
        with pytest.raises(ConfigError, match=message):
            attribute(from_keras(model), windows, method=method, options=options)


def test_the_sets_of_rules_are_those_that_a_user_may_choose() -> None:
    assert tuple(RULE_SETS) == RULES
