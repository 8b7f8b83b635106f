"""The cutoffs of a pattern: the least match, similarity and explained contribution of an instance.

They come from the pattern's own seqlets, each scored at its best place, in two steps.

1. Which seqlets count. TF-MoDISco's patterns hold seqlets that only resemble the pattern. A seqlet
   counts if a random sequence of its length matches as well with a probability of at most
   `instances.match_p`; the better half of the seqlets always counts. Of these, the weakest are
   left out, which together hold the share `instances.weakest` of what the pattern explains: of
   similarity times contribution.
2. The cutoffs. The explained contribution is that of the weakest seqlet left. Match and similarity
   are the quantile `instances.worst` of the seqlets left.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.cores import Cores, Seqlets
from deeplift_genomics.instances.kernel import (
    CONTRIBUTION,
    EXPLAINED,
    MATCH,
    SIMILARITY,
    score_seqlets,
)
from deeplift_genomics.settings.motif_sections import Instances

_STEPS = 1000  # of the match, in which its probabilities are counted


def find_cutoffs(
    cores: Cores, seqlets: Sequence[Seqlets], settings: Instances
) -> NDArray[np.float64]:
    """Return the cutoffs (P, 3) of each pattern: match, similarity, explained contribution."""
    cutoffs = np.zeros((len(cores), 3))
    for index, own in enumerate(seqlets):
        width, best = cores.width[index], cores.best[index]
        cwm, scores = cores.cwm[index], np.zeros((len(own.codes), 3))
        score_seqlets(own.codes, own.contributions, cwm, width, cores.sign[index], best, scores)
        chance = match_by_chance(cwm[0, :width, :4] / best, settings.match_p)
        cutoffs[index] = cutoffs_of(scores, chance, settings)
    return cutoffs


def cutoffs_of(
    scores: NDArray[np.float64], chance: float, settings: Instances
) -> NDArray[np.float64]:
    """Return the cutoffs (3,) from the scores (n, 3) of a pattern's seqlets.

    Parameters
    ----------
    chance
        Match that random sequences rarely reach.
    """
    scores = scores[scores[:, MATCH] >= min(chance, np.median(scores[:, MATCH]))]
    explained = scores[:, SIMILARITY] * scores[:, CONTRIBUTION]
    least = _weakest(explained, settings.weakest)
    cutoffs = np.quantile(scores[explained >= least], settings.worst, axis=0, method="lower")
    cutoffs[EXPLAINED] = least
    return cutoffs


def _weakest(sizes: NDArray[np.float64], share: float) -> float:
    """Return the least size that is left when the smallest, with that share of all, are not."""
    order = np.sort(np.maximum(sizes, 0))
    held = np.cumsum(order)
    return float(order[min(np.searchsorted(held, share * held[-1], "right"), len(order) - 1)])


def match_by_chance(cwm: NDArray[np.float64], p: float) -> float:
    """Return the least match that a random sequence reaches with a probability of at most `p`.

    Bases are independent and equally frequent. Probabilities are exact up to the rounding of each
    base's share of the match to a thousandth (Staden, CABIOS 5:89, 1989). It is more than 1 if even
    the best sequence is more probable than `p`.

    Parameters
    ----------
    cwm
        Share of the match that each letter has at each base, (W, 4); the largest sum is 1.
    """
    steps = np.rint((cwm - cwm.min(axis=1, keepdims=True)) * _STEPS).astype(int)
    chances = np.ones(1)  # of each number of steps
    for of_base in steps:
        longer = np.zeros(len(chances) + of_base.max())
        for step in of_base:
            longer[step : step + len(chances)] += chances / 4
        chances = longer
    at_least = np.append(np.cumsum(chances[::-1])[::-1], 0)
    return float(np.argmax(at_least <= p) / _STEPS + cwm.min(axis=1).sum())
