"""Contributions to each position of a head on its own (PISA): one walk back for each position.

The explained scalar of position p is the head's own value there, its logit where it ends in a
softmax or another link, with the strands summed or one of them. By completeness, the contributions
to it add up to its difference between window and references.

Source: Brennan et al. 2023, "Chromatin accessibility in the Drosophila embryo is determined by
transcription factor pioneering and enhancer activation" (pairwise interaction-shapley attribution,
PISA, in BPReveal).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
from numpy.typing import ArrayLike, NDArray

from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.attribution.given import (
    check_shapes,
    check_values,
    numbers_of,
    require_model,
)
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.models.model import Head, Model
from deeplift_genomics.settings.attribution_section import Attribution
from deeplift_genomics.settings.choices import MOST_STRANDS
from deeplift_genomics.settings.sections import References
from deeplift_genomics.views.arrays import Arrays

_DEFAULTS = Attribution()


@dataclass(frozen=True, repr=False)
class OutputScores(Arrays):
    """Contributions to P positions of a head, at one window of L bases with R references.

    All arrays but `positions` are float32, or float64 if the scores were computed so.

    Attributes
    ----------
    positions : (P,) int64
        The positions of the head, from 0.
    sequence : (L, 4)
        The window, one-hot.
    hypothetical : (P, L, 4)
        The contribution to each position that each base would make in place of the observed one.
    target : (P,)
        The head's values at the window.
    reference_target : (P, R)
        Its values at the references.
    residual : (P, R)
        Contributions against one reference, summed, less the difference in value: 0 but for
        rounding.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> model = dg.load_model("resources/demo/model.keras")
    >>> window = dg.one_hot("ACGTTGACTCATCCATGGCA" * 25, "float32")
    >>> references = dg.dinucleotide_shuffle(window, 2)
    >>> dg.attribute_outputs(model, window, references, "profile", [90]).target.shape
    (1,)
    """

    positions: NDArray[np.int64]
    sequence: NDArray[np.floating]
    hypothetical: NDArray[np.floating]
    target: NDArray[np.floating]
    reference_target: NDArray[np.floating]
    residual: NDArray[np.floating]

    @property
    def contributions(self) -> NDArray[np.floating]:
        """Contributions of the observed bases, (P, L)."""
        return np.einsum("plb,lb->pl", self.hypothetical, self.sequence)


# Positional: what is explained comes in the order of `attribute`, then where.
def attribute_outputs(
    model: Model,
    window: ArrayLike,
    references: ArrayLike | None,
    head: str,
    positions: Sequence[int] | None = None,
    *,
    column: int | None = None,
    controls: Mapping[str, ArrayLike] | None = None,
    rules: str = _DEFAULTS.rules,
    tolerance: float = _DEFAULTS.tolerance,
    float64: bool = _DEFAULTS.float64,
    convolutions: str = _DEFAULTS.convolutions,
) -> OutputScores:
    """Explain positions of a head one by one at a window, by DeepLIFT (PISA).

    Parameters
    ----------
    model
        From `load_model`.
    window
        One-hot (L, 4) in the order A C G T, or a string of L bases.
    references
        One-hot (R, L, 4), or R strings. For None, 20 dinucleotide shuffles are drawn, as
        `attribute` draws them.
    head
        Name of the head: of a profile, (positions, strands), (strands, positions) or (positions);
        of tracks, (bins, tracks).
    positions
        Numbers of its positions, from 0; all if not given.
    column
        The strand or track; of one or two strands, their sum if not given.
    controls
        Input name -> values of the window, without an axis of windows; zero where not given.
    rules
        Rules of DeepLIFT, as `attribute` takes them.
    tolerance
        Largest residual accepted at each position, as `attribute` takes it.
    float64
        Compute, and return, in double precision.
    convolutions
        "fast" or "direct", as `attribute` takes it.

    Returns
    -------
    OutputScores
        In the order of `positions`.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError
        If shapes do not fit the model, it has no such head, column or position, or an operation has
        no rule.
    CompletenessError
        If a residual exceeds the tolerance; it names the position as ``output:HEAD[POSITION]``.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> model = dg.load_model("resources/demo/model.keras")
    >>> window = dg.one_hot("ACGTTGACTCATCCATGGCA" * 25, "float32")  # (500, 4)
    >>> references = dg.dinucleotide_shuffle(window, 2)  # (2, 500, 4)
    >>> scores = dg.attribute_outputs(model, window, references, "profile", range(90, 94))
    >>> scores.contributions.shape
    (4, 500)
    """
    require_model(model)
    windows = numbers_of("The window", window)[None]
    check_shapes(model, windows, None)
    if references is None:
        drawn = References()
        given = make_references(codes_of(windows), drawn.kind, drawn.number, drawn.seed)
    else:
        given = numbers_of("References", references)[None]
    check_shapes(model, windows, given, 1)
    check_values(windows, given)
    explainer = explainer_of_outputs(
        model,
        head,
        positions,
        column=column,
        n_references=given.shape[1],
        rules=rules,
        tolerance=tolerance,
        float64=float64,
        convolutions=convolutions,
    )
    with_axis = {name: np.asarray(values)[None] for name, values in (controls or {}).items()}
    return scores_of_outputs(explainer, windows, given, explainer.fill_controls(with_axis, 1))


def explainer_of_outputs(
    model: Model,
    head: str,
    positions: Sequence[int] | None,
    *,
    column: int | None,
    n_references: int,
    rules: str,
    tolerance: float,
    float64: bool,
    convolutions: str,
) -> Explainer:
    """Return the explainer of positions of a head, for one window at a time.

    It takes what `attribute_outputs` takes, and raises what it raises.
    """
    from deeplift_genomics.attribution.scalars import Columns, total
    from deeplift_genomics.attribution.targets import Target, Term
    from deeplift_genomics.settings.target_names import TargetName

    found = _find_head(model, head)
    number, first, length = _axes(found, column)
    chosen = range(length) if positions is None else [int(position) for position in positions]
    if wrong := [position for position in chosen if not 0 <= position < length]:
        raise InputError(
            f"Head {head} has {length} positions, numbered from 0, and no position {wrong[0]}."
        )
    if not chosen or len(set(chosen)) < len(chosen):
        raise InputError("Name at least one position, and each once.")
    targets = {}
    for position in chosen:
        columns = Columns(number, first, column, together=True, bins=(position, 1))
        term = Term(1.0, found, total, columns, version=1, held=True)
        name = TargetName("output", head, position)
        targets[name.text] = Target(name, (term,))
    return Explainer(
        model,
        targets,
        n_references,
        rules=rules,
        tolerance=tolerance,
        float64=float64,
        convolutions=convolutions,
    )


def scores_of_outputs(
    explainer: Explainer,
    window: NDArray,
    references: NDArray,
    controls: Mapping[str, NDArray],
    *,
    label: str = "the window",
) -> OutputScores:
    """Return the scores of an explainer of `explainer_of_outputs`; all arrays have an axis of 1.

    Raises
    ------
    CompletenessError
        As `attribute_outputs` raises it.
    """
    found = explainer(window, references, controls, [label])
    of_each = [found[target] for target in explainer.targets]

    def stacked(name: str) -> NDArray[np.floating]:
        arrays = [scores.array(name) for scores in of_each]
        return np.stack([array[0] for array in arrays if array is not None])

    return OutputScores(
        np.array([target.name.terms[0][1].index for target in explainer.targets.values()]),
        of_each[0].sequences[0],
        *map(stacked, ("hypothetical", "target", "reference_target", "residual")),
    )


def _find_head(model: Model, name: str) -> Head:
    """Return the head of that name; raise ModelError if there is none."""
    names = [head.name for head in model.heads]
    if name not in names:
        close = get_close_matches(name, names, n=1)
        meant = f" Did you mean {close[0]!r}?" if close else ""
        raise ModelError(f"{model.name} has no head {name!r}.{meant} It has: {', '.join(names)}.")
    return model.heads[names.index(name)]


def _axes(head: Head, column: int | None) -> tuple[int, bool, int]:
    """Return the number of columns, whether they come before positions, and of positions."""
    from deeplift_genomics.attribution.profiles import profile_axes

    axes = profile_axes(head)
    if axes is None or None in head.shape:
        raise ModelError(
            f"Head {head.name} {head.shape}: its axis of positions cannot be told from the others; "
            "expected (positions, strands) or (positions)."
        )
    if column is None and axes.number > MOST_STRANDS:
        raise ModelError(
            f"Head {head.name} {head.shape} has {axes.number} columns, more than the two strands "
            f"of one task, and tasks are not summed. Name a column from 0 to {axes.number - 1}."
        )
    if column is not None and not 0 <= column < axes.number:
        raise ModelError(
            f"Head {head.name} {head.shape} has {axes.number} columns, numbered from 0, and no "
            f"column {column}."
        )
    return axes.number, axes.first, int(np.prod(head.shape)) // axes.number
