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
from deeplift_genomics.attribution.given import (
    arrays_for,
    check_shapes,
    check_values,
    check_whole,
    number_of_references,
    require_model,
    require_whole,
)
from deeplift_genomics.attribution.scores import AXES, Scores, check_completeness, described, join
from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.errors import InputError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.attribution_section import Attribution
from deeplift_genomics.settings.methods import DEFAULT, Chosen, choose
from deeplift_genomics.settings.sections import References

log = logging.getLogger(__name__)

_DEFAULTS, _SEED = Attribution(), References().seed


# Positional: this signature is public, and calls by position go on working.
def attribute(
    model: Model,
    sequences: ArrayLike,
    references: ArrayLike | None = None,
    targets: Sequence[str] | str = ("counts", "profile"),
    controls: Mapping[str, ArrayLike] | None = None,
    rules: str = _DEFAULTS.rules,
    batch_size: int | None = None,
    tolerance: float = _DEFAULTS.tolerance,
    float64: bool = _DEFAULTS.float64,
    *,
    method: str = DEFAULT,
    options: Mapping[str, Any] | None = None,
    seed: int = _SEED,
    convolutions: str = _DEFAULTS.convolutions,
) -> dict[str, Scores]:
    """Explain a model on windows, by DeepLIFT or another method of attribution.

    Parameters
    ----------
    model
        From `load_model`.
    sequences
        Windows, one-hot (N, L, 4) in the order A C G T; or strings of L bases, one or a list.
    references
        (N, R, L, 4): R references for each window, or N lists of R strings, as
        `dinucleotide_shuffle` gives them. If not given, 20 dinucleotide shuffles of each window
        are drawn by `seed`, as in a run with the default settings, for a method that takes some.
    targets
        Names of targets, such as "counts", "profile", "logit[0]", "counts:head_name".
    controls
        Input name -> (N, ...), the same for a window and its references; zero where not given,
        which is logged.
    rules
        Rules of DeepLIFT: "rescale", "reveal_cancel", or "genomics_default", which is RevealCancel
        after dense layers and Rescale elsewhere.
    batch_size
        Windows per step (1 if not given); scores depend on it only by rounding.
    tolerance
        Largest residual accepted, as a share of the sum of |contributions|.
    float64
        Compute, and return, in double precision: several times slower, residuals below 1e-9.
    method
        Name of a method of docs/methods.md.
    options
        Name of an option of the method -> its value; its default where not given.
    seed
        Seed of shuffled references, and of methods that draw random numbers. Draw k for a window
        depends on the seed, the window and k only.
    convolutions
        "fast", by minimal filtering where that pays, or "direct".

    Returns
    -------
    dict
        Target name as given -> `Scores`.

    Raises
    ------
    ConfigError
        If there is no such method or option, or an option's value is out of range.
    InputError, ModelError, UnsupportedOperationError
        Before anything is computed, if shapes do not fit the model, a target or control does not
        exist, or an operation has no rule.
    CompletenessError
        If a residual exceeds the tolerance, naming the worst windows.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> model = dg.load_model("resources/demo/model.keras")
    >>> window = "ACGTTGACTCATCCATGGCA" * 25  # 500 bases
    >>> scores = dg.attribute(model, window, targets="counts")["counts"]
    >>> scores.contributions.shape, scores.reference_target.shape
    ((1, 500, 4), (1, 20))
    >>> references = dg.dinucleotide_shuffle(window, 5)
    >>> dg.attribute(model, window, references)["profile"].residual.shape
    (1, 5)
    """
    require_model(model)
    chosen = choose(method, options)
    # int8 windows stay int8 until their batch is explained
    windows, given = arrays_for(chosen, sequences, references)
    check_shapes(model, windows, given, 1)
    check_values(windows, given)
    targets = (targets,) if isinstance(targets, str) else targets
    n = len(windows)
    explainer = Explainer(
        model,
        targets,
        number_of_references(chosen, given),
        rules=rules,
        batch_size=batch_size,
        tolerance=tolerance,
        float64=float64,
        chosen=chosen,
        seed=seed,
        convolutions=convolutions,
    )
    drawn = References().model_copy(update={"seed": seed})  # which the explainer has checked
    fixed = explainer.fill_controls(controls, n)
    if missing := [name for name in fixed if name not in (controls or {})]:
        log.warning("%s: zeros are taken for its controls %s", model.name, ", ".join(missing))
    results = {target: [explainer.empty] for target in targets}
    size = explainer.batch_size
    for first in tqdm(range(0, n, size), desc="attribute", unit="batch", disable=None):
        rows = slice(first, first + size)
        part = {name: values[rows] for name, values in fixed.items()}
        labels = [f"window {row}" for row in range(n)[rows]]
        some = windows[rows]
        own = given[rows] if given is not None else explainer.references_of(codes_of(some), drawn)
        for target, scores in explainer(some, own, part, labels).items():
            results[target].append(scores)
    about = {"model": model.name, "method": chosen.method.title}
    return {
        target: described(join(parts), attributes={**about, "target": target})
        for target, parts in results.items()
    }


class Explainer:
    """One model, its targets and a fixed batch shape, compiled once for a method.

    Every call runs the same fixed shape: a last batch that is not full is padded, so that scores
    do not depend on how the windows were split.

    Parameters
    ----------
    model, targets, rules, batch_size, tolerance, float64
        As `attribute` takes them; targets may have been found already.
    n_references
        References per window; 0 for a method that takes none.
    chosen
        The method, with its options; DeepLIFT if not given.
    seed
        Seed of methods that draw random numbers.
    convolutions
        As `attribute` takes it.
    plain
        Whether to compute without rewrites for speed, as the second path does (`second_path`).
    """

    def __init__(
        self,
        model: Model,
        targets: Sequence[str] | Mapping[str, Any],
        n_references: int,
        *,
        rules: str,
        batch_size: int | None = None,
        tolerance: float,
        float64: bool,
        chosen: Chosen | None = None,
        seed: int = _SEED,
        convolutions: str = _DEFAULTS.convolutions,
        plain: bool = False,
    ) -> None:
        # the engine starts here, and not when a caller imports this module
        from deeplift_genomics.attribution.method import Job, prepare
        from deeplift_genomics.attribution.targets import find_targets

        self.chosen = chosen or choose(DEFAULT)
        self.method = self.chosen.method
        require_whole("reference", n_references, 1 if self.chosen.references else 0)
        require_whole("window per batch", batch_size or 1, 1)
        if not 0 < tolerance < np.inf:
            raise InputError(f"The tolerance must be above 0, got {tolerance!r}.")
        self.model, self.tolerance = model, self.chosen.options.held_to or tolerance
        self.batch_size, self.n_references = batch_size or 1, n_references
        self.targets = find_targets(model, targets)
        self.dtype = np.dtype(np.float64 if float64 else np.float32)
        self._run = prepare(
            Job(
                model,
                self.targets,
                self.batch_size,
                n_references,
                float64=float64,
                chosen=self.chosen,
                rules=rules,
                seed=seed,
                convolutions=convolutions,
                plain=plain,
            )
        )

    @property
    def stored(self) -> tuple[str, ...]:
        """The optional datasets of the score file that the method fills."""
        of_bases = self.method.gives == "bases"
        return ("hyp_scores" if of_bases else "position_scores", *self.method.stores)

    @property
    def span(self) -> tuple[int, int]:
        """The first base of a window that gets scores, and the end."""
        return self.chosen.options.span_in(self.model.window_length)

    @property
    def empty(self) -> Scores:
        """Scores of no window, with the arrays that the method gives."""
        sizes = {"N": 0, "R": self.n_references, "L": self.model.window_length, "4": 4}
        scores = "hypothetical" if self.method.gives == "bases" else "positions"
        given = {scores, "sequences", "target", *self.method.stores}
        given |= {"residual", "mass", "size"} if self.method.complete else set()
        arrays: dict[str, Any] = {
            name: np.zeros([sizes[axis] for axis in axes], self.dtype)
            for name, axes in AXES.items()
            if name in given
        }
        return Scores(**arrays)

    def references_of(self, codes: NDArray[np.int8], settings: References) -> NDArray[np.float32]:
        """Return the references (N, R, L, 4) of windows given as codes; R = 0 if it takes none."""
        from deeplift_genomics.dna.references import make_references

        if not self.n_references:
            return np.zeros((len(codes), 0, codes.shape[1], 4), np.float32)
        return make_references(codes, settings.kind, self.n_references, settings.seed)

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
            check_whole(self.model.name, references)
        n = len(sequences)
        in_order = [controls[item.name] for item in self.model.controls]
        full = [
            fill_batch(values, self.batch_size) for values in (sequences, references, *in_order)
        ]
        results = {}
        for target, arrays in self._run(*full).items():
            values: dict[str, Any] = {name: array[:n] for name, array in arrays.items()}
            scores = Scores(sequences=np.asarray(sequences, self.dtype), **values)
            if self.method.complete:
                advice = self.chosen.options.if_incomplete
                check_completeness(scores, target, self.tolerance, labels, advice=advice)
            results[target] = scores
        return results
