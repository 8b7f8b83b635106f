"""Randomized path integration: integrated gradients from random baselines, of which one is picked.

Each of K random baselines B_k of a window x gives a map, its integrated gradients by Gauss-Legendre
quadrature: for base b at position l, m_k[l, b] - sum over c of B_k[l, c] m_k[l, c] (see `paths`).
Baselines are dinucleotide shuffles of x, or sqrt(1 - sigma^2) x + sigma e with Gaussian noise e, as
in a diffusion process; where no base is known, they are as x.

A metric picks the map of each window, for each target on its own. With the bases ordered by their
contributions, the highest first, it is the area under one of two curves over the share t of bases,
a mean over shuffles s of the window:

- `deletion`: f(x) - f(x with the top t replaced by the bases of s);
- `insertion`: f(s with the top t replaced by the bases of x) - f(s).

The map is then the best of K by this metric, and must not be ranked by it. Contributions add up to
the difference between the window and the baseline of that map, but for the quadrature's error.

Sources: Barkan, Elisha, Toib, Weill, Koenigstein 2024, "Improving LLM attributions with randomized
path-integration", who integrate over attention, and here it is the sequence; Sturmfels, Lundberg,
Lee 2020, "Visualizing the impact of feature attribution baselines".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.changes import Changes, FromWindows
from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.paths import Arrays, hypothetical_of, mean_slopes, quadrature
from deeplift_genomics.attribution.points import Derivatives
from deeplift_genomics.attribution.shares import SHARES, number_of
from deeplift_genomics.dna.shuffle import dinucleotide_shuffle
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.settings.gradient_options import RandomizedPathOptions

# shuffles over which the metric is a mean, and the number of the first one's draw, which no
# baseline has
DRAWS, FIRST_DRAW = 2, 1_000_000


def randomized_path_integration(job: Job) -> BatchFunction:
    """Compile randomized path integration for a job."""
    options = job.chosen.options
    assert isinstance(options, RandomizedPathOptions)
    places, weights = quadrature("gauss_legendre", options.steps)
    k = options.baselines
    derivatives = Derivatives(job, k * len(places), k)
    changes = Changes(job.model, job.targets, float64=job.float64, plain=job.plain)
    names = list(job.controls)

    def run(windows: NDArray, _: NDArray, *controls: NDArray) -> dict[str, Arrays]:
        baselines = np.array([draw_baselines(x, options, job.seed) for x in windows])
        baselines = baselines.astype(derivatives.dtype)
        held = derivatives.hold(windows, baselines, controls)
        along = np.broadcast_to(places, (len(windows), k, len(places)))
        means = mean_slopes(derivatives, windows, baselines, held, along=along, weights=weights)
        start = changes.from_windows(windows, dict(zip(names, controls, strict=True)))
        found = {}
        for text, slopes in means.items():
            maps, rows = hypothetical_of(slopes, baselines), range(len(windows))
            best = [
                _best(
                    partial(_change, start, row, text),
                    x,
                    of_window,
                    metric=options.metric,
                    seed=job.seed,
                )
                for row, x, of_window in zip(rows, windows, maps, strict=True)
            ]
            found[text] = {
                "hypothetical": maps[rows, best],
                "target": held.pairs[text].target[rows, best],
            }
        return found

    return run


def draw_baselines(window: NDArray, options: RandomizedPathOptions, seed: int) -> NDArray:
    """Return the baselines (K, L, 4) of a window: each depends on seed, window and number."""
    found = []
    for k in range(options.baselines):
        random = generator(seed, window, k)
        shuffled = options.kind == "shuffle" or (
            options.kind == "mixture" and random.random() < 0.5
        )
        if shuffled:
            found.append(_shuffle(window, random))
            continue
        noise = random.normal(0, options.sigma, window.shape) * window.any(axis=-1, keepdims=True)
        found.append(np.sqrt(1 - options.sigma**2) * window + noise)
    return np.array(found)


def _shuffle(window: NDArray, random: np.random.Generator) -> NDArray:
    """Return a dinucleotide shuffle of a window."""
    return dinucleotide_shuffle(window, 1, int(random.integers(2**63)))[0]


def _change(start: FromWindows, row: int, target: str, mutants: NDArray) -> NDArray:
    """Return the changes (M,) of a target from a window of the batch to its mutants (M, L, 4)."""
    return start.to(mutants, row)[target]


def _best(
    change: Callable[[NDArray], NDArray], window: NDArray, maps: NDArray, *, metric: str, seed: int
) -> int:
    """Return which of the maps (K, L, 4) of a window is best by the metric.

    `change` takes mutants (M, L, 4), and returns the change of the target to each.
    """
    shuffles = np.array(
        [_shuffle(window, generator(seed, window, FIRST_DRAW + draw)) for draw in range(DRAWS)]
    )
    deletion, areas = metric == "deletion", []
    before, after = (window[None], shuffles) if deletion else (shuffles, window[None])
    top = np.array([number_of(share, len(window)) for share in SHARES])
    for contributions in (maps * window).sum(axis=-1):
        rank = np.empty(len(window), int)
        rank[np.argsort(-contributions, kind="stable")] = np.arange(len(window))
        replaced = (rank < top[:, None])[:, None, :, None]  # (S, 1, L, 1)
        mutants = np.where(replaced, after, before).astype(np.float32)  # (S, D, L, 4)
        changes = change(mutants.reshape(-1, *window.shape)).reshape(mutants.shape[:2])
        curve = changes.mean(axis=1) - changes[0].mean()
        areas.append(np.trapezoid(-curve if deletion else curve, SHARES))
    return int(np.argmax(areas))
