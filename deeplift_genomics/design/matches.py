"""Where a sequence matches a motif as well as the motif's instances do.

The match is that of the scan for instances, and so is the cutoff of each pattern: a sequence that
does not reach it holds no instance, whatever its contributions are. A pattern of weak or few
seqlets may have a cutoff that every tenth place reaches. Such a match tells nothing, so that one
that is to be avoided must also be rare: reached by a random sequence with a probability of at most
`instances.match_p`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.shuffle import compiled
from deeplift_genomics.instances.cores import read_cores
from deeplift_genomics.instances.cutoffs import find_cutoffs, match_by_chance
from deeplift_genomics.instances.kernel import MATCH
from deeplift_genomics.motifs.names import labels_of
from deeplift_genomics.motifs.patterns import read_motif_attributes
from deeplift_genomics.settings.motif_sections import Instances

_ROUNDING = 1e-9  # a sum in another order differs in its last digits
_ROOM = 256  # matches; more are looked for again


class Core(NamedTuple):
    """The core of a pattern.

    Attributes
    ----------
    motif
        Label of its motif.
    scores
        What each base adds to the match, for A, C, G, T and N, on both strands (2, W, 5).
    cutoff
        Least match of an instance.
    rare
        Least match of an instance that is rare, too; above 1 if not even the best sequence is.
    """

    motif: str
    scores: NDArray[np.float64]
    cutoff: float
    rare: float


class Match(NamedTuple):
    """A place that matches: number of the core, first base, and whether it is on minus."""

    core: int
    start: int
    minus: bool


class Matcher:
    """The motifs of a sample, to find in sequences."""

    def __init__(self, cores: Sequence[Core]) -> None:
        self.cores = tuple(cores)
        longest = max((core.scores.shape[1] for core in cores), default=1)
        self._scores = np.zeros((len(cores), 2, longest, 5))
        for i, core in enumerate(cores):
            self._scores[i, :, : core.scores.shape[1]] = core.scores
        self._width = np.array([core.scores.shape[1] for core in cores], np.int64)
        self._cutoff = np.array([core.cutoff for core in cores]) - _ROUNDING
        self._rare = np.array([core.rare for core in cores]) - _ROUNDING

    def find(
        self, codes: NDArray[np.int8], first: int, last: int, *, rare: bool = True
    ) -> set[Match]:
        """Return the matches in a sequence (L,) that share a base with [first, last).

        With `rare` only those that are rare.
        """
        cutoff, room, found = self._rare if rare else self._cutoff, _ROOM, None
        while found is None or found > room:
            room = max(room, found or 0)
            places = np.empty((room, 3), np.int64)
            span = (first, last)
            found = int(_find(codes, span, self._scores, self._width, cutoff, places))
        return {Match(core, at, bool(minus)) for core, at, minus in places[:found].tolist()}

    def width(self, match: Match) -> int:
        """Return the number of bases of a match."""
        return int(self._width[match.core])

    def motif(self, match: Match) -> str:
        """Return the motif of a match."""
        return self.cores[match.core].motif


# Positional: Numba takes no others.
@compiled
def _find(codes: Any, span: Any, scores: Any, width: Any, cutoff: Any, places: Any) -> Any:
    """Fill `places` (K, 3) with core, start and strand of the matches, and return their number."""
    found = 0
    for core in range(len(width)):
        w = width[core]
        for start in range(max(span[0] - w + 1, 0), min(span[1], len(codes) - w + 1)):
            for minus in range(2):
                total = 0.0
                for j in range(w):
                    total += scores[core, minus, j, codes[start + j]]
                if total >= cutoff[core]:
                    if found < len(places):
                        places[found, 0], places[found, 1] = core, start
                        places[found, 2] = minus
                    found += 1
    return found


def read_matcher(motif_files: Sequence[Path], labels: Path, settings: Instances) -> Matcher:
    """Return the motifs of all targets of a sample.

    Parameters
    ----------
    motif_files
        The motif file of each target.
    labels
        The sample's motif table.
    settings
        Those with which instances are called.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run.
    """
    found = []
    for path in motif_files:
        cores, seqlets = read_cores(path)
        cutoffs = find_cutoffs(cores, seqlets, settings)[:, MATCH]
        named = labels_of(labels, str(read_motif_attributes(path).get("target", "")), cores.names)
        for i, name in enumerate(cores.names):
            scores = cores.cwm[i, :, : cores.width[i]] / cores.best[i]
            cutoff = float(cutoffs[i])
            chance = match_by_chance(scores[0, :, :4], settings.match_p)
            found.append(Core(named[name].motif, scores, cutoff, max(cutoff, chance)))
    return Matcher(found)
