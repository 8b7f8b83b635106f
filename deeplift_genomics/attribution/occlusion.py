"""Occlusion: a stretch of the window is replaced, and slides along.

With f the explained scalar, x the window and x[s] the window whose stretch s is replaced, the
stretch has the score f(x) - f(x[s]), averaged over what replaces it: the bases of each reference
there, zeros, or its own bases in other orders. A position has the mean score of the stretches that
it is in.

Source: Zeiler, Fergus 2014, "Visualizing and understanding convolutional networks".
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.changes import Changes
from deeplift_genomics.attribution.draws import generator
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.settings.perturbation_options import OcclusionOptions


def prepare(job: Job) -> BatchFunction:
    """Compile occlusion for a job.

    Raises
    ------
    ConfigError
        If a stretch is longer than the window.
    ModelError
        As `Changes` raises it.
    """
    options, length = job.chosen.options, job.model.window_length
    assert isinstance(options, OcclusionOptions)
    stretches = np.array(options.starts(length))[:, None] + np.arange(options.length)
    draws = {"reference": job.n_references, "shuffle": options.draws}.get(options.by, 1)
    changes = Changes(job.model, job.targets, float64=job.float64, plain=job.plain)
    shape = (job.n_windows, draws, len(stretches))

    def run(
        windows: NDArray, references: NDArray, *controls: NDArray
    ) -> dict[str, dict[str, NDArray]]:
        begun = changes.from_windows(windows, dict(zip(job.controls, controls, strict=True)))
        orders = _orders(job.seed, windows, shape, options) if options.by == "shuffle" else None

        def make(some: NDArray[np.int64]) -> tuple[NDArray, NDArray]:
            rows, draw, which = np.unravel_index(some, shape)
            mutants, places = windows[rows], stretches[which]
            at = np.arange(len(some))[:, None], places
            if options.by == "reference":
                mutants = mutants.astype(references.dtype)
                mutants[at] = references[rows[:, None], draw[:, None], places]
            elif orders is None:
                mutants[at] = 0
            else:
                mutants[at] = mutants[at[0], places[:, :1] + orders[rows, draw, which]]
            return mutants, rows

        pairs = begun.to_many(math.prod(shape), make)
        scores = {text: -of.change.reshape(shape).mean(axis=1) for text, of in pairs.items()}
        return {
            text: {"positions": _spread(of_stretches, stretches), "target": begun.target[text]}
            for text, of_stretches in scores.items()
        }

    return run


def _orders(
    seed: int, windows: NDArray, shape: tuple[int, int, int], options: OcclusionOptions
) -> NDArray[np.int64]:
    """Return in which order the bases of each stretch come, (B, draws, stretches, length)."""
    in_order = np.broadcast_to(np.arange(options.length), (shape[2], options.length))
    drawn = [
        [generator(seed, window, draw).permuted(in_order, axis=1) for draw in range(shape[1])]
        for window in windows
    ]
    return np.array(drawn)


def _spread(scores: NDArray, stretches: NDArray[np.int64]) -> NDArray:
    """Return the mean score of the stretches at each position (B, L), from (B, stretches)."""
    length = stretches[-1, -1] + 1
    total, number = np.zeros((len(scores), length)), np.zeros(length)
    for i, places in enumerate(stretches):
        total[:, places] += scores[:, i, None]
        number[places] += 1
    return (total / number).astype(scores.dtype)
