"""Where a sequence matches a motif as well as the motif's instances do.

The match is that of the scan for instances, and so is the cutoff of each pattern. A sequence that
does not reach it holds no instance, whatever its contributions are.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.cores import read_cores
from deeplift_genomics.instances.cutoffs import find_cutoffs
from deeplift_genomics.instances.kernel import MATCH
from deeplift_genomics.motifs.names import labels_of
from deeplift_genomics.motifs.patterns import read_motif_attributes
from deeplift_genomics.settings.motif_sections import Instances

_ROUNDING = 1e-9  # a sum in another order differs in its last digits


class Core(NamedTuple):
    """The core of a pattern: its motif, its match at each base on both strands, and its cutoff.

    `scores` is (2, W, 5), for A, C, G, T and N; a match is the sum over W bases.
    """

    motif: str
    scores: NDArray[np.float64]
    cutoff: float


class Match(NamedTuple):
    """A place that matches: number of the core, first base, and whether it is on minus."""

    core: int
    start: int
    minus: bool


class Matcher:
    """The motifs of a sample, to find in sequences."""

    def __init__(self, cores: Sequence[Core]) -> None:
        self.cores = tuple(cores)

    def find(self, codes: NDArray[np.int8], first: int, last: int) -> set[Match]:
        """Return the matches in a sequence (L,) that share a base with [first, last)."""
        return {
            Match(number, start, bool(minus))
            for number, core in enumerate(self.cores)
            for minus, scores in enumerate(core.scores)
            for start in _starts(codes, scores, core.cutoff, (first, last))
        }

    def motif(self, match: Match) -> str:
        """Return the motif of a match."""
        return self.cores[match.core].motif


def _starts(
    codes: NDArray[np.int8], scores: NDArray[np.float64], cutoff: float, span: tuple[int, int]
) -> list[int]:
    """Return the first bases of a core's matches on a strand."""
    width = len(scores)
    begin = max(span[0] - width + 1, 0)
    part = codes[begin : span[1] + width - 1]
    if len(part) < width:
        return []
    places = np.lib.stride_tricks.sliding_window_view(part, width)
    found = scores[np.arange(width), places].sum(axis=1) >= cutoff - _ROUNDING
    return (np.flatnonzero(found) + begin).tolist()


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
            width, best = int(cores.width[i]), cores.best[i]
            # a pattern of which no sequence is the best one matches everywhere or nowhere
            if np.isfinite(best) and cutoffs[i] > 0:
                scores = cores.cwm[i, :, :width] / best
                found.append(Core(named[name].motif, scores, float(cutoffs[i])))
    return Matcher(found)
