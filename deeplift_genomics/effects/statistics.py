"""Intervals of means, and how a motif ranks among scrambled ones.

A motif is compared with inserts that have its bases in another order. If their order made no
difference, motif and scrambled inserts would be alike, and every rank of the motif would be equally
likely: its p-value is (1 + number of scrambled inserts at least as extreme) / (1 + their number)
(Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 4.4). Whoever measures
several numbers of one motif has several chances to find an effect; the adjusted p-value is the rank
of each number among the largest number of every scrambled insert, all in units of their standard
deviation (the single-step maxT of Westfall and Young, Resampling-Based Multiple Testing, 1993).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEVEL = 0.01  # largest adjusted p-value of a verdict "has an effect"
FEWEST = 99  # scrambled inserts: with fewer, no p-value could be as low as LEVEL
RESAMPLES = 2000  # of the bootstrap
CONFIDENCE = 0.95
EFFECT, NO_EFFECT, TOO_FEW = "has an effect", "no effect seen", "too few scrambles"


class Interval(NamedTuple):
    """The mean of each number, and the ends of its bootstrap interval, (K,) each."""

    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def bootstrap(values: NDArray[np.floating], seed: int) -> Interval:
    """Return the mean of values (n, K) over n, with its 95% percentile bootstrap interval.

    The n are drawn again with replacement, together for all K. NaN where there are no values; of
    one value, the interval is that value.
    """
    values = np.asarray(values, np.float64)
    n, k = values.shape
    if n == 0:
        return Interval(*np.full((3, k), np.nan))
    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLES) / n
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn @ values, (tail, 1 - tail), axis=0)
    return Interval(values.mean(axis=0), low, high)


class Ranked(NamedTuple):
    """The p-value of each number, that adjusted for their number, and the verdict; (K,) each."""

    p_value: NDArray[np.float64]
    p_adjusted: NDArray[np.float64]
    verdict: list[str]


def rank(
    values: NDArray[np.floating], scrambled: NDArray[np.floating], *, one_sided: NDArray[np.bool_]
) -> Ranked:
    """Return how extreme a motif is among scrambled ones.

    A number is extreme if it is far from the mean of motif and scrambled inserts: that mean is what
    the bases do in any order.

    Parameters
    ----------
    values
        The motif's K numbers, (K,).
    scrambled
        Those of S scrambled inserts, (S, K), measured in the same way.
    one_sided
        Which numbers are extreme only if they are large, as distances are, (K,).
    """
    together = np.concatenate([[values], scrambled]).astype(np.float64)
    away = together - together.mean(axis=0)
    away = np.where(one_sided, away, np.abs(away))
    spread = together.std(axis=0)
    # sums of equal numbers may differ in their last digit
    near = 1e-9
    differ = spread > near * np.abs(together).max(axis=0)
    size = np.divide(away, spread, out=np.zeros_like(away), where=differ)
    number = len(scrambled)
    p_value = (1 + (size[1:] >= size[0] - near).sum(axis=0)) / (1 + number)
    largest = size[1:].max(axis=1, initial=-np.inf)
    p_adjusted = (1 + (largest[:, None] >= size[0] - near).sum(axis=0)) / (1 + number)
    if number < FEWEST:
        return Ranked(p_value, p_adjusted, [TOO_FEW] * len(values))
    return Ranked(p_value, p_adjusted, [EFFECT if p <= LEVEL else NO_EFFECT for p in p_adjusted])
