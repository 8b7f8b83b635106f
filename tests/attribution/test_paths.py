"""Gradients and path methods: completeness, quadratures, forms of noise, and what is refused."""

import re
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from deeplift_genomics.attribution import points, random_paths
from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.paths import quadrature
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.engine import chunks
from deeplift_genomics.errors import CompletenessError, ConfigError, ModelError
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.methods import METHODS, choose
from deeplift_genomics.settings.sections import References
from tests.attribution.models import bpnet, randomise, sequences

LENGTH, SEED = 16, References().seed
TARGETS = (
    "counts", "profile", "profile_per_strand", "profile_fixed_weights", "profile_live_weights",
    "profile_wn", "counts - profile_live_weights", "profile + profile_live_weights",
)  # fmt: skip
PATHS = [
    name for name, row in METHODS.items() if row.prepare.startswith(("paths.", "random_paths."))
]


@pytest.fixture(scope="module")
def smooth() -> Model:
    """A model of two heads and a control, whose path integrals 20 points compute exactly."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    control = layers.Input((1,), name="control_logcount")
    x = layers.Conv1D(4, 3, activation="tanh")(x0)
    counts = layers.Concatenate()([layers.Flatten()(x), control])
    counts = layers.Dense(1, activation="softplus")(layers.Dense(2, activation="tanh")(counts))
    profile = layers.Conv1D(2, 5, name="profile")(x)
    return from_keras(
        randomise(
            keras.Model(
                [x0, control],
                [
                    layers.Flatten(name="profile_head")(profile),
                    layers.Dense(1, name="counts")(counts),
                ],
            )
        )
    )


@pytest.fixture(scope="module")
def kinked() -> Model:
    """A model of ReLUs with one unit."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(4, 5, activation="relu")(x0)
    return from_keras(
        randomise(keras.Model(x0, layers.Dense(1, name="out")(layers.Flatten()(x))), seed=5)
    )


def explained(model: Model, method: str, references: np.ndarray | None, **options: Any) -> Scores:
    """Return the scores of the kinked model's unit, in double precision."""
    windows, _ = sequences(2, 1, length=LENGTH)
    found = attribute(
        model, windows, references, "logit[0]", float64=True, method=method, options=options
    )
    return found["logit[0]"]


def errors(scores: Scores) -> np.ndarray:
    """Return the residuals as shares of the summed absolute contributions."""
    assert scores.residual is not None and scores.mass is not None
    return np.abs(scores.residual) / scores.mass


def test_paths_are_complete_for_each_target_whatever_it_holds(smooth: Model) -> None:
    windows, references = sequences(2, 2, length=LENGTH)
    windows[0, 3:5] = 0  # unknown bases
    controls = {"control_logcount": np.array([[2.0], [0.5]])}
    found = attribute(
        smooth,
        windows,
        references,
        TARGETS,
        controls,
        float64=True,
        method="integrated_gradients",
        options={"steps": 40},
    )
    by_deeplift = attribute(smooth, windows, references, TARGETS, controls, float64=True)
    for target, scores in found.items():
        assert errors(scores).max() < 1e-9, target
        assert not scores.contributions[0, 3:5].any()
        for name in ("target", "reference_target"):
            np.testing.assert_allclose(scores.array(name), by_deeplift[target].array(name))
    sums = {name: scores.hypothetical for name, scores in found.items()}
    live = sums["profile_live_weights"]
    np.testing.assert_allclose(sums["counts - profile_live_weights"], sums["counts"] - live)
    np.testing.assert_allclose(sums["profile + profile_live_weights"], sums["profile"] + live)


def test_gradients_of_live_weights_and_of_a_unit_equal_finite_differences(smooth: Model) -> None:
    """Both are functions of the window alone, whose values near it the targets themselves give."""
    windows, _ = sequences(1, 1, length=LENGTH)
    places = [(0, 0, 1), (0, 7, 2), (0, 15, 3)]
    targets = ("counts", "profile_live_weights")
    found = attribute(smooth, windows, None, targets, float64=True, method="gradient_x_input")
    steps = np.zeros((1, len(places) * 2, LENGTH, 4)) + windows[:, None]
    for i, (_, position, base) in enumerate(places):
        steps[0, 2 * i : 2 * i + 2, position, base] += 1e-6, -1e-6
    near = attribute(smooth, windows, steps, targets, float64=True, tolerance=1e6)
    for target in targets:
        values = near[target].reference_target
        assert values is not None
        expected = (values[0, ::2] - values[0, 1::2]) / 2e-6
        slopes = [found[target].hypothetical[place] for place in places]
        np.testing.assert_allclose(slopes, expected, rtol=1e-6, atol=1e-8)


def test_more_steps_make_the_error_of_each_quadrature_smaller(kinked: Model) -> None:
    _, references = sequences(2, 3, length=LENGTH, seed=1)
    for name in ("gauss_legendre", "trapezoid", "riemann"):
        few, many = (
            errors(
                explained(
                    kinked,
                    "integrated_gradients",
                    references,
                    steps=steps,
                    quadrature=name,
                    tolerance=9.0,
                )
            )
            for steps in (4, 200)
        )
        assert many.mean() < few.mean() / 5 and many.max() < 0.02, name


def test_quadratures_are_those_of_the_books() -> None:
    for name, degree in (("gauss_legendre", 9), ("trapezoid", 1), ("riemann", 0)):
        places, weights = quadrature(name, 5)
        for power in range(degree + 1):
            np.testing.assert_allclose((weights * places**power).sum(), 1 / (power + 1))
    assert quadrature("riemann", 2)[0].tolist() == [0.5, 1.0]
    assert quadrature("trapezoid", 1)[1].tolist() == [0.5, 0.5]


def test_a_tolerance_that_is_missed_is_met_by_more_steps(kinked: Model) -> None:
    _, references = sequences(2, 2, length=LENGTH, seed=1)
    options: dict[str, Any] = {"tolerance": 0.003, "quadrature": "riemann"}
    with pytest.raises(CompletenessError, match="raise the option 'steps' \\(now 3\\)"):
        explained(kinked, "integrated_gradients", references, steps=3, **options)
    explained(kinked, "integrated_gradients", references, steps=2000, **options)


def test_expected_gradients_tend_to_integrated_gradients(kinked: Model) -> None:
    _, references = sequences(2, 2, length=LENGTH, seed=1)
    exact = explained(kinked, "integrated_gradients", references, steps=300).contributions
    far = [
        np.abs(
            explained(kinked, "expected_gradients", references, samples=n).contributions - exact
        ).mean()
        for n in (2, 500)
    ]
    assert far[1] < far[0] / 5


@pytest.mark.parametrize("base", ["gradient", "gradient_x_input", "integrated_gradients"])
def test_smoothgrad_equals_a_loop_over_noisy_windows(base: str, kinked: Model) -> None:
    """The loop is over maps at noisy windows, which stand in for references of the gradient."""
    windows, _ = sequences(2, 1, length=LENGTH)
    _, references = sequences(2, 2, length=LENGTH, seed=1)
    on_path = base == "integrated_gradients"
    kernel, bias, dense, _ = _weights(kinked)

    def slope(x: np.ndarray) -> np.ndarray:
        out = np.zeros((LENGTH, 4))
        for i in range(LENGTH - 4):
            conv = (x[i : i + 5, :, None] * kernel).sum(axis=(0, 1)) + bias
            weights = dense.reshape(LENGTH - 4, 4)[i] * (conv > 0)
            out[i : i + 5] += kernel @ weights
        return out

    def hypothetical(x: np.ndarray, e: np.ndarray, r: np.ndarray) -> np.ndarray:
        nodes, shares = np.polynomial.legendre.leggauss(7)
        steps = zip((nodes + 1) / 2, shares / 2, strict=True)
        m = sum(share * slope(r + a * (x + e - r)) for a, share in steps)
        return m + ((e - r) * m).sum(axis=1, keepdims=True)

    maps = np.zeros((2, 6, LENGTH, 4))
    for row, s in np.ndindex(2, 6):
        x, e = windows[row], generator(SEED, windows[row], s).normal(0, 0.3, (LENGTH, 4))
        g = slope(x + e)
        maps[row, s] = g if base == "gradient" else g + (e * g).sum(axis=1, keepdims=True)
        if on_path:
            maps[row, s] = np.mean([hypothetical(x, e, r) for r in references[row]], axis=0)
    expected = {"mean": maps.mean(1), "squared": (maps**2).mean(1), "variance": maps.var(1)}
    for form, values in expected.items():
        found = explained(
            kinked,
            "smoothgrad",
            references if on_path else None,
            base=base,
            form=form,
            sigma=0.3,
            samples=6,
            steps=7,
        )
        np.testing.assert_allclose(found.hypothetical, values, atol=1e-8)


def _weights(model: Model) -> list[np.ndarray]:
    """Return the weights of the kinked model, from which it was frozen."""
    x0 = layers.Input((LENGTH, 4))
    x = layers.Conv1D(4, 5, activation="relu")(x0)
    same = randomise(keras.Model(x0, layers.Dense(1)(layers.Flatten()(x))), seed=5)
    return [value.numpy() for value in same.weights]


def test_the_map_of_random_paths_adds_up_to_its_baseline(smooth: Model) -> None:
    windows, _ = sequences(2, 1, length=LENGTH)
    method, options = "randomized_path_integration", {"baselines": 3, "metric": "insertion"}
    found = attribute(
        smooth, windows, targets="counts", float64=True, method=method, options=options
    )
    chosen = choose(method, options)
    assert chosen.picked_by == "insertion" and choose("deeplift").picked_by is None
    assert '"metric": "insertion"' in chosen.stored["method_options"]
    baselines = np.array([random_paths.draw_baselines(x, chosen.options, SEED) for x in windows])
    ends = attribute(smooth, windows, baselines, "counts", float64=True)["counts"]
    assert ends.reference_target is not None
    differences = ends.target[:, None] - ends.reference_target
    total = found["counts"].contributions.sum(axis=(1, 2))
    assert (np.abs(total[:, None] - differences).min(axis=1) < 1e-6).all()


def test_baselines_are_of_the_kind_asked_for() -> None:
    windows, _ = sequences(1, 1, length=LENGTH)
    windows[0, 2] = 0
    drawn = {
        kind: random_paths.draw_baselines(
            windows[0], choose("randomized_path_integration", {"kind": kind}).options, SEED
        )
        for kind in ("shuffle", "gaussian", "mixture")
    }
    one_hot = {
        kind: [bool(((x == 0) | (x == 1)).all()) for x in found] for kind, found in drawn.items()
    }
    assert all(one_hot["shuffle"]) and not any(one_hot["gaussian"])
    assert set(one_hot["mixture"]) == {True, False}
    assert not any(found[:, 2].any() for found in drawn.values())  # an unknown base stays one


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("integrated_gradients", {"steps": 0}, "'steps' is 0; expected a number of at least 1"),
        ("integrated_gradients", {"quadrature": "simpson"}, "gauss_legendre, trapezoid, riemann"),
        ("integrated_gradients", {"tolerance": 0.0}, "'tolerance' is 0.0; expected a number above"),
        ("integrated_gradients", {"samples": 3}, "one of expected_gradients, smoothgrad"),
        ("expected_gradients", {"samples": 0}, "'samples' is 0; expected a number of at least 1"),
        ("smoothgrad", {"sigma": -0.1}, "'sigma' is -0.1; expected a number above 0"),
        ("smoothgrad", {"base": "deeplift"}, "gradient, gradient_x_input, integrated_gradients"),
        ("smoothgrad", {"form": "median"}, "expected one of mean, squared, variance"),
        ("randomized_path_integration", {"baselines": 0}, "'baselines' is 0; expected a number of"),
        ("randomized_path_integration", {"sigma": 2.0}, "'sigma' is 2.0; expected a number of at"),
        ("randomized_path_integration", {"metric": "auc"}, "expected one of deletion, insertion"),
    ],
)
def test_options_that_make_no_sense(method: str, options: dict, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        choose(method, options)


def test_models_that_round_their_sequence_are_refused_between_sequences() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence", dtype="int8")
    x = layers.Conv1D(2, 3)(layers.Lambda(lambda x: keras.ops.cast(x, "float32"))(x0))
    model = from_keras(keras.Model(x0, layers.Dense(1, name="out")(layers.Flatten()(x))))
    windows, references = sequences(1, 2, length=LENGTH)
    assert attribute(model, windows, None, "logit[0]", method="gradient")["logit[0]"]
    for method in (*PATHS, "smoothgrad"):
        given = references if choose(method).references else None
        with pytest.raises(ModelError, match=f"makes whole numbers of its sequence, and {method}"):
            attribute(model, windows, given, "logit[0]", method=method)


def test_a_derivative_that_is_not_finite_is_an_error_and_no_score() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Lambda(lambda x: keras.ops.sqrt(x))(x0)
    model = from_keras(keras.Model(x0, layers.Dense(1, name="out")(layers.Flatten()(x))))
    with pytest.raises(ModelError, match=r"'logit\[0\]': the derivative of .* is not finite"):
        attribute(model, sequences(1, 1, length=LENGTH)[0], targets="logit[0]", method="gradient")


def test_a_batch_that_is_folded_into_positions_changes_nothing() -> None:
    x0 = layers.Input((LENGTH, 4), name="sequence")
    dense = layers.Dense(3, activation="tanh", name="dense")
    out = layers.Dense(1, name="out")
    y = layers.Lambda(lambda x: keras.ops.reshape(x, (-1, 4)))(x0)
    y = layers.Lambda(lambda x: keras.ops.reshape(x, (-1, LENGTH, 3)))(dense(y))
    folded = randomise(keras.Model(x0, out(layers.Flatten()(y))))
    plain = keras.Model(x0, out(layers.Flatten()(dense(x0))))
    _, references = sequences(2, 3, length=LENGTH, seed=1)
    one, other = (
        explained(from_keras(model), "integrated_gradients", references).hypothetical
        for model in (folded, plain)
    )
    np.testing.assert_allclose(one, other, atol=1e-12)


def test_chunks_are_of_one_size_however_many_points_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert chunks.points_together(1, 21, 2114) == 4
    assert chunks.points_together(1, 10**6, 2114) == 4
    assert chunks.points_together(8, 3, 2114) == 1
    monkeypatch.setattr(chunks, "TOGETHER", 5 * 60)  # five points of LENGTH = 60 together
    model = from_keras(bpnet(with_controls=True))
    windows, references = sequences(1, 2)
    seen, whole = [], points.Derivatives.at

    def at(self: points.Derivatives, at_points: np.ndarray, *rest: Any) -> dict:
        seen.append(at_points.shape[1])
        return whole(self, at_points, *rest)

    monkeypatch.setattr(points.Derivatives, "at", at)
    for steps in (6, 25):
        options = {"steps": steps, "tolerance": 9.0}
        attribute(
            model, windows, references, "profile", method="integrated_gradients", options=options
        )
    assert seen == [4, 4, 4] + [5] * 10
