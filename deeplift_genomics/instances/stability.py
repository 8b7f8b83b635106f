"""How far the instances of a motif can be relied on, from what the score file holds.

- The error over references: a contribution is a mean over references, and the score file has the
  standard error of each base's mean. The error of an instance's sum is at most the sum of the
  errors of its bases, whatever their correlation. It is given as a share of \\|contribution\\|, as
  the median over instances: all, or `MOST` of them, evenly spread over the table.
- The agreement of folds: the median over the windows that have an instance, of the mean Pearson
  correlation of the folds' contributions.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.instances.columns import Columns
from deeplift_genomics.scores.file import SCORE_LAYOUT

MOST = 100  # instances of a motif whose error is read


class Stability(NamedTuple):
    """What is known of the reliability of a motif's instances.

    Attributes
    ----------
    error
        Median standard error over references, as a share of the contribution; None if the scores
        have no errors, or the motif no instance.
    n_errors
        Number of instances of which it is the median.
    agreement
        Median agreement of the folds; None of a single model, or without an instance.
    """

    error: float | None
    n_errors: int
    agreement: float | None


def measure_stability(scores_path: str | Path, columns: Columns) -> list[Stability]:
    """Return the stability of each motif.

    Raises
    ------
    InputError
        If the score file is missing or damaged.
    """
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        row = _rows_of_windows(file, columns)
        chosen = [_chosen(columns.of_motif(i), row) for i in range(len(columns.motifs))]
        errors = _errors(file, columns, np.concatenate([np.empty(0, np.int64), *chosen]), row)
        agreement = file["fold_agreement"][:] if "fold_agreement" in file else None
    return [
        Stability(
            _median([errors[index] for index in some.tolist() if index in errors]),
            sum(index in errors for index in some.tolist()),
            _agreement(agreement, row[columns.of_motif(motif)]),
        )
        for motif, some in enumerate(chosen)
    ]


def _rows_of_windows(file: h5py.File, columns: Columns) -> NDArray[np.int64]:
    """Return the row of the window of each instance in the score file, -1 where there is none."""
    contig = {name: number for number, name in enumerate(columns.contigs)}
    of_row = np.array([contig.get(name, -1) for name in file["coords_chrom"].asstr()[:]], np.int64)
    keys = _keys(of_row, file["summit"][:])
    order = np.argsort(keys, kind="stable")
    wanted = _keys(columns.contig.astype(np.int64), columns.summit)
    at = np.searchsorted(keys, wanted, sorter=order)
    row = np.append(order, -1)[np.minimum(at, len(order))]
    known = np.append(keys, np.iinfo(np.int64).min)[row] == wanted
    return np.where(known, row, -1)


def _keys(contig: NDArray[np.int64], summit: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return a number for each centre of a window."""
    return (contig << 40) + summit


def _chosen(rows: NDArray[np.int64], of_window: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return up to `MOST` of a motif's rows, whose window is known."""
    known = rows[of_window[rows] >= 0]
    if len(known) <= MOST:
        return known
    return known[np.linspace(0, len(known) - 1, MOST).round().astype(np.int64)]


def _errors(
    file: h5py.File, columns: Columns, rows: NDArray[np.int64], of_window: NDArray[np.int64]
) -> dict[int, float]:
    """Return the relative errors of some instances by their rows, in the score file's order."""
    if "standard_error" not in file:
        return {}
    found = {}
    errors, starts = file["standard_error"], file["coords_start"][:]
    for index in rows[np.argsort(of_window[rows], kind="stable")].tolist():
        row = int(of_window[index])
        first = int(columns.start[index] - starts[row])
        values = errors[row, max(first, 0) : first + int(columns.width[index])]
        size = abs(float(columns.contribution[index]))
        if size and len(values) and np.isfinite(values).all():
            found[index] = float(values.sum(dtype=np.float64)) / size
    return found


def _median(values: list[float]) -> float | None:
    """Return the median of numbers, None of no number."""
    return float(np.median(values)) if values else None


def _agreement(agreement: NDArray[np.float32] | None, rows: NDArray[np.int64]) -> float | None:
    """Return the median agreement over windows, each counted once, where it is defined."""
    if agreement is None:
        return None
    values = agreement[np.unique(rows[rows >= 0])]
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else None
