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
    width : (P,) int64
        Bases of the core.
    cwm : (P, 2, W, 5) float64
        Mean contribution of A, C, G, T and N, times the sign, along the plus strand of the genome,
        for an instance on the plus strand and for one on the minus strand; 0 for N and beyond the
        core.
    best : (P,) float64
        Sum over the core of the largest value at each base: what the best sequence reaches.
    """

    names: tuple[str, ...]
    sign: NDArray[np.int64]
    width: NDArray[np.int64]
    cwm: NDArray[np.float64]
    best: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of patterns."""
        return len(self.names)


@dataclass(frozen=True)
class Seqlets:
    """The n seqlets of a pattern, in its direction: codes and contributions of the bases (n, L)."""

    codes: NDArray[np.int8]
    contributions: NDArray[np.float32]


def read_cores(path: str | Path) -> tuple[Cores, list[Seqlets]]:
    """Read the cores of all patterns of a motif file, and the seqlets of each pattern.

    Raises
    ------
    InputError
        As `deeplift_genomics.motifs.patterns.read_motifs`.
    """
    patterns, seqlets = [], []
    for pattern, contributions in read_seqlet_contributions(path):
        patterns.append(trimmed(pattern, flank=0))
        seqlets.append(Seqlets(codes_of(pattern.sequence), contributions))
    return pack(patterns), seqlets


def pack(cores: Sequence[Pattern]) -> Cores:
    """Pack trimmed patterns into arrays."""
    longest = max(map(len, cores), default=0)
    cwm = np.zeros((len(cores), 2, longest, _LETTERS))
    for index, core in enumerate(cores):
        cwm[index, 0, : len(core), :4] = core.sign * core.cwm
        cwm[index, 1, : len(core), :4] = core.sign * core.cwm[::-1, ::-1]
    return Cores(
        names=tuple(core.name for core in cores),
        sign=np.array([core.sign for core in cores], dtype=np.int64),
        width=np.array([len(core) for core in cores], dtype=np.int64),
        cwm=cwm,
        best=cwm[:, 0].max(axis=2).sum(axis=1),
    )
