"""In-silico mutagenesis: each base of a window, replaced by the three others in turn.

With f the explained scalar, x the window and x[l <- b] the window with base b at position l, the
hypothetical contribution of b at l is f(x[l <- b]) less its mean over the four bases. A position
that the target cannot see has 0, and one outside the span, which is not computed, NaN.

Source: Zhou, Troyanskaya 2015, "Predicting effects of noncoding variants with deep learning-based
sequence model".
"""

from __future__ import annotations

import logging

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.changes import Changes
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.targets import Target
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.engine.reach import reach
from deeplift_genomics.graph.backend import tf

log = logging.getLogger(__name__)


def prepare(job: Job) -> BatchFunction:
    """Compile in-silico mutagenesis for a job.

    Raises
    ------
    ConfigError
        If the span is not in the window.
    ModelError
        As `Changes` raises it.
    """
    length = job.model.window_length
    start, end = job.chosen.options.span_in(length)
    if (start, end) != (0, length):
        log.info(
            "in-silico mutagenesis of the bases %d to %d of windows of %d: its options are %s, and "
            "'central' follows 'motifs.window' unless it is given",
            *(start, end, length),
            job.chosen.stored["method_options"],
        )
    changes = Changes(job.model, job.targets, float64=job.float64, plain=job.plain)
    span = np.zeros(length, bool)
    span[start:end] = True
    seen = {text: receptive_field(job, target) for text, target in job.targets.items()}
    computed = span & np.any([*seen.values()], axis=0)

    def run(
        windows: NDArray, references: NDArray, *controls: NDArray
    ) -> dict[str, dict[str, NDArray]]:
        begun = changes.from_windows(windows, dict(zip(job.controls, controls, strict=True)))
        # the observed base needs no mutant
        rows, places, bases = np.nonzero((windows == 0) & computed[None, :, None])

        def make(some: NDArray[np.int64]) -> tuple[NDArray, NDArray]:
            mutants = windows[rows[some]]
            mutants[np.arange(len(some)), places[some]] = np.eye(4)[bases[some]]
            return mutants, rows[some]

        found = {}
        for text, pairs in begun.to_many(len(rows), make).items():
            effects = np.zeros(windows.shape, pairs.target.dtype)
            effects[rows, places, bases] = pairs.change
            effects[:, ~seen[text]] = 0
            effects -= effects.mean(axis=-1, keepdims=True)
            effects[:, ~span] = np.nan
            found[text] = {"hypothetical": effects, "target": begun.target[text]}
        return found

    return run


def receptive_field(job: Job, target: Target) -> NDArray[np.bool_]:
    """Return which bases of a window a target can depend on, (L,)."""
    rng = np.random.default_rng(0)

    def read(tensor: str) -> tf.Tensor:
        """Return where a target reads a tensor: multipliers at made-up values are not 0 there."""

        def multiplier(values: tf.Tensor) -> tf.Tensor:
            made_up = [tf.constant(rng.random(values.shape), values.dtype) for _ in range(2)]
            found = [target.seeds[tensor](values, values).multiplier for values in made_up]
            return tf.abs(found[0]) + tf.abs(found[1])

        return multiplier

    return reach(
        job.frozen,
        job.model.sequence.name,
        job.model.window_length,
        controls=job.controls,
        reads={tensor: read(tensor) for tensor in target.seeds},
    )
