"""The compiled scan: scores of a core at a place, and the places that pass all cutoffs.

At a place with the bases s_j and their contributions a_j, a core with the CWM C (sums over its
bases j, and over the four letters b) has three scores:

- match: sum_j C[j, s_j] / sum_j max_b C[j, b], with -C for C where the pattern lowers the target;
- similarity: the continuous Jaccard similarity of C and the contributions A[j, b], which are a_j
  at b = s_j and 0 elsewhere, each divided by its sum of absolute values:
  sum sign(A C) min(|A|, |C|) / sum max(|A|, |C|) (Avsec et al., Nature Genetics 53:354, 2021);
- contribution: sum_j a_j.

Numba takes all arguments by position.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.dna.shuffle import compiled


@compiled
def matched(codes: Any, start: Any, cwm: Any, width: Any) -> Any:
    """Return sum_j C[j, s_j]."""
    total = 0.0
    for j in range(width):
        total += cwm[j, codes[start + j]]
    return total


@compiled
def similarity(codes: Any, contributions: Any, start: Any, cwm: Any, width: Any) -> Any:
    """Return the continuous Jaccard similarity of a core and the contributions at a place."""
    size, of_core = 0.0, 0.0
    for j in range(width):
        size += abs(contributions[start + j])
        for base in range(4):
            of_core += abs(cwm[j, base])
    if size == 0.0 or of_core == 0.0:
        return 0.0
    shared, either = 0.0, 1.0  # all letters of the core, then corrected at the observed ones
    for j in range(width):
        here = contributions[start + j] / size
        there = cwm[j, codes[start + j]] / of_core
        least, most = min(abs(here), abs(there)), max(abs(here), abs(there))
        shared += least if here * there > 0 else -least
        either += most - abs(there)
    return shared / either


@compiled
def total(contributions: Any, start: Any, width: Any) -> Any:
    """Return sum_j a_j."""
    found = 0.0
    for j in range(width):
        found += contributions[start + j]
    return found


@compiled
def score_rows(codes: Any, contributions: Any, cwm: Any, best: Any, scores: Any) -> None:
    """Score each row (n, w), which is one place on the plus strand, into `scores` (n, 3)."""
    width = codes.shape[1]
    for row in range(codes.shape[0]):
        scores[row, 0] = matched(codes[row], 0, cwm, width) / best
        scores[row, 1] = similarity(codes[row], contributions[row], 0, cwm, width)
        scores[row, 2] = total(contributions[row], 0, width)


# Positional: see above.
@compiled
def scan_rows(
    codes: Any,
    contributions: Any,
    cwm: Any,
    width: Any,
    sign: Any,
    best: Any,
    cutoffs: Any,
    cells: Any,
    places: Any,
    scores: Any,
) -> Any:
    """Find the places of all cores in rows (n, L) and return how many there are.

    Parameters
    ----------
    codes, contributions
        Bases (n, L), and the contribution of each.
    cwm, width, sign, best
        Those of `Cores`; sum_j max_b C[j, b] of each, times the sign.
    cutoffs
        Least match, similarity and contribution (times the sign) of each pattern (P, 3).
    cells
        First and last start + end of a place, from the row's first base, that the row owns (n, 2).
    places, scores
        Filled with row, start, pattern, strand (K, 4), and the three scores (K, 3); places beyond
        K are only counted.
    """
    found = 0
    length = codes.shape[1]
    running = np.zeros(length + 1)
    for row in range(codes.shape[0]):
        for j in range(length):
            running[j + 1] = running[j] + contributions[row, j]
        for pattern in range(len(width)):
            w = width[pattern]
            least = cutoffs[pattern]
            slack = 1e-6 * abs(least[2])  # sums of another order differ in their last digits
            first = max(0, (cells[row, 0] - w + 1) // 2)
            last = min(length - w, (cells[row, 1] - w) // 2)
            for start in range(first, last + 1):
                if sign[pattern] * (running[start + w] - running[start]) < least[2] - slack:
                    continue
                for strand in range(2):
                    core = cwm[pattern, strand]
                    match = sign[pattern] * matched(codes[row], start, core, w) / best[pattern]
                    if match < least[0]:
                        continue
                    alike = similarity(codes[row], contributions[row], start, core, w)
                    if alike < least[1]:
                        continue
                    if found < len(places):
                        places[found, 0] = row
                        places[found, 1] = start
                        places[found, 2] = pattern
                        places[found, 3] = strand
                        scores[found, 0] = match
                        scores[found, 1] = alike
                        scores[found, 2] = total(contributions[row], start, w)
                    found += 1
    return found
