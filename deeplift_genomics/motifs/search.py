"""The search for parts of patterns among known motifs: TOMTOM, q-values, and correlation.

Each part is compared by two matrices: its base frequencies (PFM), and a PFM derived from its CWM,
which shows what the model uses and not what happens to be beside it. Base frequencies at a site are
taken to grow exponentially with a base's contribution, as they do with its binding energy (Berg and
von Hippel 1987, Selection of DNA binding sites by regulatory proteins, Journal of Molecular Biology
193:723):

::

    p_ib = exp(beta c_ib) / sum_b exp(beta c_ib)

where c_ib is the contribution of base b at position i, times the pattern's sign. One beta for all
positions gives the derived PFM the information content of the PFM itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.motifs.known import Database
from deeplift_genomics.motifs.matches import CWM, PFM
from deeplift_genomics.motifs.patterns import Pattern, cut
from deeplift_genomics.motifs.tomtom import compare

_LARGEST_BETA = 200.0  # with contributions scaled to 1
_HALVINGS = 50  # of the interval in which beta is looked for
EQUAL = 0.25  # frequency of a base without a preference


class Part(NamedTuple):
    """The bases [first, last) of a pattern."""

    pattern: Pattern
    first: int
    last: int

    def matrices(self) -> dict[str, NDArray[np.float64]]:
        """Return the matrices (W, 4) by which the part is compared, by source."""
        inner = cut(self.pattern, self.first, self.last)
        return {PFM: inner.ppm, CWM: pfm_of_cwm(inner)}


class Hit(NamedTuple):
    """A part that is like a matrix of the database.

    Attributes
    ----------
    matrix
        Index in `Database.matrices`.
    source
        ``PFM`` or ``CWM``.
    p, q
        p-value, and q-value for the whole database.
    offset
        Base of the whole pattern at which the matrix begins, turned if `reverse`.
    overlap
        Bases in common.
    reverse
        Whether the matrix is turned.
    """

    matrix: int
    source: str
    p: float
    q: float
    offset: int
    overlap: int
    reverse: bool


def pfm_of_cwm(pattern: Pattern) -> NDArray[np.float64]:
    """Return base frequencies (W, 4) derived from the contributions of a pattern."""
    size = np.abs(pattern.cwm).max()
    scaled = pattern.cwm * pattern.sign / (size if size else 1)
    wanted = _information(pattern.ppm)
    low, high = 0.0, _LARGEST_BETA
    for _ in range(_HALVINGS):
        beta = (low + high) / 2
        low, high = (beta, high) if _information(_softmax(beta * scaled)) < wanted else (low, beta)
    return _softmax(high * scaled)


def search(
    parts: Sequence[Part],
    database: Database,
    *,
    max_q: float,
    min_correlation: float,
    threads: int = 1,
) -> list[list[Hit]]:
    """Return the hits of each part, best first.

    The p-value of the better of the two matrices is corrected for the choice among two, as TOMTOM
    does for the two orientations: 1 - (1 - p)^2. The q-values are those of Benjamini and Hochberg
    1995 over all matrices of the database.

    Parameters
    ----------
    max_q
        Largest q-value of a hit.
    min_correlation
        Smallest `correlation` of a hit. TOMTOM counts two bases without a preference as a match, so
        that long runs of them are significant, although they tell nothing.
    """
    if not parts:
        return []
    from scipy.stats import false_discovery_control

    of_parts = [part.matrices() for part in parts]
    by_source = {
        source: compare([of_one[source] for of_one in of_parts], database.matrices, threads)
        for source in (PFM, CWM)
    }
    better = by_source[CWM].p < by_source[PFM].p
    p = np.where(better, by_source[CWM].p, by_source[PFM].p)
    p *= 2 - p
    q = false_discovery_control(p, axis=1)

    def hit(row: int, index: int) -> Hit:
        source = CWM if better[row, index] else PFM
        _, offset, overlap, reverse = (values[row, index].item() for values in by_source[source])
        begin = parts[row].first + offset
        return Hit(
            index, source, p[row, index].item(), q[row, index].item(), begin, overlap, reverse
        )

    def agrees(row: int, hit: Hit) -> bool:
        begin = hit.offset - parts[row].first
        return correlation(of_parts[row][hit.source], as_laid(hit, database), begin) >= (
            min_correlation
        )

    return [
        [
            found
            for index in np.argsort(p[row], kind="stable").tolist()
            if q[row, index] <= max_q
            for found in [hit(row, index)]
            if agrees(row, found)
        ]
        for row in range(len(parts))
    ]


def as_laid(hit: Hit, database: Database) -> NDArray[np.float64]:
    """Return the matrix (W, 4) of a hit, turned if need be."""
    matrix = database.matrices[hit.matrix]
    return matrix[::-1, ::-1] if hit.reverse else matrix


def correlation(
    one: NDArray[np.float64], other: NDArray[np.float64], offset: int, span: slice = slice(None)
) -> float:
    """Return the correlation of two matrices (W, 4) over the bases that they have in common.

    It is sum (p - 1/4)(q - 1/4) / sqrt(sum (p - 1/4)^2 sum (q - 1/4)^2): bases without a preference
    add nothing to it. It is 0 where one of the two has no others.

    Parameters
    ----------
    offset
        Base of the first at which the second begins.
    span
        Bases of the first that count.
    """
    begin, end, _ = span.indices(len(one))
    begin, end = max(begin, offset), min(end, offset + len(other))
    a = one[begin:end] - EQUAL
    b = other[max(begin - offset, 0) : max(end - offset, 0)] - EQUAL
    if begin >= end:
        return 0.0
    size = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / size if size else 0.0


def _softmax(values: NDArray[np.float64]) -> NDArray[np.float64]:
    grown = np.exp(values - values.max(axis=1, keepdims=True))
    return grown / grown.sum(axis=1, keepdims=True)


def _information(ppm: NDArray[np.float64]) -> float:
    """Return the information content (bits) of base frequencies, summed over the positions."""
    logarithm = np.log2(ppm, out=np.zeros_like(ppm), where=ppm > 0)
    return float(2 * len(ppm) + (ppm * logarithm).sum())
