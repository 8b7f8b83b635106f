"""The compiled part of the scan: the scores of a core at a place, and the places that pass.

At a place with the bases s_j and their contributions a_j, a core with the CWM C has three scores.
All of them take C and a times the pattern's sign; sums go over the bases j of the core, and over
the letters b.

match
    sum_j C[j, s_j] / sum_j max_b C[j, b].
similarity
    The continuous Jaccard similarity of C and A, each divided by its sum of absolute values, where
    A[j, b] is a_j for b = s_j and 0 otherwise: sum sign(A C) min(\\|A\\|, \\|C\\|) divided by
    sum max(\\|A\\|, \\|C\\|) (Avsec et al., Nature Genetics 53:354, 2021).
contribution
    sum_j a_j. Times the similarity it is what the pattern explains at the place.

Numba takes all arguments by position.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.dna.shuffle import compiled

MATCH, SIMILARITY, CONTRIBUTION = 0, 1, 2  # columns of scores
EXPLAINED = 2  # the last column of cutoffs, where scores have the contribution
ROW, START, PATTERN, STRAND = 0, 1, 2, 3  # columns of places


@compiled
def _matched(codes: Any, start: Any, cwm: Any, width: Any) -> Any:
    """Return sum_j C[j, s_j]."""
    total = 0.0
    for j in range(width):
        total += cwm[j, codes[start + j]]
    return total


# Positional: see above.
@compiled
def _similarity(codes: Any, values: Any, sign: Any, start: Any, cwm: Any, width: Any) -> Any:
    """Return the continuous Jaccard similarity of a core and the contributions at a place."""
    size, of_core = 0.0, 0.0
    for j in range(width):
        size += abs(values[start + j])
        for base in range(4):
            of_core += abs(cwm[j, base])
    if size == 0.0 or of_core == 0.0:
        return 0.0
    shared, either = 0.0, 1.0  # as if A were 0 everywhere; corrected at the bases that are there
    for j in range(width):
        here = sign * values[start + j] / size
        there = cwm[j, codes[start + j]] / of_core
        least, most = min(abs(here), abs(there)), max(abs(here), abs(there))
        shared += least if here * there > 0 else -least
        either += most - abs(there)
    return shared / either


@compiled
def _contribution(values: Any, sign: Any, start: Any, width: Any) -> Any:
    """Return sum_j a_j, times the sign."""
    total = 0.0
    for j in range(width):
        total += values[start + j]
    return sign * total


# Positional: see above.
@compiled
def score_seqlets(
    codes: Any, values: Any, cwm: Any, width: Any, sign: Any, best: Any, scores: Any
) -> None:
    """Score each seqlet where similarity times contribution is largest, on either strand.

    A similarity or a contribution below 0 counts as 0: such a place explains nothing, least of all
    where both are.

    Parameters
    ----------
    codes, values
        Bases and contributions (n, L).
    cwm, width, sign, best
        Those of one pattern in `Cores`.
    scores
        Filled with match, similarity, and contribution times the sign (n, 3).
    """
    for row in range(codes.shape[0]):
        top = -np.inf
        for strand in range(2):
            for start in range(codes.shape[1] - width + 1):
                alike = max(
                    0.0, _similarity(codes[row], values[row], sign, start, cwm[strand], width)
                )
                size = max(0.0, _contribution(values[row], sign, start, width))
                if alike * size > top:
                    top = alike * size
                    scores[row, MATCH] = _matched(codes[row], start, cwm[strand], width) / best
                    scores[row, SIMILARITY] = alike
                    scores[row, CONTRIBUTION] = size


# Positional: see above.
@compiled
def scan_rows(
    codes: Any, values: Any, cells: Any, cwm: Any, width: Any, sign: Any, best: Any, cutoffs: Any,
    places: Any, scores: Any,
) -> Any:  # fmt: skip
    """Find the places of all cores that reach the cutoffs, and return how many there are.

    Parameters
    ----------
    codes, values
        Bases and contributions of the rows (n, L).
    cells
        Smallest and largest start + end, from the row's first base, of its own places (n, 2).
    cwm, width, sign, best
        Those of `Cores`.
    cutoffs
        Least match, similarity, and explained contribution, of each pattern (P, 3). Places whose
        similarity is not above 0 are none.
    places, scores
        Filled with row, start, pattern and strand (K, 4), and the three scores, with the
        contribution as it is (K, 3). Places beyond K are only counted.
    """
    found, length = 0, codes.shape[1]
    running = np.zeros(length + 1)
    for row in range(codes.shape[0]):
        for j in range(length):
            running[j + 1] = running[j] + values[row, j]
        for pattern in range(len(width)):
            w, least = width[pattern], cutoffs[pattern]
            # a sum in another order differs in its last digits
            enough = least[EXPLAINED] - 1e-9 * abs(least[EXPLAINED])
            first = max(0, (cells[row, 0] - w + 1) // 2)
            last = min(length - w, (cells[row, 1] - w) // 2)
            for start in range(first, last + 1):
                size = running[start + w] - running[start]
                if sign[pattern] * size < enough:  # the similarity is 1 at most
                    continue
                for strand in range(2):
                    core = cwm[pattern, strand]
                    match = _matched(codes[row], start, core, w) / best[pattern]
                    if match < least[MATCH]:
                        continue
                    alike = _similarity(codes[row], values[row], sign[pattern], start, core, w)
                    if alike <= 0 or alike < least[SIMILARITY]:
                        continue
                    if alike * sign[pattern] * size < enough:
                        continue
                    if found < len(places):
                        places[found, ROW], places[found, START] = row, start
                        places[found, PATTERN], places[found, STRAND] = pattern, strand
                        scores[found, MATCH], scores[found, SIMILARITY] = match, alike
                        scores[found, CONTRIBUTION] = _contribution(values[row], 1, start, w)
                    found += 1
    return found
