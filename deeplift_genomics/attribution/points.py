"""The derivatives of targets at points between one-hot sequences, a few points at a time.

A target may hold weights fixed for a pair of window and reference (profile). The pair's multipliers
are then those at every point between the two, so that a path integral adds up to the difference in
target as the target defines it. Where nothing is held, multipliers are those at the point itself.

Everything is computed in chunks of fixed shape: memory does not depend on the number of points.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.alike import group_alike, scalars_of
from deeplift_genomics.attribution.batches import fill_batch
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.engine.at_points import compile_derivatives, find_derivatives
from deeplift_genomics.engine.chunks import points_together
from deeplift_genomics.engine.forward import compile_forward
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf


@dataclass(frozen=True)
class Pairs:
    """The scalars of a target for windows and their references, (B, R) each, as in `Seed`."""

    target: NDArray
    reference_target: NDArray
    size: NDArray


@dataclass(frozen=True)
class Held:
    """What stays the same at all points of a batch.

    `controls` are (B, ...) each, `multipliers` (B, R, ...), one for each name of
    `Derivatives.held`; `pairs` maps targets to their scalars.
    """

    controls: Sequence[NDArray]
    multipliers: Sequence[NDArray]
    pairs: Mapping[str, Pairs]


class Derivatives:
    """A job's model, compiled for its derivatives at points.

    Parameters
    ----------
    job
        The work to prepare for.
    n_points
        Points for each window that a batch needs.
    n_references
        References with which each window is compared; 1 if with itself.
    one_hot
        Whether all points are one-hot, or zeros.

    Attributes
    ----------
    together
        Points of each window in a chunk.

    Raises
    ------
    ModelError
        If points are not one-hot, and the model makes whole numbers of its sequence; and as
        `find_derivatives` and `compile_derivatives` raise it.
    UnsupportedOperationError
        As `find_derivatives` raises it.
    """

    def __init__(
        self, job: Job, n_points: int, n_references: int = 1, *, one_hot: bool = False
    ) -> None:
        if job.model.frozen.whole and not one_hot:
            _refuse_whole(job)
        self._job, b, length = job, job.n_windows, job.model.window_length
        frozen, sequence, targets = job.frozen, job.model.sequence.name, job.targets
        # a walk that is shared takes no multipliers that pairs of window and reference hold
        self._grouped = group_alike(
            targets, lambda item: all(term.fixed or not term.held for term in item.terms)
        )
        self._apart = {text: targets[text] for text in self._grouped.apart}
        route = find_derivatives(frozen, sequence, job.sinks, method=job.chosen.name)
        self.together = points_together(b, n_points, length)
        # (target, tensor) -> name of the input that takes its held multipliers
        self.held = {
            (text, tensor): f"held {i} {tensor}"
            for i, (text, item) in enumerate(self._apart.items())
            for tensor in item.held_seeds
        }
        self._slopes = compile_derivatives(
            route,
            (b * self.together, length),
            controls=job.controls,
            further={
                name: tuple(frozen.tensor(tensor).shape[1:].as_list())
                for (_, tensor), name in self.held.items()
            },
            targets=self._grouped,
            starts=self._starts,
            points=b * n_points,
        )
        self._rows = b * points_together(b, n_references, length)
        self._forward = compile_forward(
            frozen, sequence, (self._rows, length), controls=job.controls, tensors=job.sinks
        )
        self._compare = tf.function(self._compared, autograph=False)
        self.dtype = np.dtype(np.float64 if job.float64 else np.float32)

    def hold(
        self, windows: NDArray, references: NDArray | None, controls: Sequence[NDArray]
    ) -> Held:
        """Return what is held for windows (B, L, 4) and references (B, R, L, 4) of theirs.

        Without references, the windows are compared with themselves (R = 1).
        """
        windows = np.asarray(windows, self.dtype)
        values = self._values(windows, controls)
        of_references = values
        b, r = len(windows), 1
        if references is not None:
            r = references.shape[1]
            flat = np.asarray(references, self.dtype).reshape(-1, *windows.shape[1:])
            of_references = self._values(flat, [np.repeat(item, r, axis=0) for item in controls])
        repeated = [np.repeat(item, r, axis=0) for item in values]
        multipliers, scalars = self._compare(repeated, of_references)
        return Held(
            controls,
            [item.numpy().reshape(b, r, *item.shape[1:]) for item in multipliers],
            {
                text: Pairs(*(item.numpy().reshape(b, r) for item in found))
                for text, found in scalars.items()
            },
        )

    def at(self, points: NDArray, held: Held, pair: NDArray) -> dict[str, NDArray]:
        """Return target -> derivatives (B, P, L, 4) at P <= `together` points of each window.

        `points` are (B, P, L, 4); `pair` (P,) says between the window and which of its references
        a point is.

        Raises
        ------
        ModelError
            If a derivative is not finite.
        """
        b, p = points.shape[:2]
        missing = self.together - p
        if missing:
            points = np.concatenate([points, np.repeat(points[:, :1], missing, axis=1)], axis=1)
            pair = fill_batch(pair, self.together)

        def flat(values: NDArray) -> NDArray:
            return values.reshape(b * self.together, *values.shape[2:])

        found = self._slopes(
            flat(points),
            np.zeros((b * self.together, 0, *points.shape[2:]), self.dtype),
            *(np.repeat(item, self.together, axis=0) for item in held.controls),
            *(flat(item[:, pair]) for item in held.multipliers),
        )
        for text, arrays in found.items():
            if not np.isfinite(arrays["slopes"]).all():
                raise ModelError(
                    f"Target {text!r}: the derivative of {self._job.model.name} is not finite at, "
                    "or near, one of these windows. A square root of 0 has no finite derivative; "
                    "or look for NaN in the weights, the inputs and the controls. Use deeplift, "
                    "which takes differences in place of derivatives."
                )
        return {
            text: arrays["slopes"].reshape(b, self.together, *points.shape[2:])[:, :p]
            for text, arrays in found.items()
        }

    def chunks(self, n_points: int) -> Iterator[NDArray]:
        """Yield the numbers of the points of each chunk."""
        for first in range(0, n_points, self.together):
            yield np.arange(first, min(first + self.together, n_points))

    def _starts(
        self, copy: GraphCopy, held: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        """Return the multipliers of each target's explained tensors at some points."""
        found: dict[str, dict[str, tf.Tensor]] = {}
        for text, target in self._apart.items():
            starts = {name: held[self.held[text, name]] for name in target.held_seeds}
            for name, make in target.live_seeds.items():
                live = make(copy.tensor(name), copy.tensor(name)).multiplier
                starts[name] = starts[name] + live if name in starts else live
            found[text] = starts
        return found

    def _values(self, sequences: NDArray, controls: Sequence[NDArray]) -> list[NDArray]:
        """Return the explained tensors at sequences (M, L, 4)."""
        parts = []
        for first in range(0, len(sequences), self._rows):
            some = [item[first : first + self._rows] for item in (sequences, *controls)]
            found = self._forward(*(fill_batch(item, self._rows) for item in some))
            parts.append([item[: len(some[0])] for item in found])
        return [np.concatenate(items) for items in zip(*parts, strict=True)]

    def _compared(
        self, windows: Sequence[tf.Tensor], references: Sequence[tf.Tensor]
    ) -> tuple[list[tf.Tensor], dict[str, Sequence[tf.Tensor]]]:
        """Return held multipliers, and scalars, from explained tensors of pairs (B * R, ...)."""
        ends = dict(zip(self._job.sinks, zip(windows, references, strict=True), strict=True))
        multipliers = [
            make(*ends[tensor]).multiplier
            for target in self._apart.values()
            for tensor, make in target.held_seeds.items()
        ]
        return multipliers, scalars_of(self._grouped, ends)


def _refuse_whole(job: Job) -> None:
    """Raise ModelError: the model cannot be computed between one-hot sequences."""
    raise ModelError(
        f"{job.model.name} makes whole numbers of its sequence, and {job.chosen.name} computes it "
        "between one-hot sequences, of which it would round the numbers away. Use deeplift with "
        "shuffled references, gradient or in_silico_mutagenesis; or save the model with an input "
        "of float32."
    )
