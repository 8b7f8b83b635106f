"""Motifs that read alike on both strands."""

from __future__ import annotations

import numpy as np

from deeplift_genomics.motifs.patterns import Pattern, trimmed

ALIKE = 0.8  # correlation with its own reverse complement, from which a motif reads alike
SHARED = 0.6  # share of its bases that must lie on each other


def reads_alike(pattern: Pattern) -> bool:
    """Return whether a pattern's core reads alike on both strands.

    The base frequencies, less 1/4, are correlated with those of the reverse complement, at the
    shift at which they agree best.
    """
    core = trimmed(pattern, flank=0).ppm - 0.25
    turned, width = core[::-1, ::-1], len(core)
    most = int((1 - SHARED) * width)
    found = [
        _correlation(core[max(0, shift) : width + min(0, shift)],
                     turned[max(0, -shift) : width - max(0, shift)])
        for shift in range(-most, most + 1)
    ]  # fmt: skip
    return max(found) >= ALIKE


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Return the correlation of two matrices whose mean is 0."""
    size = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / size if size else 0.0
