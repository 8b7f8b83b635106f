"""What the second path found, as it is stored beside scores: a row for each window that it took.

Shards and score files hold it in datasets of their own. Files of older releases have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

# dataset -> type; the letter W counts the windows that were computed twice, by each fold
PREFIX = "second_path_"
COLUMNS: dict[str, Any] = {
    "row": np.int64,
    "fold": np.int64,
    "bits": np.int64,
    "contributions": np.float32,
    "hypothetical": np.float32,
    "target": np.float32,
    "residual": np.float32,
}
LAYOUT = {
    f"{PREFIX}{name}?": ("integer" if dtype is np.int64 else "number", "W")
    for name, dtype in COLUMNS.items()
}


@dataclass(frozen=True)
class SecondPath:
    """The windows that were computed a second time, without shortcuts: W of all folds together.

    Attributes
    ----------
    row, fold : (W,) int64
        The window's row in the file, and the fold, from 0.
    bits : (W,) int64
        Those of the second path's numbers: 64, or 32 of a model that TensorFlow cannot compute in
        double precision.
    contributions, hypothetical : (W,) float32
        Largest difference between both paths' contributions of the observed bases, and between
        their hypothetical contributions, as shares of the largest of each; NaN where the method
        gives none.
    target, residual : (W,) float32
        Largest difference, in units of the target; NaN where the method gives none.
    """

    row: NDArray[np.int64]
    fold: NDArray[np.int64]
    bits: NDArray[np.int64]
    contributions: NDArray[np.float32]
    hypothetical: NDArray[np.float32]
    target: NDArray[np.float32]
    residual: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.row)

    @property
    def n_windows(self) -> int:
        """Number of windows, each counted once however many folds there are."""
        return len(np.unique(self.row))

    @property
    def largest(self) -> float:
        """The largest difference of contributions of all windows; 0 without any."""
        return largest_of(self.contributions)

    @property
    def in_single(self) -> int:
        """Number of rows whose second path is in single precision."""
        return int((self.bits == 32).sum())


def largest_of(values: NDArray[np.floating]) -> float:
    """Return the largest value; those that are NaN do not count, and without any it is 0."""
    return float(np.nan_to_num(values, nan=0.0, posinf=np.inf).max(initial=0))


def second_path_of(columns: Mapping[str, Any]) -> SecondPath:
    """Return the rows of these columns; a number stands for a column of it.

    >>> len(second_path_of({name: [] for name in COLUMNS}))
    0
    """
    n = len(np.atleast_1d(columns["row"]))
    return SecondPath(
        **{
            name: np.broadcast_to(np.asarray(columns[name], dtype), (n,))
            for name, dtype in COLUMNS.items()
        }
    )


def write_second_path(group: h5py.Group, found: SecondPath) -> None:
    """Write the datasets into a shard's group, or a score file."""
    for item in fields(found):
        data = getattr(found, item.name)
        group.create_dataset(f"{PREFIX}{item.name}", data=data, track_times=False)


def read_second_path(group: h5py.Group) -> SecondPath | None:
    """Read the datasets; None if a file of an older release has none."""
    if f"{PREFIX}row" not in group:
        return None
    return second_path_of({name: group[f"{PREFIX}{name}"][:] for name in COLUMNS})


def join_second_paths(parts: Iterable[tuple[SecondPath | None, int, int]]) -> SecondPath | None:
    """Return the rows of all shards of a run, by fold and row; None if no shard has any datasets.

    Parameters
    ----------
    parts
        What each shard holds, its first row, and its fold.
    """
    known = [(found, first, fold) for found, first, fold in parts if found is not None]
    if not known:
        return None
    columns = {
        name: np.concatenate([getattr(found, name) for found, _, _ in known]) for name in COLUMNS
    }
    columns["row"] = np.concatenate([found.row + first for found, first, _ in known])
    columns["fold"] = np.concatenate([np.full(len(found), fold) for found, _, fold in known])
    order = np.lexsort((columns["row"], columns["fold"]))
    return second_path_of({name: values[order] for name, values in columns.items()})
