"""When the instances of a motif in several targets are one place."""

from __future__ import annotations

from typing import Any

import numpy as np

LEAST_SHARED = 0.5  # share of the shorter one, above which two instances are one place


def is_one_place(start: Any, end: Any, other_start: Any, other_end: Any) -> Any:
    """Return whether two instances share more than `LEAST_SHARED` of the shorter one.

    Places are on one contig, 0-based and half-open: numbers, or arrays of n of them.

    >>> bool(is_one_place(10, 20, 14, 30)), bool(is_one_place(10, 20, 15, 30))
    (True, False)
    """
    shared = np.minimum(end, other_end) - np.maximum(start, other_start)
    return shared > LEAST_SHARED * np.minimum(end - start, other_end - other_start)
