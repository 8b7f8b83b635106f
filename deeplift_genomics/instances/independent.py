"""How far instances would be from each other if motifs were placed independently.

An instance of motif a would then be as far from one of motif b in its own window as from those in
all other windows, where positions count from the centres of the windows. So the pairs that share a
window are compared with all pairs that do not.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.instances.near_pairs import (
    DISTANCES,
    FURTHEST,
    OPPOSITE,
    SAME,
    Pairs,
    middles,
    tabulate,
)  # fmt: skip

BIN = 10  # bp within which positions count as equally likely
EXACT = 3000  # bp of the longest windows whose positions are compared base by base, too


class Background:
    """How far instances in different windows are from each other."""

    def __init__(self, columns: Columns, length: int) -> None:
        self._number = np.bincount(columns.motif, minlength=len(columns.motifs))
        self._ahead = np.where(columns.minus, -1, 1)
        self._bin = middles(columns) // (2 * BIN)
        self._smooth = _differences(columns, 2 * BIN, FURTHEST // BIN + 1)
        exact = length <= EXACT
        self._exact = _differences(columns, 1, 2 * FURTHEST + 1) if exact else None
        self._anywhere = 1 / (2 * (2 * length - 1))

    def shares(
        self, a: int, b: int, near: Pairs, *, allowed: NDArray[np.bool_], sharing: int
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the share of pairs that is expected, (2, 301), and the most that could be.

        Parameters
        ----------
        near
            The near pairs that share a window.
        allowed
            Which distances can be.
        sharing
            Number of pairs that share a window.
        """
        smooth = most = self._of_bins(a, b, near)
        if self._exact is not None:
            # the distances of half bases, rounded down
            of_bases = self._exact[a, b, :, 1:].reshape(2, len(DISTANCES), 2).sum(axis=2)
            most = np.maximum(smooth, of_bases - near.counts())
        excluded = np.where(allowed, 0, smooth).sum()
        elsewhere = int(self._number[a]) * int(self._number[b]) - sharing - excluded
        first, second = (
            np.where(allowed, (found + self._anywhere) / (elsewhere + 1), 0)
            for found in (smooth, most)
        )
        return first, second

    def _of_bins(self, a: int, b: int, near: Pairs) -> NDArray[np.float64]:
        """Return the smoothed number of pairs of different windows, (2, 301).

        The difference of two positions that are equally likely in their bins has a triangular
        distribution: its density is interpolated between whole differences of bins.
        """
        most = FURTHEST // BIN + 1
        ahead = self._ahead[near.a] * (self._bin[near.b] - self._bin[near.a])
        apart = self._smooth[a, b] - tabulate(near.opposite, ahead, most)
        at = BIN * np.arange(-most, most + 1)
        return np.stack([np.interp(DISTANCES, at, values) / BIN for values in apart])


def _differences(columns: Columns, unit: int, most: int) -> NDArray[np.float64]:
    """Return how many pairs of any windows differ by each number of units of up to `most`.

    Parameters
    ----------
    unit
        Half bases.

    Returns
    -------
    ndarray
        (motifs, motifs, 2, 2 most + 1): by orientation and difference in the direction in which the
        first motif, with the smaller number, reads; the other half is not filled.
    """
    motifs = len(columns.motifs)
    place = middles(columns) // unit
    half = int(np.abs(place).max(initial=0)) + most + 1
    shape = (2, motifs, 2 * half)
    code = np.ravel_multi_index((columns.minus * 1, columns.motif, place + half), shape)
    counts = np.bincount(code, minlength=math.prod(shape)).reshape(shape)
    # two numbers of places are correlated by way of their spectra
    size = 1 << (4 * half - 1).bit_length()
    plus, minus = np.fft.rfft(counts, size)
    ahead = np.arange(-most, most + 1)
    found = np.zeros((motifs, motifs, 2, len(ahead)))

    def correlate(one: NDArray[np.complex128], others: NDArray[np.complex128]) -> NDArray:
        return np.rint(np.fft.irfft(one.conj() * others, size)[:, ahead])

    for a in range(motifs - 1):
        b = slice(a + 1, None)
        back = (slice(None), slice(None, None, -1))
        found[a, b, SAME] = correlate(plus[a], plus[b]) + correlate(minus[a], minus[b])[back]
        found[a, b, OPPOSITE] = correlate(plus[a], minus[b]) + correlate(minus[a], plus[b])[back]
    return found
