"""The numbers of single windows: what a shard of an evaluation holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import h5py
import numpy as np

from deeplift_genomics.files.hdf5 import Attributes, Layout, atomic_hdf5, open_typed, stamp

if TYPE_CHECKING:
    import pandas

SHARD = "evaluated"  # the type of a shard
_TEXTS = ("target", "method", "metric", "level")
LAYOUT: Layout = {
    **dict.fromkeys(_TEXTS, ("text", "K")),
    "x": ("number", "K"),
    "window": ("integer", "K"),
    "value": ("number", "K"),
}


class Number(NamedTuple):
    """A number of one window: the row of the window is that of the windows file."""

    target: str
    method: str
    metric: str
    window: int
    value: float
    x: float = float("nan")
    level: str = ""


class Numbers(list[Number]):
    """Numbers of windows, collected one by one."""

    def add(
        self,
        place: tuple[str, str, int],
        values: Mapping[str, float],
        *,
        x: float = float("nan"),
        level: str = "",
    ) -> None:
        """Add metric -> value of a target, method and window."""
        target, method, window = place
        for metric, value in values.items():
            self.append(Number(target, method, metric, window, float(value), x, level))

    def curve(
        self, place: tuple[str, str, int], metric: str, points: Mapping[float, float]
    ) -> None:
        """Add x -> value of a metric that is a curve."""
        for x, value in points.items():
            self.add(place, {metric: value}, x=float(x))


def write_numbers(
    path: str | Path,
    numbers: Sequence[Number],
    attributes: Attributes,
    more: Callable[[h5py.File], None] | None = None,
) -> None:
    """Write a shard; `more` is called with the open file, and writes what else it holds."""
    with atomic_hdf5(path, sealed=True) as file:
        stamp(file, SHARD, attributes)
        for name, (kind, _) in LAYOUT.items():
            values = [getattr(number, name) for number in numbers]
            if kind == "text":
                file.create_dataset(name, data=values, dtype=h5py.string_dtype(), shape=len(values))
            else:
                dtype = np.int64 if kind == "integer" else np.float64
                file.create_dataset(name, data=np.asarray(values, dtype))
        if more is not None:
            more(file)


def read_numbers(path: str | Path) -> pandas.DataFrame:
    """Read the numbers of a shard, in the columns of `Number`.

    Raises
    ------
    InputError
        If the file is missing or damaged, or of another type.
    """
    import pandas

    with open_typed(path, SHARD, LAYOUT) as file:
        return pandas.DataFrame(
            {
                name: file[name].asstr()[:] if kind == "text" else file[name][:]
                for name, (kind, _) in LAYOUT.items()
            }
        )
