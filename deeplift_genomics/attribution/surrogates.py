"""Surrogates: LIME and KernelSHAP, linear models of what segments of the window do.

A sample z says of each segment whether it is kept (1) or replaced by the bases of a reference (0).
With f the explained scalar and x[z] the sample, a linear model is fitted to f(x[z]), and its
coefficients are the scores of the segments, averaged over references. A segment's score is spread
evenly over its known bases; a segment without any is left as it is and scores 0.

LIME draws samples that keep each segment with probability 1/2, weighs them by exp(-d^2 / width^2),
d their cosine distance from the window, and fits by ridge regression with an intercept. KernelSHAP
weighs a sample that keeps s of K segments by (K - 1) / (C(K, s) s (K - s)), and holds the model to
f at the reference and at the window, so that scores add up to the difference of the two. If there
are not more samples than asked for, it takes all, and its scores are Shapley values; otherwise it
draws s by its weight, a sample of that size, and the one that keeps the others.

Sources: Ribeiro, Singh, Guestrin 2016, "Why should I trust you?"; Lundberg, Lee 2017, "A unified
approach to interpreting model predictions".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.changes import Changes, FromWindows, Pairs
from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.settings.perturbation_options import (
    KernelShapOptions,
    LimeOptions,
    SegmentOptions,
)

# arrays of a method that is complete
COMPLETE = ("reference_target", "residual", "mass", "size")


class Samples(NamedTuple):
    """Samples of K segments: which are kept (S, K), and the weights (S,) of the samples."""

    kept: NDArray[np.bool_]
    weights: NDArray[np.float64]


_NOTHING = Samples(np.zeros((0, 0), bool), np.zeros(0))
# (generator, number of segments) -> samples
Draw = Callable[[np.random.Generator, int], Samples]
# (samples, change of the target from the window to each, and to the reference) -> scores (K,)
Fit = Callable[[Samples, NDArray, float], NDArray]


def lime(job: Job) -> BatchFunction:
    """Compile LIME for a job; ConfigError and ModelError are raised as by `kernel_shap`."""
    options = job.chosen.options
    assert isinstance(options, LimeOptions)
    options.segments(job.model.window_length, job.chosen.name)

    def draw(rng: np.random.Generator, segments: int) -> Samples:
        kept = rng.random((options.samples_of(segments), segments)) < 0.5
        kept[0] = True  # the window itself
        distance = 1 - np.sqrt(kept.mean(axis=1))
        return Samples(kept, np.exp(-((distance / options.width) ** 2)))

    def fit(samples: Samples, changes: NDArray, to_reference: float) -> NDArray:
        from sklearn.linear_model import Ridge

        return Ridge(alpha=options.penalty).fit(samples.kept, changes, samples.weights).coef_

    return _surrogate(job, draw, fit)


def kernel_shap(job: Job) -> BatchFunction:
    """Compile KernelSHAP for a job.

    Raises
    ------
    ConfigError
        If segments are longer than the window, or samples too few.
    ModelError
        As `Changes` raises it.
    """
    options = job.chosen.options
    assert isinstance(options, KernelShapOptions)
    options.segments(job.model.window_length, job.chosen.name)

    def draw(rng: np.random.Generator, segments: int) -> Samples:
        return kernel_samples(rng, segments, options.samples_of(segments))

    return _surrogate(job, draw, constrained)


def kernel_samples(rng: np.random.Generator, segments: int, most: int) -> Samples:
    """Return the samples of KernelSHAP: all that there are, or `most` that are drawn.

    Those that keep all segments or none, whose weight is infinite, are left out.
    """
    sizes = np.arange(1, segments)
    of_size = (segments - 1) / (sizes * (segments - sizes))  # the weight of all of one size
    if segments < 63 and 2**segments - 2 <= most:
        numbers = np.arange(1, 2**segments - 1)
        kept = (numbers[:, None] >> np.arange(segments) & 1).astype(bool)
        of_one = of_size / [math.comb(segments, int(size)) for size in sizes]
        return Samples(kept, of_one[kept.sum(axis=1) - 1])
    drawn = rng.choice(sizes, (most + 1) // 2, p=of_size / of_size.sum())
    kept = rng.permuted(np.arange(segments) < drawn[:, None], axis=1)
    kept = np.stack([kept, ~kept], axis=1).reshape(-1, segments)[:most]
    return Samples(kept, np.ones(len(kept)))


def constrained(samples: Samples, changes: NDArray, to_reference: float) -> NDArray:
    """Return coefficients by weighted least squares, whose sum is that of all segments together.

    Changes are from the window, so the window has 0 and the reference `to_reference`. The last
    coefficient is written as the sum less the others.
    """
    from sklearn.linear_model import LinearRegression

    total = -to_reference
    if samples.kept.shape[1] == 1:
        return np.array([total])
    kept = samples.kept.astype(np.float64)
    others = kept[:, :-1] - kept[:, -1:]
    left = changes - to_reference - kept[:, -1] * total
    model = LinearRegression(fit_intercept=False).fit(others, left, samples.weights)
    return np.append(model.coef_, total - model.coef_.sum())


def _surrogate(job: Job, draw: Draw, fit: Fit) -> BatchFunction:
    """Compile a method that fits a linear model for each window and reference."""
    options = job.chosen.options
    assert isinstance(options, SegmentOptions)
    changes = Changes(job.model, job.targets, float64=job.float64, plain=job.plain)
    segment_at = np.arange(job.model.window_length) // options.segment

    def run(
        windows: NDArray, references: NDArray, *controls: NDArray
    ) -> dict[str, dict[str, NDArray]]:
        begun = changes.from_windows(windows, dict(zip(job.controls, controls, strict=True)))
        of_windows = []
        for row, window in enumerate(windows):
            known = window.any(axis=-1)
            players = np.unique(segment_at[known])
            segments = np.array(segment_at[None] == players[:, None])  # (K, L)
            rngs = [generator(job.seed, window, k) for k in range(job.n_references)]
            samples = [draw(rng, len(segments)) if known.any() else _NOTHING for rng in rngs]
            pairs = _values(
                begun, row, (window, references[row]), segments=segments, samples=samples
            )
            shares = segments * known / np.sum(segments & known, axis=1, keepdims=True)
            of_windows.append(
                {text: _summary(samples, of_one, fit, shares) for text, of_one in pairs.items()}
            )
        names = ("positions", "target", *(COMPLETE if job.chosen.method.complete else ()))
        return {
            text: {name: np.stack([of[text][name] for of in of_windows]) for name in names}
            for text in job.targets
        }

    return run


def _values(
    begun: FromWindows,
    row: int,
    pair: tuple[NDArray, NDArray],
    *,
    segments: NDArray[np.bool_],
    samples: Sequence[Samples],
) -> dict[str, list[Pairs]]:
    """Return target -> its values for each reference: at all samples, and then at the reference.

    `pair` is the window (L, 4) and its references (R, L, 4); `segments` are (K, L).
    """
    window, references = pair
    none = np.zeros((1, len(segments)), bool)
    kept = np.concatenate([np.concatenate([of.kept, none]) for of in samples])
    reference = np.repeat(np.arange(len(samples)), [len(of.kept) + 1 for of in samples])

    def make(some: NDArray[np.int64]) -> tuple[NDArray, NDArray]:
        replaced = (~kept[some]) @ segments  # of conditions, a product says whether any holds
        mutants = np.where(replaced[..., None], references[reference[some]], window)
        return mutants, np.full(len(some), row)

    of_reference = [np.flatnonzero(reference == k) for k in range(len(samples))]
    return {
        text: [Pairs(*(values[rows] for values in pairs)) for rows in of_reference]
        for text, pairs in begun.to_many(len(kept), make).items()
    }


def _summary(
    samples: Sequence[Samples], pairs: Sequence[Pairs], fit: Fit, shares: NDArray
) -> dict[str, NDArray]:
    """Return the arrays of one window, from its samples and their values for each reference.

    `shares` are those of a segment's score that its bases have, (K, L).
    """
    dtype = pairs[0].target.dtype
    fitted = np.zeros((len(samples), len(shares)))
    if len(shares):
        fitted = np.array(
            [
                fit(drawn, of.change[:-1].astype(np.float64), float(of.change[-1]))
                for drawn, of in zip(samples, pairs, strict=True)
            ]
        )
    at_reference = Pairs(*np.array([[values[-1] for values in of] for of in pairs]).T)
    scores = (fitted @ shares).astype(dtype)
    return {
        "positions": scores.mean(axis=0),
        "target": at_reference.target.mean(),
        "reference_target": at_reference.mutant_target,
        "residual": scores.sum(axis=1) + at_reference.change,
        "mass": np.abs(scores).sum(axis=1),
        "size": at_reference.size,
    }
