"""The shares of a window's bases at which curves of deletion and insertion are measured.

The evaluation measures them, and `random_paths` picks a map by them.
"""

from __future__ import annotations

SHARES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)


def number_of(share: float, length: int) -> int:
    """Return how many bases a share is: one at least, unless the share is 0."""
    return max(round(share * length), int(share > 0))
