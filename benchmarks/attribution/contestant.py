"""What contestants share: a network loaded once, arrays in memory, windows on request.

A contestant returns hypothetical contributions (n, L, 4) or, like shap, contributions (n, L) for
each head. Sequences and references are arrays in memory before the clock starts.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Found = dict[str, NDArray[np.floating]]


class Contestant:
    """A program with one network and its arrays loaded."""

    def __init__(self, folder: Path, threads: int) -> None:
        self.sequences = np.load(folder / "sequences.npy").astype(np.float32)
        self.references = np.load(folder / "references.npy").astype(np.float32)
        self.next = 0

    def explain(self, windows: int) -> Found:
        """Explain both heads for the next windows, in rotation."""
        rows = (self.next + np.arange(windows)) % len(self.sequences)
        self.next = int(rows[-1]) + 1
        return self.explain_rows(rows)

    def explain_rows(self, rows: NDArray[np.intp]) -> Found:
        """Explain both heads for these windows."""
        raise NotImplementedError
