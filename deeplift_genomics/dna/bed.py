"""The regions of a file as arrays, centred as the form of the file says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.region_fields import MalformedError, RegionLine, parse
from deeplift_genomics.dna.region_forms import Form, tell_form
from deeplift_genomics.dna.region_lines import WHAT, lines_of, shown
from deeplift_genomics.errors import InputError


@dataclass(frozen=True)
class Regions:
    """The regions of one file, in its order; all arrays have the shape (N,).

    Attributes
    ----------
    form : str
        The form of the file, one of `deeplift_genomics.settings.choices.REGION_FORMS`.
    chrom : array of str
        As written in the file.
    start, end : int64
        0-based, half-open.
    centre : int64
        Position that a window is centred on: the summit where the file gives one,
        (start + end) // 2 otherwise.
    name : array of str
        Column 4, or MACS's `name`; `chrom:start-end` where that is missing, empty or a dot.
    strand : array of str
        `+` or `-`; a dot where column 6 holds neither.
    line : int64
        Line in the file, counted from 1.
    on_summit : bool
        Whether `centre` is a summit.
    signal, score : float64
        signalValue of narrowPeak and broadPeak (column 7), or MACS's fold_enrichment; and the
        score of BED (column 5). NaN where there is none.
    """

    form: str
    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    centre: NDArray[np.int64]
    name: NDArray[np.object_]
    strand: NDArray[np.object_]
    line: NDArray[np.int64]
    on_summit: NDArray[np.bool_]
    signal: NDArray[np.float64]
    score: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.start)


_TYPES: dict[str, Any] = {
    **dict.fromkeys(("chrom", "name", "strand"), object),
    **dict.fromkeys(("signal", "score"), np.float64),
    "on_summit": np.bool_,
}


def read_regions(path: str | Path, form: str = "") -> Regions:
    """Read a region file into arrays.

    Parameters
    ----------
    form
        The form of the file; told by its content (`region_forms.tell_form`) if not given.

    Raises
    ------
    InputError
        If the file is missing, damaged or not text, can be read in two ways, or has no region; or
        if a line is malformed, which is named with its number.
    """
    found = tell_form(path, form)
    columns = zip(*_read(Path(path), found), strict=True)
    arrays: dict[str, NDArray] = {
        name: np.array(values, dtype=_TYPES.get(name, np.int64))
        for name, values in zip(RegionLine._fields, columns, strict=True)
    }
    return Regions(form=found.name, **arrays)


def _read(path: Path, form: Form) -> Iterator[RegionLine]:
    """Yield the regions of the file; InputError names the line that cannot be read."""
    for line in lines_of(path):
        try:
            if "\r" in line.text:
                raise MalformedError("carriage return inside the line; expected Unix line ends")
            yield parse(line.fields, form.name, line.number, form.columns)
        except MalformedError as error:
            raise InputError(
                f"{WHAT} {path}, line {line.number}: {error}. Line: {shown(line.text)}"
            ) from None
