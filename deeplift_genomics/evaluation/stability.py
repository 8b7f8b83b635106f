"""Stability: what contributions depend on beside the model and the window.

The rank correlation of contributions with those of another seed, another fold, the window moved by
a few bases, or the other strand, over the central bases; and the error of a mean over references.
With c the contributions (L,), and s the standard error of each, from R references, the expected
error of contributions from r references is |s| sqrt(R / r), as a share of |c|; it is e with
R (|s| / (e |c|))^2 references. Source of the standard error: docs/methods.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.evaluation.moved import SHIFTS, shifted, turned
from deeplift_genomics.evaluation.ranking import central, spearman
from deeplift_genomics.evaluation.scored import Batch, Scorer

NUMBERS_OF_REFERENCES = (1, 2, 5, 10, 20, 50, 100)
WANTED_ERROR = 0.01  # share of the contributions' norm
# window, contributions there, and others (L,) -> nothing
ByTarget = Mapping[str, NDArray]


def correlations(one: ByTarget, other: ByTarget, span: int) -> dict[str, NDArray[np.float64]]:
    """Return target -> Spearman's correlation of each window's central bases, (n,)."""
    found = {}
    for text, values in one.items():
        some = central(values.shape[1], span)
        pairs = zip(values[:, some], other[text][:, some], strict=True)
        found[text] = np.array([spearman(*pair) for pair in pairs])
    return found


def over_seeds(
    make: Callable[[int], Scorer], batch: Batch, kept: ByTarget, *, seeds: Sequence[int], span: int
) -> dict[str, NDArray[np.float64]]:
    """Return target -> the mean correlation of each window with its scores by other seeds.

    `make` gives the scorer for a seed.
    """
    found = []
    for seed in seeds:
        other = make(seed).contributions(batch, seed=seed)
        found.append(correlations(kept, other, span))
    return {text: np.mean([one[text] for one in found], axis=0) for text in kept}


def over_shifts(
    scorer: Scorer, batch: Batch, kept: ByTarget, span: int
) -> dict[int, dict[str, NDArray[np.float64]]]:
    """Return shift in bases -> target -> the correlation of each window with the moved one."""
    found = {}
    for by in (by for by in SHIFTS if by < batch.codes.shape[1]):
        other = scorer.contributions(batch.seen_as(*shifted(batch.codes, batch.controls, by)))
        before = {text: values[:, by:] for text, values in kept.items()}
        after = {text: values[:, : values.shape[1] - by] for text, values in other.items()}
        found[by] = correlations(before, after, span)
    return found


def over_strands(
    scorer: Scorer, batch: Batch, kept: ByTarget, span: int
) -> dict[str, NDArray[np.float64]]:
    """Return target -> the correlation of each window with its reverse complement."""
    other = scorer.contributions(batch.seen_as(*turned(batch.codes, batch.controls)))
    return correlations(kept, {text: values[:, ::-1] for text, values in other.items()}, span)


def standard_errors(scorer: Scorer, batch: Batch, n: int) -> dict[str, tuple[NDArray, NDArray]]:
    """Return target -> contributions and their standard errors (n, L), one reference at a time.

    `scorer` takes one reference for each window, and n are used in turn.
    """
    runs = [scorer(batch, reference=k)[0] for k in range(n)]
    found = {}
    for text in runs[0]:
        each = np.stack([run[text].contributions.sum(axis=-1, dtype=np.float64) for run in runs])
        found[text] = each.mean(axis=0), each.std(axis=0, ddof=1) / np.sqrt(n)
    return found


def reference_numbers(
    contributions: NDArray, standard_error: NDArray, n: int
) -> tuple[dict[float, float], float] | None:
    """Return the error by number of references, and the references that an error of 1% needs.

    Parameters
    ----------
    contributions, standard_error
        Of a window, (L,), from n references.

    Returns
    -------
    tuple or None
        Number of references -> error as a share of the contributions' norm; and the number. None
        where there is no error or no contribution.
    """
    norm = float(np.linalg.norm(np.nan_to_num(contributions)))
    error = float(np.linalg.norm(np.nan_to_num(standard_error)))
    if n < 2 or norm == 0 or not np.isfinite(standard_error).any():
        return None
    of_one = error * np.sqrt(n) / norm
    points = {float(r): float(of_one / np.sqrt(r)) for r in NUMBERS_OF_REFERENCES}
    return points, float((of_one / WANTED_ERROR) ** 2)
