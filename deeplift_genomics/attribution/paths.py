"""Path integrals of the gradient from references to the window.

With f the explained scalar, x the window and r a reference, the mean gradient on the straight line
between the two is

    m[l, b] = integral over a from 0 to 1 of df/dx[l, b] at r + a (x - r),

and the sum of m (x - r) is f(x) - f(r). The hypothetical contribution of base b at position l is
the mean over references k of m_k[l, b] - sum over c of R_k[l, c] m_k[l, c], as in DeepLIFT. Weights
that a target holds fixed for a pair of window and reference are held along its path.

`integrated_gradients` computes the integral by a quadrature, and is complete but for its error;
`expected_gradients` takes the mean over random points, and is complete in expectation.

Sources: Sundararajan, Taly, Yan 2017, "Axiomatic attribution for deep networks"; Erion, Janizek,
Sturmfels, Lundberg, Lee 2021, "Improving performance of deep learning models with axiomatic
attribution priors and expected gradients" (GradientSHAP in the package shap).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.points import Derivatives, Held, Pairs
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.settings.gradient_options import (
    ExpectedGradientsOptions,
    IntegratedGradientsOptions,
)

Arrays = dict[str, NDArray[np.floating]]


def quadrature(name: str, steps: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the points of a quadrature on [0, 1], and their weights.

    `gauss_legendre` has `steps` points; `trapezoid` has `steps` intervals, and one point more;
    `riemann` has the right ends of `steps` intervals, as Sundararajan et al. write it.

    >>> quadrature("trapezoid", 2)
    (array([0. , 0.5, 1. ]), array([0.25, 0.5 , 0.25]))
    """
    if name == "gauss_legendre":
        nodes, weights = np.polynomial.legendre.leggauss(steps)
        return (nodes + 1) / 2, weights / 2
    if name == "trapezoid":
        weights = np.full(steps + 1, 1 / steps)
        weights[[0, -1]] /= 2
        return np.arange(steps + 1) / steps, weights
    return np.arange(1, steps + 1) / steps, np.full(steps, 1 / steps)


def integrated_gradients(job: Job) -> BatchFunction:
    """Compile integrated gradients for a job."""
    options, r = job.chosen.options, job.n_references
    assert isinstance(options, IntegratedGradientsOptions)
    places, weights = quadrature(options.quadrature, options.steps)
    derivatives = Derivatives(job, r * len(places), r)

    def run(windows: NDArray, references: NDArray, *controls: NDArray) -> dict[str, Arrays]:
        held = derivatives.hold(windows, references, controls)
        along = np.broadcast_to(places, (len(windows), r, len(places)))
        means = mean_slopes(derivatives, windows, references, held, along=along, weights=weights)
        return {
            text: summarise(windows, references, m, held.pairs[text]) for text, m in means.items()
        }

    return run


def expected_gradients(job: Job) -> BatchFunction:
    """Compile expected gradients for a job."""
    options, r = job.chosen.options, job.n_references
    assert isinstance(options, ExpectedGradientsOptions)
    samples = options.samples
    derivatives = Derivatives(job, r * samples, r)
    weights = np.full(samples, 1 / samples)

    def run(windows: NDArray, references: NDArray, *controls: NDArray) -> dict[str, Arrays]:
        held = derivatives.hold(windows, references, controls)
        along = np.array(
            [[generator(job.seed, x, k).random(samples) for k in range(r)] for x in windows]
        )
        means = mean_slopes(derivatives, windows, references, held, along=along, weights=weights)
        found = {}
        for text, m in means.items():
            arrays = summarise(windows, references, m, held.pairs[text])
            kept = ("hypothetical", "target", "reference_target", "standard_error")
            found[text] = {name: arrays[name] for name in kept}
        return found

    return run


def mean_slopes(
    derivatives: Derivatives,
    windows: NDArray,
    references: NDArray,
    held: Held,
    *,
    along: NDArray,
    weights: NDArray,
) -> Arrays:
    """Return target -> weighted means (B, R, L, 4) of the derivative on the paths to windows.

    Parameters
    ----------
    windows, references
        (B, L, 4) and (B, R, L, 4): the ends and the beginnings of the paths.
    along
        (B, R, S): places on the path, 0 at the reference and 1 at the window.
    weights
        (S,): the weight of each.
    """
    b, r, s = along.shape
    dtype = derivatives.dtype
    ends, starts = np.asarray(windows, dtype)[:, None], np.asarray(references, dtype)
    places = along.reshape(b, r * s, 1, 1).astype(dtype)
    found: Arrays = {}
    for some in derivatives.chunks(r * s):
        k = some // s
        points = starts[:, k] + places[:, some] * (ends - starts[:, k])
        for text, slopes in derivatives.at(points, held, k).items():
            total = found.setdefault(text, np.zeros(references.shape))
            for i, (reference, point) in enumerate(zip(k, some, strict=True)):
                total[:, reference] += weights[point % s] * slopes[:, i]
    return {text: total.astype(dtype) for text, total in found.items()}


def hypothetical_of(slopes: NDArray, references: NDArray) -> NDArray:
    """Return the hypothetical contributions (B, R, L, 4) of each reference, from mean slopes."""
    return slopes - (references * slopes).sum(axis=-1, keepdims=True)


def summarise(windows: NDArray, references: NDArray, slopes: NDArray, pairs: Pairs) -> Arrays:
    """Return the arrays of a target, as `Scores` describes them, from its mean slopes."""
    r, dtype = references.shape[1], slopes.dtype
    hypothetical = hypothetical_of(slopes, references)
    observed = (windows[:, None] * hypothetical).sum(axis=-1)
    spread = observed.std(axis=1, ddof=1) if r > 1 else np.full(observed[:, 0].shape, np.nan)
    at_position = (slopes * (windows[:, None] - references)).sum(axis=-1)
    residual = at_position.sum(axis=-1) - (pairs.target - pairs.reference_target)
    arrays = {
        "hypothetical": hypothetical.mean(axis=1),
        "target": pairs.target.mean(axis=1),
        "reference_target": pairs.reference_target,
        "residual": residual,
        "standard_error": spread / np.sqrt(r),
        "mass": np.abs(at_position).sum(axis=-1),
        "size": pairs.size,
    }
    return {name: values.astype(dtype) for name, values in arrays.items()}
