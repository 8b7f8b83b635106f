"""What is measured of scores whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

DRAWS = 100  # of a bootstrap
Place = tuple[int, int]  # start and end in a window


def totals(values: NDArray[np.floating], width: int) -> NDArray[np.floating]:
    """Return the sums over each stretch of `width` positions, (..., L - width + 1)."""
    return np.lib.stride_tricks.sliding_window_view(values, width, axis=-1).sum(axis=-1)


def area_at_sites(
    values: NDArray[np.floating],
    sites: Sequence[Sequence[Place]],
    others: Sequence[Sequence[Place]],
) -> list[float]:
    """Return the auROC of sites against other stretches, and its 95% interval over windows.

    Parameters
    ----------
    values
        Scores (N, L).
    sites
        Of each window, the sites to be found. Each is one item, with the sum of its scores; so is
        each stretch as wide as one of them that overlaps neither a site nor another stretch.
    others
        Of each window, sites that count neither way.
    """
    scores, truth, window = [], [], []
    for row, (mine, rest) in enumerate(zip(sites, others, strict=True)):
        for width in {end - start for start, end in mine}:
            sums = totals(values[row], width)
            free = np.ones(len(sums), bool)
            for start, end in (*mine, *rest):
                free[max(0, start - width + 1) : end] = False
            right = [start for start, end in mine if end - start == width]
            apart = _apart(free, width)
            scores += [sums[right], sums[apart]]
            truth += [np.ones(len(right)), np.zeros(len(apart))]
            window += [np.full(len(right) + len(apart), row)]
    return _with_interval(*(np.concatenate(item) for item in (truth, scores, window)))


def _apart(free: NDArray[np.bool_], width: int) -> list[int]:
    """Return the starts of stretches that may start where `free`, from the left."""
    starts: list[int] = []
    for start in np.flatnonzero(free):
        if not starts or start >= starts[-1] + width:
            starts.append(int(start))
    return starts


def area_of_bases(
    values: NDArray[np.floating],
    sites: Sequence[Sequence[Place]],
    others: Sequence[Sequence[Place]],
) -> float:
    """Return the auROC of the bases of sites against those outside; arguments as above."""
    truth = np.zeros(values.shape)
    for row, (mine, rest) in enumerate(zip(sites, others, strict=True)):
        for start, end in rest:
            truth[row, start:end] = np.nan
        for start, end in mine:
            truth[row, start:end] = 1
    known = np.isfinite(truth)
    return float(roc_auc_score(truth[known], values[known]))


def share_on_sites(values: NDArray[np.floating], sites: Sequence[Sequence[Place]]) -> list[float]:
    """Return the share of the sum of |scores| that is on sites, and its 95% interval."""
    inside = np.zeros(values.shape, bool)
    for row, mine in enumerate(sites):
        for start, end in mine:
            inside[row, start:end] = True
    size = np.abs(values)
    on, all_ = (size * inside).sum(axis=1), size.sum(axis=1)
    drawn = [on[rows].sum() / all_[rows].sum() for rows in _resampled(len(values))]
    return [float(on.sum() / all_.sum()), *_interval(drawn)]


def mean_with_interval(values: NDArray[np.floating]) -> list[float]:
    """Return the mean over windows, and its 95% interval."""
    drawn = [float(values[rows].mean()) for rows in _resampled(len(values))]
    return [float(values.mean()), *_interval(drawn)]


def _with_interval(truth: NDArray, scores: NDArray, window: NDArray) -> list[float]:
    n = int(window.max()) + 1
    drawn = []
    for rows in _resampled(n):
        weights = np.bincount(rows, minlength=n)[window]
        drawn.append(roc_auc_score(truth, scores, sample_weight=weights))
    return [float(roc_auc_score(truth, scores)), *_interval(drawn)]


def _resampled(n: int) -> list[NDArray[np.int64]]:
    rng = np.random.default_rng(0)
    return [rng.integers(0, n, n) for _ in range(DRAWS)]


def _interval(drawn: Sequence[float]) -> list[float]:
    return [float(value) for value in np.quantile(drawn, [0.025, 0.975])]
