"""SmoothGrad: the map of a gradient method, smoothed over noisy copies of the window.

With noise e of standard deviation `sigma` on all four values of every position, the noisy window is
z = x + e, and its map M has for base b at position l

- `gradient`: df/dz[l, b];
- `gradient_x_input`: the sum over c of z_b[l, c] df/dz[l, c], where z_b is z with base b at l in
  place of the observed one: for the observed base, noisy window times gradient, summed over the
  four values of the position;
- `integrated_gradients`: the mean over references k of the sum over c of
  (z_b[l, c] - R_k[l, c]) m_k[l, c], with m_k the mean gradient from R_k to z (see `paths`).

The hypothetical contribution is the mean of M over noisy windows, the mean of its square, or its
variance. The latter two have no sign. Weights that a target holds fixed are those of the window
without noise.

Sources: Smilkov, Thorat, Kim, Viegas, Wattenberg 2017, "SmoothGrad: removing noise by adding
noise"; Hooker, Erhan, Kindermans, Kim 2019 (squares); Adebayo, Gilmer, Goodfellow, Kim 2018
(variance).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.paths import (
    Arrays,
    hypothetical_of,
    mean_slopes,
    quadrature,
)
from deeplift_genomics.attribution.points import Derivatives, Held
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.settings.gradient_options import SmoothGradOptions

# (noise (B, S, L, 4), windows, references, what is held) -> target -> maps (B, S, L, 4)
Maps = Callable[[NDArray, NDArray, NDArray, Held], Arrays]


def smoothgrad(job: Job) -> BatchFunction:
    """Compile SmoothGrad for a job."""
    options = job.chosen.options
    assert isinstance(options, SmoothGradOptions)
    on_paths = options.base == "integrated_gradients"
    points = job.n_references * options.steps if on_paths else options.samples
    derivatives = Derivatives(job, points, max(job.n_references, 1))
    maps = _of_paths(derivatives, options) if on_paths else _of_gradients(derivatives, options)
    together = 1 if on_paths else derivatives.together

    def run(windows: NDArray, references: NDArray, *controls: NDArray) -> dict[str, Arrays]:
        held = derivatives.hold(windows, references if on_paths else None, controls)
        forms = {text: RunningForm() for text in job.targets}
        for first in range(0, options.samples, together):
            samples = range(first, min(first + together, options.samples))
            noise = _noise(windows, job.seed, samples, options.sigma).astype(derivatives.dtype)
            for text, found in maps(noise, windows, references, held).items():
                for i in range(len(samples)):
                    forms[text].add(found[:, i])
        return {
            text: {
                "hypothetical": form.result(options.form).astype(derivatives.dtype),
                "target": held.pairs[text].target.mean(axis=1),
            }
            for text, form in forms.items()
        }

    return run


def _noise(windows: NDArray, seed: int, samples: Sequence[int], sigma: float) -> NDArray:
    """Return the noise (B, S, L, 4) of some samples: each depends on seed, window and number."""
    shape = windows.shape[1:]
    return np.array(
        [
            [generator(seed, x, sample).normal(0, sigma, shape) for sample in samples]
            for x in windows
        ]
    )


def _of_gradients(derivatives: Derivatives, options: SmoothGradOptions) -> Maps:
    """Return the function that makes maps of gradients, or of gradient x input."""

    def maps(noise: NDArray, windows: NDArray, _: NDArray, held: Held) -> Arrays:
        found = derivatives.at(windows[:, None] + noise, held, np.zeros(noise.shape[1], int))
        if options.base == "gradient_x_input":
            for text, slopes in found.items():
                found[text] = slopes + (noise * slopes).sum(axis=-1, keepdims=True)
        return found

    return maps


def _of_paths(derivatives: Derivatives, options: SmoothGradOptions) -> Maps:
    """Return the function that makes maps of integrated gradients, of one sample."""
    places, weights = quadrature("gauss_legendre", options.steps)

    def maps(noise: NDArray, windows: NDArray, references: NDArray, held: Held) -> Arrays:
        along = np.broadcast_to(places, (*references.shape[:2], len(places)))
        ends = windows + noise[:, 0]
        means = mean_slopes(derivatives, ends, references, held, along=along, weights=weights)
        return {
            text: hypothetical_of(slopes, references - noise).mean(axis=1, keepdims=True)
            for text, slopes in means.items()
        }

    return maps


class RunningForm:
    """Mean, mean square and variance of maps that come one at a time (Welford 1962)."""

    def __init__(self) -> None:
        self._number, self._mean, self._squares = 0, np.zeros(()), np.zeros(())

    def add(self, values: NDArray) -> None:
        """Take in one map."""
        self._number += 1
        difference = values.astype(np.float64) - self._mean
        self._mean = self._mean + difference / self._number
        self._squares = self._squares + difference * (values - self._mean)

    def result(self, form: str) -> NDArray[np.float64]:
        """Return the `mean`, the mean square (`squared`) or the `variance`, divided by number."""
        variance = self._squares / self._number
        return {"mean": self._mean, "squared": self._mean**2 + variance, "variance": variance}[form]
