"""Windows of random sequences, and files of them."""

from pathlib import Path

import numpy as np

from deeplift_genomics.windows.file import Windows, write_windows


def some_windows(n: int, length: int) -> Windows:
    """Return windows side by side."""
    start = np.arange(n) * length
    return Windows(
        chrom=np.full(n, "chr1", dtype=object),
        start=start,
        end=start + length,
        summit=start + length // 2,
        name=np.array([f"peak{i}" for i in range(n)], dtype=object),
        strand=np.full(n, ".", dtype=object),
        codes=np.random.default_rng(1).integers(0, 4, (n, length), dtype=np.int8),
        attributes={"window_length": length, "contig_lengths": f'{{"chr1": {n * length}}}'},
    )


def windows_file(path: Path, n: int, length: int) -> Path:
    """Write a file of windows side by side."""
    write_windows(path, some_windows(n, length))
    return path
