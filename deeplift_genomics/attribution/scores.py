"""The scores of one target in memory, and the check that they add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import CompletenessError

TOLERANCE = 1e-3
# rounding of a target in float32, as a share of the sum of its absolute terms
ROUNDING = 1e-5


@dataclass(frozen=True)
class Scores:
    """Scores of N windows of L bases against R references each, for one target.

    All are float32, or float64 where that was asked for.

    Attributes
    ----------
    hypothetical : (N, L, 4)
        What each base would contribute if it stood there: the mean over references k of
        M_k[l, b] - sum_c R_k[l, c] M_k[l, c], with multipliers M and references R.
    sequences : (N, L, 4)
        The windows, one-hot.
    target : (N,)
        The target at the windows; where its weights depend on the reference (profile), their mean.
    reference_target : (N, R)
        The target at the references.
    residual : (N, R)
        sum of M_k * (window - R_k), less the difference in target: 0 but for rounding.
    standard_error : (N, L)
        Standard error, over references, of the observed base's contribution; NaN if R is 1.
    mass : (N, R)
        Sum over positions of |sum of M_k * (window - R_k)|: the scale that residuals are held to.
    size : (N, R)
        Sum of the absolute terms of the target: what its rounding is proportional to.
    """

    hypothetical: NDArray[np.floating]
    sequences: NDArray[np.floating]
    target: NDArray[np.floating]
    reference_target: NDArray[np.floating]
    residual: NDArray[np.floating]
    standard_error: NDArray[np.floating]
    mass: NDArray[np.floating]
    size: NDArray[np.floating]

    @property
    def contributions(self) -> NDArray[np.floating]:
        """Contributions of the observed bases (N, L, 4): `sequences` times `hypothetical`."""
        return self.hypothetical * self.sequences


def _join(parts: list[Scores], empty: Scores) -> Scores:
    fields = Scores.__dataclass_fields__
    return Scores(
        **{
            name: np.concatenate([getattr(part, name) for part in parts or [empty]])
            for name in fields
        }
    )


def check_completeness(
    scores: Scores, target: str, tolerance: float, labels: Sequence[str]
) -> None:
    """Raise CompletenessError where a residual exceeds what rounding explains.

    Allowed is `tolerance` times the sum of |contributions|, and beside it 1e-5 of the largest
    target among these windows and references, for two that are all but equal.
    """
    if not np.isfinite(scores.residual).all():
        row = int(np.argwhere(~np.isfinite(scores.residual))[0][0])
        raise CompletenessError(
            f"Target {target!r}: the model gives numbers that are not finite, first for "
            f"{labels[row]}. Look for NaN in its weights, its inputs and its controls."
        )
    allowed = tolerance * scores.mass + ROUNDING * scores.size.max(initial=0)
    broken = np.abs(scores.residual) > allowed
    if not broken.any():
        return
    excess = np.where(broken, np.abs(scores.residual) - allowed, 0)
    worst = np.argsort(-excess, axis=None, kind="stable")[: min(5, int(broken.sum()))]
    lines = []
    for row, k in zip(*np.unravel_index(worst, excess.shape), strict=True):
        lines.append(
            f"  {labels[row]}, reference {k}: residual {scores.residual[row, k]:.3g}, "
            f"allowed {allowed[row, k]:.3g}"
        )
    raise CompletenessError(
        f"Target {target!r}: contributions do not add up to the difference in target for "
        f"{int(broken.sum())} of {broken.size} pairs of window and reference (tolerance "
        f"{tolerance:g} of the sum of |contributions|):\n" + "\n".join(lines) + "\n"
        "Raise the tolerance if these are acceptable; a large excess is a fault to be reported."
    )
