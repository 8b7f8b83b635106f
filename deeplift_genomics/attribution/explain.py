"""Contribution scores of windows against references.

``attribute()`` explains arrays in memory; `Explainer` explains one batch at a time, for callers
that stream.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from deeplift_genomics.attribution.batches import fill_batch, fill_controls
from deeplift_genomics.attribution.scores import AXES, Scores, check_completeness, join
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.sections import Attribution

log = logging.getLogger(__name__)

_DEFAULTS = Attribution()


# Positional: this signature is public, and calls by position go on working.
def attribute(
    model: Model,
    sequences: ArrayLike,
    references: ArrayLike,
    targets: Sequence[str] | str = ("counts", "profile"),
    controls: Mapping[str, ArrayLike] | None = None,
    rules: str = _DEFAULTS.rules,
    batch_size: int | None = None,
    tolerance: float = _DEFAULTS.tolerance,
    float64: bool = _DEFAULTS.float64,
) -> dict[str, Scores]:
    """Explain a model on windows, by DeepLIFT against references.

    Parameters
    ----------
    model
        From `load_model`.
    sequences
        Windows, one-hot (N, L, 4) in the order A C G T.
    references
        (N, R, L, 4): R references for each window.
    targets
        Names of targets, such as "counts", "profile", "logit[0]", "counts:head_name".
    controls
        Input name -> (N, ...), the same for a window and its references; zero where not given,
        which is logged.
    rules
        "rescale", "reveal_cancel", or "genomics_default": RevealCancel after dense layers,
        Rescale elsewhere.
    batch_size
        Windows per step (1 if not given); scores depend on it only by rounding.
    tolerance
        Largest residual accepted, as a share of the sum of |contributions|.
    float64
        Compute, and return, in double precision: several times slower, residuals below 1e-9.

    Returns
    -------
    dict
        Target name as given -> `Scores`.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError
        Before anything is computed, if shapes do not fit the model, a target or control does not
        exist, or an operation has no rule.
    CompletenessError
        If a residual exceeds the tolerance, naming the worst windows.

    Examples
    --------
    ``attribute(model, x, r)["counts"].contributions``, with x (8, 2114, 4) and r (8, 20, 2114, 4),
    has the shape (8, 2114, 4).
    """
    # int8 windows stay int8 until their batch is explained
    sequences, references = np.asarray(sequences), np.asarray(references)
    for what, array in (("Sequences", sequences), ("References", references)):
        if array.dtype.kind not in "biuf":
            raise InputError(f"{what} are of type {array.dtype}; numbers, one-hot, are needed.")
    check_shapes(model, sequences, references)
    _check_values(sequences, references)
    targets = (targets,) if isinstance(targets, str) else targets
    n, r = references.shape[:2]
    explainer = Explainer(
        model,
        targets,
        r,
        rules=rules,
        batch_size=batch_size,
        tolerance=tolerance,
        float64=float64,
    )
    fixed = explainer.fill_controls(controls, n)
    if missing := [name for name in fixed if name not in (controls or {})]:
        log.warning("%s: zeros are taken for its controls %s", model.name, ", ".join(missing))
    results = {target: [explainer.empty] for target in targets}
    size = explainer.batch_size
    for first in tqdm(range(0, n, size), desc="attribute", unit="batch", disable=None):
        rows = slice(first, first + size)
        part = {name: values[rows] for name, values in fixed.items()}
        labels = [f"window {row}" for row in range(n)[rows]]
        for target, scores in explainer(sequences[rows], references[rows], part, labels).items():
            results[target].append(scores)
    return {target: join(parts) for target, parts in results.items()}


def check_shapes(model: Model, sequences: NDArray, references: NDArray) -> None:
    """Raise InputError unless sequences are (N, L, 4) and references (N, R, L, 4), R >= 1."""
    length = model.window_length
    if sequences.ndim != 3 or sequences.shape[1:] != (length, 4):
        raise InputError(
            f"Sequences have the shape {sequences.shape}; {model.name} needs (N, {length}, 4)."
        )
    expected = (len(sequences), "R", length, 4)
    if references.ndim != 4 or references.shape[::2] != expected[::2] or references.shape[3] != 4:
        raise InputError(
            f"References have the shape {references.shape}; with these sequences "
            f"({expected[0]}, R, {length}, 4) is needed."
        )
    if references.shape[1] < 1:
        raise InputError("0 references were given; at least 1 per window is needed.")


def _check_values(sequences: NDArray, references: NDArray) -> None:
    """Raise InputError unless windows are one-hot, or zeros at unknown bases, and all is finite."""
    for row, window in enumerate(sequences):
        wrong = ~((window == 0) | (window == 1)).all(axis=1) | (
            np.count_nonzero(window, axis=1) > 1
        )
        if wrong.any():
            base = int(wrong.argmax())
            raise InputError(
                f"Sequence {row} is not one-hot: base {base} (counted from 0) is "
                f"{window[base].tolist()}; expected a single 1, or zeros for an unknown base."
            )
        if not np.isfinite(references[row]).all():
            raise InputError(
                f"The references of sequence {row} contain numbers that are not finite."
            )


class Explainer:
    """One model, its targets and a fixed batch shape, compiled once for a method.

    Every call runs the same fixed shape: a last batch that is not full is padded, so that scores
    do not depend on how the windows were split.

    Parameters
    ----------
    model, targets, rules, batch_size, tolerance, float64
        As `attribute` takes them.
    n_references
        References per window.
    method
        A key of the table of methods.
    """

    def __init__(
        self,
        model: Model,
        targets: Sequence[str],
        n_references: int,
        *,
        rules: str,
        batch_size: int | None = None,
        tolerance: float,
        float64: bool,
        method: str = "deeplift",
    ) -> None:
        # the engine starts here, and not when a caller imports this module
        from deeplift_genomics.attribution.method import Job
        from deeplift_genomics.attribution.methods import METHODS
        from deeplift_genomics.attribution.targets import find_targets

        if method not in METHODS:
            raise InputError(f"Method {method!r} is not known; there are: {', '.join(METHODS)}.")
        self.method = METHODS[method]
        least = 1 if self.method.references else 0
        _require_whole("reference", n_references, least)
        _require_whole("window per batch", batch_size or 1, 1)
        if not 0 < tolerance < np.inf:
            raise InputError(f"The tolerance must be above 0, got {tolerance!r}.")
        self.model, self.tolerance = model, tolerance
        self.batch_size, self.n_references = batch_size or 1, n_references
        self.targets = find_targets(model, targets)
        self.dtype = np.dtype(np.float64 if float64 else np.float32)
        self._run = self.method.prepare(
            Job(model, self.targets, self.batch_size, n_references, float64=float64, rules=rules)
        )

    @property
    def empty(self) -> Scores:
        """Scores of no window, with the arrays that the method gives."""
        sizes = {"N": 0, "R": self.n_references, "L": self.model.window_length, "4": 4}
        given = {"hypothetical", "sequences", "target", *self.method.stores}
        given |= {"residual", "mass", "size"} if self.method.complete else set()
        return Scores(
            **{
                name: np.zeros([sizes[axis] for axis in axes], self.dtype)
                for name, axes in AXES.items()
                if name in given
            }
        )

    def fill_controls(
        self, controls: Mapping[str, ArrayLike] | None, n: int
    ) -> dict[str, NDArray[Any]]:
        """Return the controls of N windows by input name, zero where none are given."""
        return fill_controls(self.model, controls, n)

    def __call__(
        self,
        sequences: NDArray,
        references: NDArray,
        controls: Mapping[str, NDArray],
        labels: Sequence[str],
    ) -> dict[str, Scores]:
        """Return the scores of up to `batch_size` windows, by target; `labels` name the windows.

        Raises
        ------
        CompletenessError
            If the method is complete and a residual exceeds the tolerance.
        """
        if self.model.frozen.whole:
            _check_whole(self.model.name, references)
        n = len(sequences)
        in_order = [controls[item.name] for item in self.model.controls]
        full = [
            fill_batch(values, self.batch_size) for values in (sequences, references, *in_order)
        ]
        results = {}
        for target, arrays in self._run(*full).items():
            values = {name: array[:n] for name, array in arrays.items()}
            scores = Scores(sequences=np.asarray(sequences, self.dtype), **values)
            if self.method.complete:
                check_completeness(scores, target, self.tolerance, labels)
            results[target] = scores
        return results


def _check_whole(model: str, references: NDArray) -> None:
    """Raise InputError unless references are of zeros and ones, for a model that rounds others."""
    others = references[(references != 0) & (references != 1)]
    if others.size:
        raise InputError(
            f"{model} makes whole numbers of its sequence, so its references must be of zeros and "
            f"ones; one of them has {others[0]}. Use shuffled references (references.kind: "
            "dinucleotide_shuffle), or save the model with an input of float32."
        )


def _require_whole(what: str, value: Any, least: int) -> None:
    """Raise InputError unless a number is whole and large enough."""
    if not isinstance(value, int | np.integer) or value < least:
        raise InputError(f"At least {least} {what} is needed, a whole number; got {value!r}.")
