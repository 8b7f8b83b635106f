"""Comparison of motifs by the algorithm TOMTOM, of which this module alone calls memelite.

Source: Gupta et al. 2007, Quantifying similarity between motifs, Genome Biology 8:R24, with the
complete score of Tanaka et al. 2011, Improved similarity scores for comparing motifs,
Bioinformatics 27:1603.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.motifs.compiled import import_tomtom

Matrices = Sequence[NDArray[np.float64]]


class Comparison(NamedTuple):
    """The best alignment of each of Q queries with each of T targets; all arrays are (Q, T).

    Attributes
    ----------
    p
        Probability that a target made of columns drawn from all targets aligns as well, in either
        orientation; it is two-sided in that sense, 1 - (1 - p)^2.
    offset
        Base of the query at which the target begins, turned where `reverse` says so; it is negative
        if the target begins before the query.
    overlap
        Bases that both have in common.
    reverse
        Whether the target is turned to its reverse complement. Where both ways are equally good,
        as for a palindrome, it is not.
    """

    p: NDArray[np.float64]
    offset: NDArray[np.int64]
    overlap: NDArray[np.int64]
    reverse: NDArray[np.bool_]


def compare(
    queries: Matrices, targets: Matrices, threads: int = 1, *, background: Matrices = ()
) -> Comparison:
    """Compare matrices (W, 4) of base probabilities, A C G T, each query with each target.

    The result for one query does not depend on the other queries. It depends on the columns of all
    targets, from which the distribution of scores is made: give as targets, or as targets and
    background, a few dozen matrices or more.

    Parameters
    ----------
    threads
        Threads of numba. The environment variable NUMBA_NUM_THREADS, where set, is the limit.
    background
        Further matrices whose columns count for the distribution of scores, and that are not
        compared themselves.
    """
    shape = (len(queries), len(targets))
    if 0 in shape:
        return Comparison(
            np.ones(shape),
            np.zeros(shape, dtype=np.int64),
            np.zeros(shape, dtype=np.int64),
            np.zeros(shape, dtype=np.bool_),
        )
    found = _tomtom(queries, [*targets, *background], threads)
    n = len(targets) + len(background)
    forward, backward = found[:, :, : shape[1]], found[:, :, n : n + shape[1]]
    reverse = backward[1] > forward[1]  # by score
    p, _, shift, overlap, _ = np.where(reverse, backward, forward)
    p = np.clip(p, 0, 1)
    return Comparison(p * (2 - p), -shift.astype(np.int64), overlap.astype(np.int64), reverse)


def _tomtom(queries: Matrices, targets: Matrices, threads: int) -> NDArray[Any]:
    """Return p, score, shift, overlap and strand (5, Q, 2 T) for the targets, then turned ones.

    memelite would merge both orientations itself, but turns a palindrome. Its hashing of similar
    columns is switched off: with it, p depends on the order of the targets, and is not faster.
    """
    import numba

    tomtom = import_tomtom()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="tomtom was given")  # of few targets
        return tomtom(
            [_transposed(matrix) for matrix in queries],
            [_transposed(matrix[::step, ::step]) for step in (1, -1) for matrix in targets],
            n_target_bins=None,
            reverse_complement=False,
            n_jobs=min(threads, numba.config.NUMBA_NUM_THREADS),
        )


def _transposed(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.ascontiguousarray(matrix.T, dtype=np.float64)


def _warm() -> None:
    """Compare made-up matrices of many widths and kinds, so that all is compiled and kept."""
    random = np.random.default_rng(0)
    matrices = [
        random.dirichlet([spread] * 4, size=width)
        for spread in (0.02, 0.2, 1.0, 20.0)
        for width in (1, 2, 5, 8, 13, 21, 34, 60)
    ]
    for threads in (1, 2):
        compare(matrices, matrices, threads)


if __name__ == "__main__":
    _warm()
