"""The core of each pattern, packed for the compiled scan, and the scores of its own seqlets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import codes_of
from deeplift_genomics.motifs.patterns import Pattern, read_seqlet_contributions, trimmed

LETTERS = 5  # A C G T and unknown, which contributes nothing


@dataclass(frozen=True)
class Cores:
    """The trimmed CWMs of P patterns, each of up to W bases, on both strands.

    Attributes
    ----------
    names
        Names of the patterns.
    sign, width : (P,)
        1 or -1; bases of the core.
    cwm : (P, 2, W, 5) float64
        The CWM that reads along the genome's plus strand, for an instance on the plus and on the
        minus strand; of the letters A C G T N. Beyond the width and at N it is 0.
    """

    names: tuple[str, ...]
    sign: NDArray[np.int8]
    width: NDArray[np.int32]
    cwm: NDArray[np.float64]

    def __len__(self) -> int:
        """Return the number of patterns."""
        return len(self.names)


@dataclass(frozen=True)
class Seqlets:
    """The cores of a pattern's n seqlets, in the direction of the pattern: codes, contributions."""

    codes: NDArray[np.int8]
    contributions: NDArray[np.float32]


def read_cores(path: str | Path) -> tuple[Cores, list[Seqlets]]:
    """Read the patterns of a motif file, trimmed, and the seqlets of each.

    Raises
    ------
    InputError
        As `deeplift_genomics.motifs.patterns.read_motifs`.
    """
    patterns, seqlets = [], []
    for pattern, contributions in read_seqlet_contributions(path):
        core = trimmed(pattern, flank=0)
        first = int(core_offset(pattern, core))
        patterns.append(core)
        inside = slice(first, first + len(core))
        seqlets.append(Seqlets(codes_of(core.sequence), contributions[:, inside]))
    return pack(patterns), seqlets


def core_offset(pattern: Pattern, core: Pattern) -> int:
    """Return how many bases of a pattern are before its core."""
    if core.is_revcomp[0]:
        return int(pattern.end[0] - core.end[0])
    return int(core.start[0] - pattern.start[0])


def pack(cores: Sequence[Pattern]) -> Cores:
    """Pack trimmed patterns into arrays."""
    longest = max(map(len, cores), default=0)
    cwm = np.zeros((len(cores), 2, longest, LETTERS))
    for index, core in enumerate(cores):
        cwm[index, 0, : len(core), :4] = core.cwm
        cwm[index, 1, : len(core), :4] = core.cwm[::-1, ::-1]
    return Cores(
        names=tuple(core.name for core in cores),
        sign=np.array([core.sign for core in cores], dtype=np.int8),
        width=np.array([len(core) for core in cores], dtype=np.int32),
        cwm=cwm,
    )
