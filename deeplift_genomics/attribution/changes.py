"""The changes of targets from windows to perturbed sequences, in batches of fixed shape.

A mutant is a window of which some bases were replaced. The change of a target f from the window x
to the mutant m is f(m) - f(x). A target whose weights depend on a pair of sequences (profile) takes
them from the pair of window and mutant, as it takes those of window and reference in DeepLIFT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.alike import group_alike, scalars_of
from deeplift_genomics.attribution.batches import fill_batch
from deeplift_genomics.attribution.targets import Target, sinks_of
from deeplift_genomics.engine.forward import Forward, compile_forward
from deeplift_genomics.engine.mixing import check_windows_apart
from deeplift_genomics.engine.path import live_path
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.device import visible_devices
from deeplift_genomics.models.model import Model

# bases and sequences of a batch, at most; on a BPNet of 500 bp, half as many are 5 percent slower,
# and twice as many no faster
BASES_TOGETHER, MOST_SEQUENCES = 32_000, 64
ON_GPU = 16  # times as many

# (explained tensors at windows, at mutants) -> target by target, `Pairs`: (targets, 3, M)
Compare = Callable[[Sequence[NDArray], Sequence[NDArray]], tf.Tensor]
# numbers of mutants, in order -> (mutants (m, L, 4), which window each was made from (m,))
Make = Callable[[NDArray[np.int64]], tuple[NDArray, NDArray]]


class Pairs(NamedTuple):
    """A target at M pairs of a window and its mutant, (M,) each, as `Seed` describes them."""

    target: NDArray
    mutant_target: NDArray
    size: NDArray

    @property
    def change(self) -> NDArray:
        """The target at the mutant less that at the window."""
        return self.mutant_target - self.target


class Changes:
    """A model, compiled to tell how targets change from windows to mutants of them.

    Memory depends on the size of a batch and on the number of windows, not on that of mutants.

    Parameters
    ----------
    model
        The model: one fold.
    targets
        Target as the user wrote it -> target, from `find_targets`.
    float64
        Compute in double precision.
    plain
        Compute without rewrites for speed.
    batch_size
        Sequences per batch; chosen by their length if not given. Changes depend on it only by
        rounding.

    Raises
    ------
    ModelError
        If the model mixes the windows of a batch, or cannot be evaluated on such batches.

    Examples
    --------
    The changes (M,) of mutants (M, L, 4), of which mutant i was made from window ``rows[i]``:

    ``Changes(model, targets).from_windows(windows, controls).to(mutants, rows)["counts"]``
    """

    def __init__(
        self,
        model: Model,
        targets: Mapping[str, Target],
        *,
        float64: bool = False,
        plain: bool = False,
        batch_size: int | None = None,
    ) -> None:
        self.model, self.targets = model, targets
        self.sinks = sinks_of(targets)
        self.batch_size = batch_size or sequences_at_once(model.window_length)
        key = ("changes", *visible_devices(), *targets.items(), self.batch_size, float64, plain)
        alone = replace(model)  # the functions are kept by the model, which they must not hold
        self._forward, self._compare = model.compiled.get(
            key,
            lambda: _compile(alone, targets, self.batch_size, float64=float64, plain=plain),
        )

    def from_windows(self, windows: NDArray, controls: Mapping[str, NDArray]) -> FromWindows:
        """Return the start of the changes: the model's values at windows.

        Parameters
        ----------
        windows
            (N, L, 4), one-hot, of any number type.
        controls
            Name of each control input -> (N, ...), as `batches.fill_controls` returns them. A
            window's mutants get the same.
        """
        in_order = [np.asarray(controls[item.name]) for item in self.model.controls]
        return FromWindows(self, in_order, self.values(windows, in_order))

    def values(self, sequences: NDArray, controls: Sequence[NDArray]) -> list[NDArray]:
        """Return the explained tensors, (M, ...) each, at sequences (M, L, 4)."""
        size, parts = self.batch_size, []
        for first in range(0, max(len(sequences), 1), size):
            some = [item[first : first + size] for item in (sequences, *controls)]
            found = self._forward(*(fill_batch(item, size) for item in some))
            parts.append([values[: len(some[0])] for values in found])
        return [np.concatenate(of_tensor) for of_tensor in zip(*parts, strict=True)]

    def compare(self, before: Sequence[NDArray], after: Sequence[NDArray]) -> NDArray:
        """Return the arrays of `Pairs` for each target, (targets, 3, M).

        `before` and `after` are values as `values` returns them.
        """
        m = len(before[0])
        filled = [[fill_batch(item, self.batch_size) for item in of] for of in (before, after)]
        return self._compare(*filled).numpy()[..., :m]


@dataclass(frozen=True)
class FromWindows:
    """The values of a model at N windows, from which `Changes` tells the changes to mutants."""

    changes: Changes
    controls: Sequence[NDArray]
    values: Sequence[NDArray]

    @cached_property
    def target(self) -> dict[str, NDArray]:
        """Target -> its value at the windows, (N,)."""
        n, size = len(self.values[0]), self.changes.batch_size
        parts = []
        for first in range(0, max(n, 1), size):
            some = [item[first : first + size] for item in self.values]
            parts.append(self.changes.compare(some, some)[:, 0])
        return dict(zip(self.changes.targets, np.concatenate(parts, axis=-1), strict=True))

    def to(self, mutants: NDArray, rows: NDArray | int) -> dict[str, NDArray]:
        """Return target -> the changes (M,) from windows to their mutants.

        Parameters
        ----------
        mutants
            (M, L, 4), of any number type: one-hot, or frequencies of bases, or zeros.
        rows
            Which window each mutant was made from, (M,), or the one that all were made from.
        """
        rows = np.broadcast_to(rows, len(mutants))
        pairs = self.to_many(len(mutants), lambda some: (mutants[some], rows[some]))
        return {target: of.change for target, of in pairs.items()}

    def to_many(self, number: int, make: Make) -> dict[str, Pairs]:
        """Return target -> its values at windows and mutants, which are made batch by batch.

        Parameters
        ----------
        number
            Number of mutants, M.
        make
            Makes some of them.
        """
        size = self.changes.batch_size
        parts = [np.zeros((len(self.changes.targets), 3, 0), self.values[0].dtype)]
        for first in range(0, number, size):
            mutants, at = make(np.arange(first, min(first + size, number)))
            after = self.changes.values(mutants, [item[at] for item in self.controls])
            parts.append(self.changes.compare([item[at] for item in self.values], after))
        found = np.concatenate(parts, axis=-1)
        return {t: Pairs(*of) for t, of in zip(self.changes.targets, found, strict=True)}


def _compile(
    model: Model, targets: Mapping[str, Target], size: int, *, float64: bool, plain: bool
) -> tuple[Forward, Compare]:
    """Compile the forward pass, and what compares its values at windows and mutants."""
    sinks = sinks_of(targets)
    part = model.frozen.only(sinks)
    frozen = part.in_float64() if float64 else part.in_float32() if plain else part.made_faster()
    sequence = model.sequence.name
    check_windows_apart(frozen, live_path(frozen, frozen.inputs[sequence], sinks), sinks)
    forward = compile_forward(
        frozen,
        sequence,
        (size, model.window_length),
        controls={item.name: item.shape for item in model.controls},
        tensors=sinks,
    )

    grouped = group_alike(targets)

    def pairs(before: Sequence[tf.Tensor], after: Sequence[tf.Tensor]) -> tf.Tensor:
        values = dict(zip(sinks, zip(before, after, strict=True), strict=True))
        scalars = scalars_of(grouped, values)
        return tf.stack([tf.stack(scalars[text]) for text in targets])

    return forward, tf.function(pairs, autograph=False)


def sequences_at_once(length: int) -> int:
    """Return how many sequences to compute in a batch."""
    more = ON_GPU if tf.config.get_visible_devices("GPU") else 1
    return max(1, min(more * MOST_SEQUENCES, more * BASES_TOGETHER // max(length, 1)))
