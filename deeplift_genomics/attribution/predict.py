"""Predictions: the values of a model's heads for many windows, without any attribution.

Every batch has one fixed shape, and the last one is padded, so that a window's values do not depend
on how the windows were split.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.attribution.batches import fill_batch, fill_controls
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.engine.forward import compile_forward
from deeplift_genomics.engine.mixing import mixed
from deeplift_genomics.engine.path import random_operations
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.graph.device import (
    shapes_of,
    values_of,
    visible_devices,
    windows_at_once,
)
from deeplift_genomics.models.model import Head, Model

log = logging.getLogger(__name__)

# bases and windows of a batch on a CPU, at most: on a BPNet of 500 bp, half and twice as many are
# no faster
BASES_TOGETHER, MOST_WINDOWS = 8_000, 64


class HeadValues(NamedTuple):
    """The values of a head for N windows, (N, *shape) both.

    `output` is the head as the model gives it; `explained` is what targets explain: the tensor
    before its sigmoid or softmax if it has one, and the same array otherwise.
    """

    output: NDArray
    explained: NDArray


# of each fold: name of a head -> its values
FoldValues = list[dict[str, HeadValues]]
# (windows, controls, number of rows that are not padding) -> values of one fold
_Compiled = Callable[[NDArray, Mapping[str, NDArray], int], dict[str, HeadValues]]


class Predictor:
    """The forward passes of a model, or of the folds of one, compiled once for a batch shape.

    Parameters
    ----------
    models
        From `load_model`: one, or folds with the same inputs and heads.
    batch_size
        Windows per batch; chosen by the length of the windows if not given, or by the memory of the
        GPU. Values depend on it only by rounding.
    free
        Free bytes of the GPU (`graph.device.use_device`); 0 for a CPU.
    float64
        Compute in double precision.

    Attributes
    ----------
    heads
        The heads whose values are given. Heads of whole numbers or of open size, and those whose
        value for a window is random or depends on other windows, are left out, and named in the
        log.

    Raises
    ------
    ModelError
        If the folds are not alike, no head is left, or the model cannot be evaluated on batches.
    """

    def __init__(
        self,
        models: Sequence[Model],
        *,
        batch_size: int | None = None,
        free: int = 0,
        float64: bool = False,
    ) -> None:
        self.models = tuple(models)
        first = self.models[0]
        for model in self.models[1:]:
            _check_alike(first, model)
        self.window_length = first.window_length
        self.batch_size = batch_size or _windows_per_batch(first, free)
        if self.batch_size < 1:
            raise InputError(f"At least 1 window per batch is needed, got {batch_size}.")
        left_out = {name for model in self.models for name in _left_out(model)}
        self.heads: tuple[Head, ...] = tuple(
            head for head in first.heads if head.name not in left_out
        )
        if not self.heads:
            raise ModelError(f"{first.name} has no head whose values can be predicted.")
        self._forward = [self._kept(model, float64) for model in self.models]

    def _kept(self, model: Model, float64: bool) -> _Compiled:
        """Compile one fold, unless its model has that function already."""
        names = tuple(head.name for head in self.heads)
        key = ("predict", *visible_devices(), self.batch_size, float64, names)
        alone = replace(model)  # the function is kept by the model, which it must not hold
        return model.compiled.get(key, lambda: _compile(alone, names, self.batch_size, float64))

    def batch(
        self, windows: NDArray, controls: Mapping[str, ArrayLike] | None = None
    ) -> FoldValues:
        """Return the values of every head for up to `batch_size` windows, by each fold.

        Parameters
        ----------
        windows
            Codes (N, L), integers (0 A, 1 C, 2 G, 3 T, 4 unknown), or one-hot (N, L, 4).
        controls
            Input name -> (N, ...); zero where not given.

        Raises
        ------
        InputError
            If windows or controls have another shape.
        """
        self._check(windows)
        n, size = len(windows), self.batch_size
        filled = fill_controls(self.models[0], controls, n)
        bases = one_hot(windows, np.float32) if windows.ndim == 2 else windows
        full = fill_batch(bases, size)
        part = {name: fill_batch(values, size) for name, values in filled.items()}
        return [run(full, part, n) for run in self._forward]

    def __call__(
        self, windows: ArrayLike, controls: Mapping[str, ArrayLike] | None = None
    ) -> dict[str, NDArray]:
        """Return head -> (N, *shape), its output as the model gives it, averaged over the folds.

        `windows` (any number of them) and `controls` are as `batch` takes them.
        """
        windows = np.asarray(windows)
        self._check(windows)
        filled = fill_controls(self.models[0], controls, len(windows))
        found: dict[str, list[NDArray]] = {head.name: [] for head in self.heads}
        for first in range(0, len(windows), self.batch_size):
            rows = slice(first, first + self.batch_size)
            folds = self.batch(windows[rows], {name: item[rows] for name, item in filled.items()})
            for name, parts in found.items():
                parts.append(np.mean([values[name].output for values in folds], axis=0))
        empty = {head.name: np.zeros((0, *head.shape), np.float32) for head in self.heads}
        return {name: np.concatenate(parts or [empty[name]]) for name, parts in found.items()}

    def _check(self, windows: NDArray) -> None:
        """Raise InputError unless windows are codes (N, L) or one-hot (N, L, 4)."""
        length = self.window_length
        codes = windows.ndim == 2 and windows.dtype.kind in "iu" and windows.shape[1] == length
        if not codes and (windows.ndim != 3 or windows.shape[1:] != (length, 4)):
            raise InputError(
                f"Windows have the shape {windows.shape} and the type {windows.dtype}; "
                f"{self.models[0].name} needs one-hot (N, {length}, 4), or integers (N, {length})."
            )


def _compile(model: Model, names: Sequence[str], size: int, float64: bool) -> _Compiled:
    """Compile heads of one fold; each tensor is computed once, even if two heads share it."""
    frozen = model.frozen.in_float64() if float64 else model.frozen.made_faster()
    explained = {head.name: head.tensor for head in model.heads}
    pairs = {name: (frozen.outputs[name], explained[name]) for name in names}
    tensors = list(dict.fromkeys(tensor for pair in pairs.values() for tensor in pair))
    controls = {item.name: item.shape for item in model.controls}
    forward = compile_forward(
        frozen,
        model.sequence.name,
        (size, model.window_length),
        controls=controls,
        tensors=tensors,
    )
    places = {name: (tensors.index(a), tensors.index(b)) for name, (a, b) in pairs.items()}

    def run(windows: NDArray, given: Mapping[str, NDArray], n: int) -> dict[str, HeadValues]:
        values = forward(windows, *(given[name] for name in controls))
        return {name: HeadValues(values[a][:n], values[b][:n]) for name, (a, b) in places.items()}

    return run


def _windows_per_batch(model: Model, free: int) -> int:
    """Return how many windows to compute at once."""
    if not free:
        return max(1, min(MOST_WINDOWS, BASES_TOGETHER // max(model.window_length, 1)))
    return windows_at_once(0, free, values_of(shapes_of(model.frozen)), 0)


def _check_alike(first: Model, other: Model) -> None:
    """Raise ModelError unless two folds have the same inputs and heads."""

    def facts(model: Model) -> tuple:
        return (
            model.window_length,
            {(item.name, item.shape) for item in model.controls},
            [(head.name, head.shape, head.kind, head.activation) for head in model.heads],
        )

    if facts(first) != facts(other):
        raise ModelError(
            f"{first.name} and {other.name} are no folds of one model: their inputs or heads "
            "differ. Give models that differ in nothing but what they were trained on."
        )


def _left_out(model: Model) -> dict[str, str]:
    """Return the heads that give a window no value of its own, and why; name them in the log."""
    reasons = model.compiled.get("heads without values", lambda: _without_values(model))
    for name, reason in reasons.items():
        log.warning("%s: head %s is left out: %s", model.name, name, reason)
    return reasons


def _without_values(model: Model) -> dict[str, str]:
    """Return the heads that give a window no value of its own, and why."""
    frozen, reasons = model.frozen, {}
    mixing = set(mixed(frozen, list(frozen.outputs.values())))
    for head in model.heads:
        tensor = frozen.outputs[head.name]
        if None in head.shape:
            reasons[head.name] = "it is of open size"
        elif not frozen.tensor(tensor).dtype.is_floating:
            reasons[head.name] = "it is of whole numbers"
        elif random_operations(frozen, [tensor]):
            reasons[head.name] = "it is random"
        elif tensor in mixing:
            reasons[head.name] = "its value for a window depends on other windows of a batch"
    return reasons
