"""Faithfulness: what happens to the target when the bases that matter most are replaced.

With f the target, x the window, r a reference, and the bases ordered by contribution, highest
first, let x without the top share t be x with these bases replaced by those of r, and x with only
the top share t be r with these bases replaced by those of x:

====================  ===========================================================================
deletion(t)           f(x) - f(x without the top t)
insertion(t)          f(x with only the top t) - f(r), both as differences from f(x)
comprehensiveness     mean of deletion(t) over t = 1, 5, 10, 20 and 50%
sufficiency           mean of f(x) - f(x with only the top t) over the same t
aopc                  area under deletion, t from 0 to 1, by the trapezoid rule
insertion_area        area under insertion
====================  ===========================================================================

All are means over several references, and differences in target as the target defines them for a
pair of sequences. Sources: Samek et al. 2017, "Evaluating the visualization of what a deep neural
network has learned" (AOPC); Petsiuk, Das, Saenko 2018, "RISE" (deletion and insertion); DeYoung et
al. 2020, "ERASER" (comprehensiveness and sufficiency, and the five shares).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.shares import SHARES, number_of

OF_ERASER = (0.01, 0.05, 0.1, 0.2, 0.5)
# mutants (M, L, 4) -> changes of the target from the window to each, (M,)
Change = Callable[[NDArray], NDArray]


def mutants_of(
    window: NDArray, references: NDArray, orders: NDArray[np.intp]
) -> NDArray[np.float32]:
    """Return the window without its top bases, and with nothing but these, (2, D, S - 2, L, 4).

    S are the `SHARES`, of which the ends need no mutants of their own.

    Parameters
    ----------
    window
        (L, 4).
    references
        (D, L, 4), one for each draw.
    orders
        (D, L), positions of each draw, those of the highest contributions first.
    """
    length = len(window)
    rank = np.empty_like(orders)
    np.put_along_axis(rank, orders, np.arange(length)[None], axis=1)
    top = np.array([number_of(share, length) for share in SHARES[1:-1]])
    is_top = (rank[:, None] < top[:, None])[..., None]  # (D, S - 2, L, 1)
    out = np.where(is_top, references[:, None], window)
    return np.stack([out, np.where(is_top, window, references[:, None])]).astype(np.float32)


def curves_of(changes: NDArray, to_references: NDArray) -> dict[str, NDArray[np.float64]]:
    """Return the curves "deletion", "insertion" and "left", (S,) each, from changes of the target.

    "left" is f(x) - f(x with only the top t).

    Parameters
    ----------
    changes
        Of the mutants, (2, D, S - 2).
    to_references
        Of the references, (D,).
    """
    without, only = np.asarray(changes, np.float64).mean(axis=1)
    all_replaced = np.asarray(to_references, np.float64).mean()
    deletion = -np.concatenate([[0.0], without, [all_replaced]])
    left = -np.concatenate([[all_replaced], only, [0.0]])
    return {"deletion": deletion, "insertion": left[0] - left, "left": left}


def summary_of(curves: dict[str, NDArray[np.float64]]) -> dict[str, float]:
    """Return the single numbers of a window from its curves."""
    at = [SHARES.index(share) for share in OF_ERASER]
    return {
        "comprehensiveness": float(curves["deletion"][at].mean()),
        "sufficiency": float(curves["left"][at].mean()),
        "aopc": float(np.trapezoid(curves["deletion"], SHARES)),
        "insertion_area": float(np.trapezoid(curves["insertion"], SHARES)),
    }


def faithfulness(
    change: Change, window: NDArray, references: NDArray, orders: NDArray[np.intp]
) -> dict[str, NDArray[np.float64]]:
    """Return the curves of a window, as `curves_of`, by running the model on its mutants."""
    mutants = mutants_of(window, references, orders)
    changes = change(mutants.reshape(-1, *window.shape)).reshape(mutants.shape[:3])
    return curves_of(changes, change(references))
