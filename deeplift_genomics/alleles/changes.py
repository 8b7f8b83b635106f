"""The effect of the alternative allele on every head, against the reference.

The effects are those of oligos (`design.outcomes`). Profiles are compared base by base along the
alignment of both windows, so that a shift is no change: a base that one allele lacks has no reads
there. Beside the share of the signal that is elsewhere (``shape``) there is the Jensen-Shannon
distance (``jsd``): the square root of the mean divergence, in bits, of both profiles from their
mean, from 0 to 1 (Endres and Schindelin, IEEE Transactions on Information Theory 49:1858, 2003).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import rel_entr

from deeplift_genomics.attribution.predict import HeadValues, Predictor
from deeplift_genomics.attribution.profiles import profile_of
from deeplift_genomics.design.outcomes import Outcomes
from deeplift_genomics.design.table import DIFFERENCE, FOLD, SHAPE, Outcome
from deeplift_genomics.effects.meter import Backgrounds
from deeplift_genomics.models.model import Head
from deeplift_genomics.windows.edits import Edit

DISTANCE = "jsd"
_RANKED = (FOLD, DIFFERENCE, SHAPE)  # variants are sorted by the first of these that a model has


class Effects:
    """The effects of edits of windows.

    Parameters
    ----------
    predictor
        The forward passes.
    targets
        Names of targets; they count for heads with too many units.

    Attributes
    ----------
    outcomes
        What `compare` returns, in the order of its last axis.
    ranked
        The columns by which variants are sorted: log2-fold changes, or, of a model without, the
        differences, or else the shapes.
    """

    def __init__(self, predictor: Predictor, targets: Sequence[str]) -> None:
        self._heads = {head.name: head for head in predictor.heads}
        self._inner = Outcomes(predictor, targets)
        self._length = predictor.window_length
        shapes = [one for one in self._inner.outcomes if one.kind == SHAPE]
        self._shapes = [i for i, one in enumerate(self._inner.outcomes) if one.kind == SHAPE]
        self.outcomes = [*self._inner.outcomes, *(one._replace(kind=DISTANCE) for one in shapes)]
        kinds = [one.kind for one in self.outcomes]
        best = next((kind for kind in _RANKED if kind in kinds), "")
        self.ranked = [i for i, kind in enumerate(kinds) if kind == best]

    def windows(self, codes: NDArray[np.int8], controls: Mapping[str, NDArray]) -> Backgrounds:
        """Return windows (n, L) with their predictions."""
        return self._inner.windows(codes, dict(controls))

    def compare(
        self,
        base: Backgrounds,
        other: Backgrounds,
        rows: NDArray[np.int64],
        edits: Sequence[Edit],
    ) -> NDArray[np.float64]:
        """Return the effects (n, K) of edits.

        Parameters
        ----------
        base
            Windows before their edits.
        other
            The n windows after them.
        rows
            Which row of `base` each of them was (n,).
        edits
            What differs.
        """
        found = self._inner.compare(base, other, rows)
        distances = np.empty((len(found), len(self._shapes)))
        for number, column in enumerate(self._shapes):
            outcome = self._inner.outcomes[column]
            pairs = self._profiles(outcome, base, other, rows)
            moved = self._moved(pairs, edits)
            found[:, column], distances[:, number] = moved.T
        return np.concatenate([found, distances], axis=1)

    def sizes(self, effects: NDArray[np.float64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the column of the largest effect of each row (n,), and the effect; NaN if none."""
        ranked = np.nan_to_num(np.abs(effects[:, self.ranked]), nan=-1.0)
        which = np.asarray(self.ranked, np.int64)[ranked.argmax(axis=1)]
        return which, effects[np.arange(len(effects)), which]

    def _profiles(
        self, outcome: Outcome, base: Backgrounds, other: Backgrounds, rows: NDArray[np.int64]
    ) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Return the profiles (n, strands, positions) of each fold, before and after."""
        head, found = self._heads[outcome.head], []
        for of_base, of_other in zip(base.values, other.values, strict=True):
            before, after = (_profile(head, values) for values in (of_base, of_other))
            chosen = slice(None) if outcome.unit is None else slice(outcome.unit, outcome.unit + 1)
            found.append((before[rows][:, chosen], after[:, chosen]))
        return found

    def _moved(
        self,
        folds: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]],
        edits: Sequence[Edit],
    ) -> NDArray[np.float64]:
        """Return both distances (n, 2) of profiles, averaged over strands and folds."""
        found = np.empty((len(edits), 2))
        for i, edit in enumerate(edits):
            each = [distances(before[i], after[i], edit, self._length) for before, after in folds]
            found[i] = np.mean(each, axis=0)
        return found


def _profile(head: Head, values: Mapping[str, HeadValues]) -> NDArray[np.float64]:
    """Return the profile of a head that has one."""
    found = profile_of(head, values[head.name])
    assert found is not None
    return found


def distances(
    before: NDArray[np.float64], after: NDArray[np.float64], edit: Edit, length: int
) -> tuple[float, float]:
    """Return two distances between profiles (strands, positions), averaged over the strands.

    They are the share of the signal that is elsewhere, and the Jensen-Shannon distance. Positions
    are the central bases of windows of `length` bases. Of a profile that is longer than its window,
    whose bases are not known, both are NaN where an edit shifts bases.
    """
    positions = before.shape[1]
    if edit.removed != edit.added:
        if positions > length:
            return np.nan, np.nan
        offset = length // 2 - positions // 2
        columns = edit.columns(length)
        columns = np.where(columns < 0, -1, columns - offset)
        columns[(columns < 0) | (columns >= positions)] = -1
        columns = columns[(columns >= 0).any(axis=1)]
        before, after = (
            np.where(at >= 0, profile[:, at], 0.0)
            for profile, at in zip((before, after), columns.T, strict=True)
        )
    share = np.abs(before - after).sum(axis=1) / 2
    mean = (before + after) / 2
    divergence = (rel_entr(before, mean) + rel_entr(after, mean)).sum(axis=1) / (2 * np.log(2))
    return float(share.mean()), float(np.sqrt(np.maximum(divergence, 0)).mean())
