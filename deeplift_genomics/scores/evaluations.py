"""The evaluation files: how methods of attribution compare, as numbers (HDF5) and as a table.

Both have the same rows and columns. A row is the mean of a metric over the regions, with its 95%
bootstrap interval, and the mean differences to the first method and to the best one in the same
regions, with the intervals of these.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Attributes,
    Layout,
    atomic_hdf5,
    open_typed,
    read_attributes,
    stamp,
)
from deeplift_genomics.files.tables import Kind, write_table

if TYPE_CHECKING:
    import pandas

KIND = "evaluation"  # the type of the HDF5 file

EVALUATION = Kind(
    KIND,
    1,
    {
        "target": str,
        "method": str,
        "metric": str,
        "x": float,
        "level": str,
        "n": int,
        "mean": float,
        "low": float,
        "high": float,
        "difference": float,
        "difference_low": float,
        "difference_high": float,
        "behind": float,
        "behind_low": float,
        "behind_high": float,
    },
)
_KINDS = {str: "text", int: "integer", float: "number"}
LAYOUT: Layout = {name: (_KINDS[kind], "K") for name, kind in EVALUATION.columns.items()}


@dataclass(frozen=True)
class Evaluation:
    """An evaluation as its file holds it.

    Attributes
    ----------
    table : pandas.DataFrame
        The columns of `EVALUATION`. `x` is NaN of a metric that is a single number; differences
        are NaN where the first method has no such number, and for itself. `behind` is the
        difference to the best of the methods that the metric ranks; it is NaN for the best itself.
    methods : dict
        Name of each method, in the order that the user gave -> "title", "options", "gives" (bases
        or positions), "references" (whether it takes any), "complete", "stochastic" and
        "picked_by" (a metric that the method itself picks its scores by, or "").
        `settings.metrics.RANDOM_ORDER` is none of them.
    attributes : dict
        All others, as docs/formats.md tells them.
    """

    table: pandas.DataFrame
    methods: dict[str, dict[str, Any]]
    attributes: dict[str, Any]


def write_evaluation(
    path: str | Path,
    table: str | Path,
    attributes: Attributes,
    rows: Iterable[Sequence[Any]],
) -> None:
    """Write an evaluation: its numbers as HDF5 under `path`, and the same rows as TSV.

    `rows` have a cell for each column of `EVALUATION`; `attributes` have "methods" as JSON.
    """
    rows = list(rows)
    columns = list(zip(*rows, strict=True)) or [()] * len(EVALUATION.columns)
    write_table(table, EVALUATION, rows)
    with atomic_hdf5(path) as file:
        stamp(file, KIND, attributes)
        for (name, kind), values in zip(EVALUATION.columns.items(), columns, strict=True):
            if kind is str:
                file.create_dataset(name, data=list(values), dtype=h5py.string_dtype())
            else:
                file.create_dataset(name, data=np.asarray(values, kind))


def read_evaluation(path: str | Path) -> Evaluation:
    """Read SAMPLE/evaluation.h5.

    Raises
    ------
    InputError
        If the file is missing or damaged, or of another type.
    """
    import pandas

    with open_typed(path, KIND, LAYOUT) as file:
        table = pandas.DataFrame(
            {
                name: file[name].asstr()[:] if kind is str else file[name][:]
                for name, kind in EVALUATION.columns.items()
            }
        )
        attributes = read_attributes(file)
    try:
        methods = json.loads(attributes.pop("methods"))
    except (KeyError, TypeError, ValueError):
        raise InputError(
            f"{path} is damaged: it does not name its methods. Delete it and run again."
        ) from None
    return Evaluation(table, methods, attributes)
