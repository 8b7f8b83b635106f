"""Shards of calls: what the scan of some windows found, before overlaps are resolved.

A shard (``deeplift_genomics_type = "calls"``) is removed when all are joined. It is sealed, and its
attributes name the scores, patterns and cutoffs that it was made with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import UNKNOWN
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Layout,
    atomic_hdf5,
    open_typed,
    stamp,
    whole_number,
)
from deeplift_genomics.files.shards import checked_shards, remake_shard

KIND = "calls"
_TEXT = h5py.string_dtype("utf-8")
# n calls, P patterns, W bases
_LAYOUT: Layout = {
    "pattern": ("text", "P"),
    **dict.fromkeys(("width", "before", "after"), ("integer", "P")),
    "cutoffs": ("number", "P3"),
    **dict.fromkeys(("row", "start", "which", "minus"), ("integer", "n")),
    **dict.fromkeys(("match", "similarity", "contribution"), ("number", "n")),
    "codes": ("integer", "nW"),
}
_TYPES: dict[str, type[np.number]] = {
    "row": np.int64,
    "start": np.int64,
    "which": np.int16,
    "minus": np.int8,
    "match": np.float32,
    "similarity": np.float32,
    "contribution": np.float32,
    "codes": np.int8,
}


@dataclass(frozen=True)
class Calls:
    """The n calls of a shard or of several, in the order of the score file's rows.

    Attributes
    ----------
    row : (n,) int64
        Row of the score file.
    start : (n,) int64
        First base, from the first base of the window.
    which : (n,) int16
        Number of the pattern.
    minus : (n,) int8
        1 if the pattern reads along the minus strand.
    match, similarity, contribution : (n,) float32
        The scores, see `deeplift_genomics.instances.kernel`.
    codes : (n, W) int8
        Bases along the plus strand, of W bases from `start`.
    """

    row: NDArray[np.int64]
    start: NDArray[np.int64]
    which: NDArray[np.int16]
    minus: NDArray[np.int8]
    match: NDArray[np.float32]
    similarity: NDArray[np.float32]
    contribution: NDArray[np.float32]
    codes: NDArray[np.int8]

    def __len__(self) -> int:
        """Return the number of calls."""
        return len(self.row)


@dataclass(frozen=True)
class CallSet:
    """All calls of a target, with its P patterns.

    Attributes
    ----------
    calls
        The calls.
    patterns : (P,)
        Names of the patterns.
    width, before, after : (P,) int64
        As in `deeplift_genomics.instances.cores.Cores`.
    cutoffs : (P, 3)
        Those of each pattern, see `deeplift_genomics.instances.cutoffs`.
    attributes
        What the calls were made from.
    """

    calls: Calls
    patterns: list[str]
    width: NDArray[np.int64]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    cutoffs: NDArray[np.float64]
    attributes: dict[str, Any]


def write_calls(path: str | Path, found: CallSet) -> None:
    """Write a shard; `attributes` hold `shard`, `n_shards`, `first_row` and `n_rows`, too."""
    with atomic_hdf5(path, sealed=True) as file:
        stamp(file, KIND, found.attributes)
        names = np.array(found.patterns, dtype=object)
        file.create_dataset("pattern", data=names, dtype=_TEXT, track_times=False)
        for name in ("width", "before", "after", "cutoffs"):
            file.create_dataset(name, data=getattr(found, name), track_times=False)
        for name in Calls.__dataclass_fields__:
            values = getattr(found.calls, name)
            options: dict[str, Any] = {"compression": "gzip", "compression_opts": 1}
            options = options | {"shuffle": True} if values.size else {}
            file.create_dataset(name, data=values, track_times=False, **options)


def read_calls(paths: Sequence[str | Path]) -> CallSet:
    """Read all shards of a target.

    Raises
    ------
    InputError
        If a shard is missing, damaged, or of another run, or if they are not complete.
    """
    ordered, common = checked_shards(paths, KIND, "instances")
    parts: dict[str, list[NDArray]] = {name: [] for name in _TYPES}
    for path in ordered:
        with open_typed(path, KIND, _LAYOUT) as file:
            _check_values(path, file)
            for name, values in parts.items():
                values.append(file[name][:].astype(_TYPES[name]))
    with open_typed(ordered[0], KIND, _LAYOUT) as file:
        patterns = [str(name) for name in file["pattern"].asstr()[:]]
        of_patterns = {name: file[name][:] for name in ("width", "before", "after", "cutoffs")}
    joined = {name: np.concatenate(parts.pop(name)) for name in list(parts)}
    return CallSet(Calls(**joined), patterns, **of_patterns, attributes=common)


def _check_values(path: Path, file: h5py.File) -> None:
    """Raise InputError if a call names a row, base or pattern that cannot be."""
    names, longest = len(file["pattern"]), file["codes"].shape[1]
    first, rows = whole_number(file, "first_row"), whole_number(file, "n_rows")
    bounds = {
        "row": (first, first + rows - 1),
        "start": (0, np.iinfo(np.int32).max),
        "which": (0, names - 1),
        "minus": (0, 1),
        "codes": (0, UNKNOWN),
        "width": (1, longest),
        "before": (0, np.iinfo(np.int32).max),
        "after": (0, np.iinfo(np.int32).max),
    }
    for name, (least, most) in bounds.items():
        values = file[name][:]
        if values.size and (values.min() < least or values.max() > most):
            raise InputError(
                f"{path} is damaged: its dataset {name} has values that are not from {least} to "
                f"{most}. {remake_shard(path)}"
            )
    for name in ("match", "similarity", "contribution"):
        if not np.isfinite(file[name][:]).all():
            raise InputError(f"{path} is damaged: its {name} is not a number. {remake_shard(path)}")
