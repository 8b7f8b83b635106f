"""Contribution scores of windows against references.

``attribute()`` is the whole of it for arrays in memory; `Explainer` is the same a batch at a time,
for those who stream.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tqdm import tqdm

from deeplift_genomics.attribution.scores import TOLERANCE, Scores, _join, check_completeness
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.choices import RULES


def attribute(
    model: Model,
    sequences: ArrayLike,
    references: ArrayLike,
    targets: Sequence[str] | str = ("counts", "profile"),
    controls: Mapping[str, ArrayLike] | None = None,
    rules: str = "rescale",
    batch_size: int | None = None,
    tolerance: float = TOLERANCE,
    float64: bool = False,
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
        Input name -> (N, ...), the same for a window and its references; zero where not given.
    rules
        "rescale", "reveal_cancel", or "genomics_default": RevealCancel after dense layers,
        Rescale elsewhere.
    batch_size
        Windows per step (1 if not given); the scores do not depend on it, but for rounding.
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
        If shapes do not fit the model, a target or control does not exist, or an operation has
        no rule; before anything is computed.
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
    explainer = Explainer(model, targets, r, rules, batch_size, tolerance, float64)
    fixed = explainer.fill_controls(controls, n)
    results: dict[str, list[Scores]] = {target: [] for target in targets}
    size = explainer.batch_size
    for first in tqdm(range(0, n, size), desc="attribute", unit="batch", disable=None):
        rows = slice(first, first + size)
        part = {name: values[rows] for name, values in fixed.items()}
        labels = [f"window {row}" for row in range(n)[rows]]
        for target, scores in explainer(sequences[rows], references[rows], part, labels).items():
            results[target].append(scores)
    return {target: _join(parts, explainer.empty) for target, parts in results.items()}


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
            raise InputError(f"The references of sequence {row} hold numbers that are not finite.")


class Explainer:
    """One model, its targets and a fixed batch shape, compiled once.

    Every call runs the same fixed shape: a last batch that is not full is padded, so that scores
    do not depend on how the windows were split.
    """

    def __init__(
        self,
        model: Model,
        targets: Sequence[str],
        n_references: int,
        rules: str = "rescale",
        batch_size: int | None = None,
        tolerance: float = TOLERANCE,
        float64: bool = False,
    ) -> None:
        from deeplift_genomics.attribution.targets import find_targets
        from deeplift_genomics.engine.batch import compile_batch
        from deeplift_genomics.engine.propagate import plan

        if rules not in RULES:
            raise InputError(f"Rules {rules!r} are not known; there are: {', '.join(RULES)}.")
        for what, value in (("reference", n_references), ("window per batch", batch_size or 1)):
            if not isinstance(value, int | np.integer) or value < 1:
                raise InputError(f"At least 1 {what} is needed, a whole number; got {value!r}.")
        if not 0 < tolerance < np.inf:
            raise InputError(f"The tolerance must be above 0, got {tolerance!r}.")
        self.model, self.tolerance = model, tolerance
        self.batch_size, self.n_references = batch_size or 1, n_references
        self.targets = find_targets(model, targets)
        sinks = [target.head.tensor for target in self.targets.values()]
        self.dtype = np.dtype(np.float64 if float64 else np.float32)
        frozen = model.frozen.in_float64() if float64 else model.frozen.made_faster()
        self.plan = plan(frozen, model.sequence.name, sinks)
        self._run = compile_batch(
            self.plan,
            (self.batch_size, n_references, model.window_length),
            model.sequence.name,
            {item.name: item.shape for item in model.controls},
            {text: (item.head.tensor, item.seed) for text, item in self.targets.items()},
            rules,
        )

    @property
    def empty(self) -> Scores:
        """Scores of no window at all."""
        length, r = self.model.window_length, self.n_references
        sizes = {"hypothetical": (0, length, 4), "sequences": (0, length, 4), "target": (0,)}
        sizes["standard_error"] = (0, length)
        return Scores(
            **{
                name: np.zeros(sizes.get(name, (0, r)), self.dtype)
                for name in Scores.__dataclass_fields__
            }
        )

    def fill_controls(
        self, controls: Mapping[str, ArrayLike] | None, n: int
    ) -> dict[str, NDArray[Any]]:
        """The controls of N windows by input name, zero where none are given."""
        given = {name: np.asarray(values) for name, values in (controls or {}).items()}
        known = {item.name: item for item in self.model.controls}
        for name, values in given.items():
            if name not in known:
                raise InputError(
                    f"{self.model.name} has no control input {name!r}; it has: "
                    f"{', '.join(known) or 'none'}."
                )
            if values.shape != (n, *known[name].shape):
                raise InputError(
                    f"Control {name!r} has the shape {values.shape}; "
                    f"{(n, *known[name].shape)} is needed."
                )
        return {
            name: given.get(name, np.broadcast_to(np.float32(0), (n, *item.shape)))
            for name, item in known.items()
        }

    def __call__(
        self,
        sequences: NDArray,
        references: NDArray,
        controls: Mapping[str, NDArray],
        labels: Sequence[str],
    ) -> dict[str, Scores]:
        """Scores of up to `batch_size` windows; `labels` name them in errors."""
        n = len(sequences)
        short = self.batch_size - n
        in_order = [controls[item.name] for item in self.model.controls]
        full = [_pad(values, short) for values in (sequences, references, *in_order)]
        results = {}
        for target, arrays in self._run(*full).items():
            values = {name: array[:n] for name, array in arrays.items()}
            scores = Scores(sequences=np.asarray(sequences, self.dtype), **values)
            check_completeness(scores, target, self.tolerance, labels)
            results[target] = scores
        return results


def _pad(values: NDArray, short: int) -> NDArray:
    """Repeat the first row until the batch is full."""
    return np.concatenate([values, np.repeat(values[:1], short, axis=0)]) if short else values
