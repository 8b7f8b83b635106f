"""The scores of one target in memory, and the check that they add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import CompletenessError
from deeplift_genomics.files.not_given import Hypothetical
from deeplift_genomics.views.scored import ScoredWindows

# rounding of a target in float32, as a share of the sum of its absolute terms
ROUNDING = 1e-5
# axes of each array of scores: N windows, R references, L bases
AXES = {
    "hypothetical": "NL4",
    "positions": "NL",
    "sequences": "NL4",
    "target": "N",
    "reference_target": "NR",
    "residual": "NR",
    "standard_error": "NL",
    "mass": "NR",
    "size": "NR",
}


@dataclass(frozen=True, repr=False)
class Scores(ScoredWindows):
    """Scores of N windows of L bases against R references each, for one target.

    All arrays are float32, or float64 if the scores were computed so. Those that a method does not
    give are None; DeepLIFT gives all but `positions`. ``scores[0]`` is the first window,
    ``scores.regions`` a table of all, and ``scores.plot(0)`` draws one; scores of `explain` know
    their coordinates, so that ``scores["chr1:101-600"]`` and ``scores.plot()`` do, too.

    Attributes
    ----------
    sequences : (N, L, 4)
        The windows, one-hot.
    hypothetical : (N, L, 4)
        The contribution that each base would make in place of the observed one. By DeepLIFT, it is
        the mean over references k of M_k[l, b] - sum_c R_k[l, c] M_k[l, c], with multipliers M and
        references R. InputError is raised where the method gives `positions`.
    positions : (N, L)
        Scores of positions, by a method that has none of bases.
    target : (N,)
        The target at the windows; where its weights depend on the reference (profile), their mean.
    reference_target : (N, R)
        The target at the references.
    residual : (N, R)
        sum of M_k * (window - R_k), less the difference in target: 0 but for rounding.
    standard_error : (N, L)
        Standard error, over references, of the observed base's contribution; NaN if R is 1.
    mass : (N, R)
        Sum over positions of |sum of M_k * (window - R_k)|: the scale for residuals.
    size : (N, R)
        Sum of the absolute terms of the target: the scale for its rounding.
    chrom, start, end, name : (N,)
        Place of each window, 0-based and half-open, and its name; None for windows that were given
        as arrays.
    attributes
        What the scores are of: `target`, `model`, `method` and the settings that count.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> model = dg.load_model("resources/demo/model.keras")
    >>> scores = dg.attribute(model, ["ACGT" * 125, "TTGCA" * 100], targets="counts")["counts"]
    >>> len(scores), scores[1].contributions.shape
    (2, (1, 500, 4))
    >>> list(scores.regions.columns)
    ['target', 'reference_target', 'residual']
    >>> axes = scores.plot(1, zoom=60)
    """

    sequences: NDArray[np.floating]
    target: NDArray[np.floating]
    hypothetical: Hypothetical = field(default=Hypothetical(), repr=False, compare=False)
    positions: NDArray[np.floating] | None = None
    reference_target: NDArray[np.floating] | None = None
    residual: NDArray[np.floating] | None = None
    standard_error: NDArray[np.floating] | None = None
    mass: NDArray[np.floating] | None = None
    size: NDArray[np.floating] | None = None
    chrom: NDArray[np.object_] | None = None
    start: NDArray[np.int64] | None = None
    end: NDArray[np.int64] | None = None
    name: NDArray[np.object_] | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def contributions(self) -> NDArray[np.floating]:
        """Contributions of the observed bases (N, L, 4).

        They are `sequences` times `hypothetical`, or times `positions`.
        """
        if self.positions is not None:
            return self.positions[..., None] * self.sequences
        return self.hypothetical * self.sequences

    def array(self, name: str) -> NDArray[np.floating] | None:
        """Return an array of `AXES`; None if the method does not give it."""
        return self.__dict__["_hypothetical" if name == "hypothetical" else name]


def described(scores: Scores, **fields: Any) -> Scores:
    """Return the scores with their places, or their attributes."""
    found = copy(scores)
    vars(found).update(fields)  # `replace` asks for hypothetical contributions, given or not
    return found


def join(parts: Sequence[Scores]) -> Scores:
    """Return the scores of all windows, from those of some windows at a time."""
    given = [name for name in AXES if parts[0].array(name) is not None]
    joined: dict[str, Any] = {
        name: np.concatenate([part.array(name) for part in parts]) for name in given
    }
    return Scores(**joined)


def one_window(scores: Scores, row: int) -> Scores:
    """Return the scores of one window, in arrays of their own."""
    arrays = {name: scores.array(name) for name in AXES}
    given: dict[str, Any] = {
        name: array[row : row + 1].copy() for name, array in arrays.items() if array is not None
    }
    return Scores(**given)


def check_completeness(
    scores: Scores, target: str, tolerance: float, labels: Sequence[str], *, advice: str
) -> None:
    """Raise CompletenessError where a residual exceeds what rounding explains.

    A residual may reach `tolerance` times the sum of |contributions|, plus 1e-5 of the largest
    target among these windows and references, for a window and reference that are all but equal.
    """
    residual, mass, size = scores.residual, scores.mass, scores.size
    if residual is None or mass is None or size is None:
        raise AssertionError(f"{target}: completeness was promised, and no residuals came")
    if not np.isfinite(residual).all():
        row = int(np.argwhere(~np.isfinite(residual))[0][0])
        raise CompletenessError(
            f"Target {target!r}: the model gives numbers that are not finite, first for "
            f"{labels[row]}. Look for NaN in its weights, its inputs and its controls."
        )
    allowed = tolerance * mass + ROUNDING * size.max(initial=0)
    broken = np.abs(residual) > allowed
    if not broken.any():
        return
    excess = np.where(broken, np.abs(residual) - allowed, 0)
    worst = np.argsort(-excess, axis=None, kind="stable")[: min(5, int(broken.sum()))]
    lines = [
        f"  {labels[row]}, reference {k}: residual {residual[row, k]:.3g}, "
        f"allowed {allowed[row, k]:.3g}"
        for row, k in zip(*np.unravel_index(worst, excess.shape), strict=True)
    ]
    raise CompletenessError(
        f"Target {target!r}: contributions do not add up to the difference in target for "
        f"{int(broken.sum())} of {broken.size} pairs of window and reference (tolerance "
        f"{tolerance:g} of the sum of |contributions|):\n" + "\n".join(lines) + f"\n{advice}"
    )
