"""The changes of a prediction between windows and the backgrounds that they were made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.predict import FoldValues, HeadValues, Predictor
from deeplift_genomics.effects.heads import Measure, Measured, Values, measure_head, measure_target

Watch = Callable[[slice, FoldValues], None]  # rows of a batch, and their values


@dataclass(frozen=True)
class Backgrounds:
    """Windows that others are compared with, and their predictions.

    Attributes
    ----------
    codes
        (M, L) int8.
    controls
        Input name -> (M, ...).
    values
        Of each fold: head -> its values for the M windows.
    """

    codes: NDArray[np.int8]
    controls: Mapping[str, NDArray]
    values: FoldValues

    def __len__(self) -> int:
        return len(self.codes)

    def first(self, number: int) -> Backgrounds:
        """Return the first backgrounds."""
        return Backgrounds(
            self.codes[:number],
            {name: values[:number] for name, values in self.controls.items()},
            [
                {
                    k: HeadValues(item.output[:number], item.explained[:number])
                    for k, item in of.items()
                }
                for of in self.values
            ],
        )


class Meter:
    """A model, or its folds, and the numbers by which changes of its prediction are told.

    Folds are measured one by one and averaged.

    Parameters
    ----------
    predictor
        The forward passes.
    targets
        Names of targets; their scalars come first.

    Attributes
    ----------
    measures
        The K numbers, in the order of the last axis of what `changes` returns.
    """

    def __init__(self, predictor: Predictor, targets: Sequence[str]) -> None:
        self.predictor = predictor
        heads = [measure_head(head) for head in predictor.heads]
        self._of_folds: list[list[Measured]] = [
            [*(measure_target(model, text, predictor.heads) for text in targets), *heads]
            for model in predictor.models
        ]
        self.measures: tuple[Measure, ...] = tuple(
            measure for measured in self._of_folds[0] for measure in measured.measures
        )

    def without(self, kind: str) -> Meter:
        """Return a meter that leaves out the numbers of one kind, such as "shape"."""
        other = copy(self)
        other._of_folds = [
            [item for item in fold if all(measure.kind != kind for measure in item.measures)]
            for fold in self._of_folds
        ]
        other.measures = tuple(measure for measure in self.measures if measure.kind != kind)
        return other

    def backgrounds(
        self, codes: NDArray[np.int8], controls: Mapping[str, NDArray] | None = None
    ) -> Backgrounds:
        """Return windows (M, L), of which there is one at least, with their predictions."""
        controls, size = controls or {}, self.predictor.batch_size
        parts = [
            self.predictor.batch(codes[rows], {k: values[rows] for k, values in controls.items()})
            for rows in (slice(first, first + size) for first in range(0, len(codes), size))
        ]
        folds = [_joined(of_fold) for of_fold in zip(*parts, strict=True)]
        return Backgrounds(codes, controls, folds)

    def changes(
        self,
        codes: NDArray[np.int8],
        backgrounds: Backgrounds,
        rows: NDArray[np.integer],
        *,
        watch: Watch | None = None,
    ) -> NDArray[np.float64]:
        """Return how the prediction changes from backgrounds to windows, (N, K).

        Parameters
        ----------
        codes
            Windows (N, L).
        backgrounds
            From `backgrounds`; the windows get their controls.
        rows
            Which background each window is compared with, (N,).
        watch
            Called with the rows of each batch and their values.
        """
        size = self.predictor.batch_size
        changes = np.empty((len(codes), len(self.measures)))
        for first in range(0, len(codes), size):
            some, at = slice(first, first + size), rows[first : first + size]
            controls = {name: values[at] for name, values in backgrounds.controls.items()}
            folds = self.predictor.batch(codes[some], controls)
            changes[some] = self.compare(folds, backgrounds, at)
            if watch is not None:
                watch(some, folds)
        return changes

    def compare(
        self, folds: FoldValues, backgrounds: Backgrounds, rows: NDArray[np.integer]
    ) -> NDArray[np.float64]:
        """Return the changes (N, K) of windows whose values are known."""
        found = []
        for measured, values, base in zip(self._of_folds, folds, backgrounds.values, strict=True):
            at = {
                k: HeadValues(item.output[rows], item.explained[rows]) for k, item in base.items()
            }
            found.append(np.concatenate([item.compare(values, at) for item in measured], axis=1))
        return np.mean(found, axis=0)


def _joined(parts: Sequence[Values]) -> dict[str, HeadValues]:
    """Return the values of all batches of a fold, one after the other."""
    return {
        name: HeadValues(
            np.concatenate([part[name].output for part in parts]),
            np.concatenate([part[name].explained for part in parts]),
        )
        for name in parts[0]
    }
