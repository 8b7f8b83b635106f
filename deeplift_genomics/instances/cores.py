"""The cores of the patterns, packed for the compiled scan, and the seqlets they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.motifs.patterns import Pattern, read_seqlet_contributions, trimmed

_LETTERS = 5  # A C G T and unknown, whose contribution is 0


@dataclass(frozen=True)
class Cores:
    """The trimmed CWMs of P patterns, each of up to W bases, on both strands.

    Attributes
    ----------
    names
        Name of each pattern: ``pos_0``, ``neg_0``, ...
    sign : (P,) int64
        1 or -1: whether the pattern raises or lowers the target.
    width, before, after : (P,) int64
        Bases of the core, and of the pattern before and after its core.
    cwm : (P, 2, W, 5) float64
        Mean contribution of A, C, G, T and N, times the sign, along the plus strand of the genome,
        for an instance on the plus strand and for one on the minus strand; 0 for N and beyond the
        core.
    best : (P,) float64
        Sum over the core of the largest value at each base: what the best sequence reaches.
        Infinite where that is not above 0.
    """

    names: tuple[str, ...]
    sign: NDArray[np.int64]
    width: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    cwm: NDArray[np.float64]
    best: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of patterns."""
        return len(self.names)


@dataclass(frozen=True)
class Seqlets:
    """The n seqlets of a pattern, in its direction: codes and contributions of the bases (n, L)."""

    codes: NDArray[np.int8]
    contributions: NDArray[np.float64]


def read_cores(path: str | Path) -> tuple[Cores, list[Seqlets]]:
    """Read the cores of all patterns of a motif file, and the seqlets of each pattern.

    Raises
    ------
    InputError
        As `deeplift_genomics.motifs.patterns.read_motifs`.
    """
    patterns, seqlets = [], []
    for pattern, contributions in read_seqlet_contributions(path):
        patterns.append(pattern)
        seqlets.append(Seqlets(codes_of(pattern.sequence), contributions))
    return pack(patterns), seqlets


def pack(patterns: Sequence[Pattern]) -> Cores:
    """Cut patterns to their cores, and put these into arrays."""
    cores = [trimmed(pattern, flank=0) for pattern in patterns]
    longest = max(map(len, cores), default=0)
    cwm = np.zeros((len(cores), 2, longest, _LETTERS))
    ends = np.zeros((len(cores), 2), dtype=np.int64)
    for index, (pattern, core) in enumerate(zip(patterns, cores, strict=True)):
        cwm[index, 0, : len(core), :4] = core.sign * core.cwm
        cwm[index, 1, : len(core), :4] = core.sign * core.cwm[::-1, ::-1]
        cut = core.start[0] - pattern.start[0], pattern.end[0] - core.end[0]
        ends[index] = cut[::-1] if core.is_revcomp[0] else cut
    best = cwm[:, 0].max(axis=2, initial=0).sum(axis=1)
    return Cores(
        names=tuple(core.name for core in cores),
        sign=np.array([core.sign for core in cores], dtype=np.int64),
        width=np.array([len(core) for core in cores], dtype=np.int64),
        before=ends[:, 0],
        after=ends[:, 1],
        cwm=cwm,
        best=np.where(best > 0, best, np.inf),
    )
