"""How far contributions depend on the references, and on the head: measured on some windows.

The windows are up to `MOST` of a score file, in whole chunks that are spread evenly over it, so
that a file of any size is read in little time and memory, and always gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.scores.file import ROWS_PER_CHUNK, SCORE_LAYOUT, observed, read_dataset
from deeplift_genomics.scores.span import scored

MOST = 2000  # windows that are looked at


class Alike(NamedTuple):
    """How alike contributions are: a number for each window, and how these are distributed.

    Attributes
    ----------
    n
        Number of windows for which it is defined.
    n_windows
        Number of windows that were looked at.
    median, low
        Median and lower decile; NaN if it is defined for no window.
    """

    n: int
    n_windows: int
    median: float
    low: float


def expected_repeat(path: str | Path) -> Alike | None:
    """Return how well contributions would agree with those by other references.

    If c are a window's contributions and e their standard errors over the references, contributions
    by as many further references are expected to correlate with them at

        r = 1 - mean(e^2) / var(c)

    along the window: the part of the variance of c that is not due to the choice of references
    (the reliability of classical test theory). It is 0 where the errors are as large as all of it.

    Returns
    -------
    Alike or None
        None if the file has no standard errors, or not those of two references or more.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        if "standard_error" not in file:
            return None
        found = []
        for rows in blocks(file["hyp_scores"].shape[0]):
            error = read_dataset(file["standard_error"], rows).astype(np.float64)
            if not np.isfinite(error).any():
                return None
            variance = contributions(file, rows).var(axis=1)
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append(np.maximum(0, 1 - np.nanmean(error**2, axis=1) / variance))
    return _summary(found)


def correlate(one: str | Path, other: str | Path) -> Alike:
    """Return the correlation along a window of its contributions in two score files.

    Raises
    ------
    InputError
        If a file cannot be read.
    """
    with (
        open_typed(one, "scores", SCORE_LAYOUT) as first,
        open_typed(other, "scores", SCORE_LAYOUT) as second,
    ):
        found = []
        spans = scored(first), scored(second)
        both = slice(max(span.start for span in spans), min(span.stop for span in spans))
        for rows in blocks(min(first["hyp_scores"].shape[0], second["hyp_scores"].shape[0])):
            a, b = (contributions(file, rows)[:, both] for file in (first, second))
            a, b = (values - values.mean(axis=1, keepdims=True) for values in (a, b))
            with np.errstate(divide="ignore", invalid="ignore"):
                found.append((a * b).sum(axis=1) / np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1)))
    return _summary(found)


def blocks(n: int, most: int = MOST) -> Iterator[slice]:
    """Yield whole chunks of `n` rows, spread evenly, that have about `most` rows together.

    >>> list(blocks(1000, 32))
    [slice(0, 16, None), slice(992, 1000, None)]
    """
    chunks = -(-n // ROWS_PER_CHUNK)
    wanted = min(chunks, most // ROWS_PER_CHUNK)
    for chunk in np.unique(np.linspace(0, chunks - 1, wanted).round().astype(int)) if n else ():
        first = int(chunk) * ROWS_PER_CHUNK
        yield slice(first, min(first + ROWS_PER_CHUNK, n))


def contributions(file: h5py.File, rows: slice) -> NDArray[np.float64]:
    """Return the contributions of the observed bases, (rows, L)."""
    return observed(file, rows).astype(np.float64)


def _summary(parts: Sequence[NDArray[np.float64]]) -> Alike:
    values = np.concatenate(parts) if parts else np.empty(0)
    known = values[np.isfinite(values)]
    median, low = np.quantile(known, (0.5, 0.1)) if len(known) else (np.nan, np.nan)
    return Alike(len(known), len(values), float(median), float(low))
