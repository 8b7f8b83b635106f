"""A second path beside the scores of a shard: some of its windows, explained again the plain way.

The scores of a run are computed in single precision, from a graph that was rewritten for speed. The
second path takes the graph as it was frozen, in double precision, with nothing compiled together.
Where TensorFlow has an operation in single precision only, the second path is in single precision.
It takes the same references, options and seed, so that a difference is rounding, or a fault.

The contributions of the observed bases are held to a bound, which those of other bases are not: by
RevealCancel, they are multiplied by slopes that rounding decides where a unit hardly changes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.configured import configured_explainer
from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.attribution.scores import ROUNDING, Scores, one_window
from deeplift_genomics.engine.fusion import unfused
from deeplift_genomics.errors import ModelError, SecondPathError
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.windows.file import Windows

log = logging.getLogger(__name__)

Explained = TypeVar("Explained")


class Difference(NamedTuple):
    """How far the scores of a window for one target are from those of the second path.

    `contributions`, of the observed bases, and `hypothetical`, of all four, are the largest
    differences as shares of the largest of each by the second path, or of 1e-5 of the target's
    terms if that is more: smaller ones are rounding. `target` and `residual` are differences in
    units of the target. What the method does not give is NaN.
    """

    contributions: float
    hypothetical: float
    target: float
    residual: float


class Watched(NamedTuple):
    """A window that is explained twice: its row, the window, and target -> its scores."""

    row: int
    window: Windows
    scores: Mapping[str, Scores]

    @property
    def label(self) -> str:
        """The window's place."""
        return f"{self.window.chrom[0]}:{self.window.start[0]}-{self.window.end[0]}"


@dataclass
class Watch:
    """The windows of a shard that are explained twice, collected while it is scored.

    Parameters
    ----------
    rows
        The rows to take, from `choose_rows`.
    """

    rows: Sequence[int]
    taken: list[Watched] = field(default_factory=list)

    def take(self, first: int, windows: Windows, scores: Mapping[str, Scores]) -> None:
        """Keep those that are in a batch whose first window has that row."""
        for row in self.rows:
            if first <= row < first + len(windows):
                i = row - first
                kept = {text: one_window(of_target, i) for text, of_target in scores.items()}
                self.taken.append(Watched(row, windows[i : i + 1], kept))


def choose_rows(rows: slice, number: int, seed: int) -> list[int]:
    """Return the rows of a shard that are explained twice, in order; all if there are no more.

    They depend on the seed and on the shard's rows only.
    """
    n = rows.stop - rows.start
    chosen = np.random.default_rng([seed, rows.start, rows.stop]).permutation(n)[:number]
    return sorted(int(row) + rows.start for row in chosen)


def explained_plainly(
    model: Model,
    targets: Sequence[str],
    config: Config,
    explain: Callable[[Explainer], Explained],
) -> tuple[int, Explained]:
    """Return what `explain` makes of the explainer of the second path, after the bits of numbers.

    They are 64, or 32 where TensorFlow cannot compute the model in double precision.

    Raises
    ------
    ModelError
        If it cannot be computed without rewrites for speed.
    """
    for bits in (64, 32):
        try:
            with unfused():  # a function may be built when it is first called
                explainer = configured_explainer(
                    replace(model), targets, config, 1, float64=bits == 64, plain=True
                )
                return bits, explain(explainer)
        except ModelError as error:
            if bits == 32:
                raise
            log.info("the second path is in single precision: %s", error)
    raise AssertionError("one of them returns or raises")


def difference(scores: Scores, again: Scores) -> Difference:
    """Return how far the scores of one window are from those of the second path."""
    least = ROUNDING * _size(again)
    return Difference(
        _share(_observed(scores), _observed(again), least),
        _share(scores.array("hypothetical"), again.array("hypothetical"), least),
        _largest(scores.target, again.target),
        _largest(scores.residual, again.residual),
    )


def check_confirmed(
    watched: Sequence[Watched], again: Sequence[Mapping[str, Scores]], *, bound: float, bits: int
) -> dict[str, list[Difference]]:
    """Return target -> how far its scores are from those of the second path, for each window.

    Parameters
    ----------
    watched, again
        The windows, with the scores by both paths.
    bound
        Largest difference of contributions accepted, as in `Difference`. The target may differ by
        as much of the largest contribution, and by what rounding explains.
    bits
        Those of the second path's numbers.

    Raises
    ------
    SecondPathError
        If there are larger differences; the message names the window with the largest one.
    """
    found: dict[str, list[Difference]] = {}
    worst, message = (False, 0.0), ""  # what differs in contributions says more than the target
    for item, by_target in zip(watched, again, strict=True):
        for text, other in by_target.items():
            own = item.scores[text]
            found.setdefault(text, []).append(difference(own, other))
            for in_contributions, excess, told in _excesses(own, other, found[text][-1], bound):
                if (in_contributions, excess) > worst:
                    worst = in_contributions, excess
                    message = f"Target {text!r}, window {item.label}: {told}"
    if message:
        raise SecondPathError(f"{message} {_advice(bound, bits)}")
    return found


def _excesses(
    own: Scores, other: Scores, found: Difference, bound: float
) -> Iterator[tuple[bool, float, str]]:
    """Yield what exceeds the bound, by how many times, and in words.

    The first value tells contributions from the target.
    """
    a, b = _observed(own), _observed(other)
    largest, size = np.nanmax(np.abs(b), initial=0.0), _size(other)
    if found.contributions > bound:
        place = int(_apart(a, b).argmax())
        yield (
            True,
            found.contributions / bound,
            f"the contribution of base {place} (counted from 0) is {a[place]:.6g}, and "
            f"{b[place]:.6g} by a second path. They differ by {found.contributions:.2g} of the "
            f"window's largest contribution, {largest:.3g}",
        )
    scale = max(largest, ROUNDING * size)
    allowed = (bound * scale if scale else 0.0) + ROUNDING * size
    if found.target > allowed:
        yield (
            False,
            found.target / allowed if allowed else np.inf,
            f"the target is {own.target[0]:.6g}, and {other.target[0]:.6g} by a second path. They "
            f"differ by {found.target:.2g}, and {allowed:.2g} is accepted: a share of the window's "
            f"largest contribution, {largest:.3g}, and rounding",
        )


def _advice(bound: float, bits: int) -> str:
    """Return what was compared, and what to do where both paths differ."""
    precision = "double" if bits == 64 else "single"
    return (
        f"(attribution.second_path_bound accepts {bound:g}). The second path is in {precision} "
        "precision and without rewrites for speed, so the scores are not as exact as they should "
        "be, and nothing of this shard is kept. Set 'attribution.convolutions' to direct; if that "
        "does not help, set 'attribution.float64' to true, which is slower. If few windows of a "
        "model with max pooling fail, two places there may be alike, and rounding chooses between "
        "them: a higher bound accepts that."
    )


def _observed(scores: Scores) -> NDArray[np.float64]:
    """Return the contributions of the observed bases of one window, (L,)."""
    return scores.contributions[0].sum(axis=-1, dtype=np.float64)


def _size(scores: Scores) -> float:
    """Return the sum of the absolute terms of the target, or else the target's own size."""
    of = scores.target if scores.size is None else scores.size
    return float(np.abs(of).max(initial=0))


def _share(a: NDArray | None, b: NDArray | None, least: float) -> float:
    """Return the largest difference as a share of the largest of `b`, or of `least`."""
    if a is None or b is None:
        return np.nan
    apart, scale = _largest(a, b), max(np.nanmax(np.abs(b), initial=0.0), least)
    return apart / scale if scale else np.inf if apart else 0.0


def _largest(a: NDArray | None, b: NDArray | None) -> float:
    """Return the largest difference."""
    return np.nan if a is None or b is None else float(_apart(a, b).max(initial=0))


def _apart(a: NDArray, b: NDArray) -> NDArray[np.float64]:
    """Return the differences; bases that neither path computed have none."""
    a, b = a.astype(np.float64), b.astype(np.float64)
    with np.errstate(invalid="ignore"):
        apart = np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0, np.abs(a - b))
    return np.where(np.isnan(apart), np.inf, apart)
