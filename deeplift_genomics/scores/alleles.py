"""The file of variants: both alleles' contributions, and the columns of the tables (HDF5).

The HDF5 file (``deeplift_genomics_type = "alleles"``) holds all that the tables and the page show.
Its columns of a variant are those of the table. Positions count from 1, as in VCF; places in
windows from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Layout,
    check_layout,
    open_typed,
    read_attributes,
    subgroup,
)
from deeplift_genomics.scores.allele_tables import (
    ALLELES,
    AS_WRITTEN,
    EDIT,
    EXPLAINED,
    KIND,
    MOTIF_COLUMNS,
    REASON,
    Alleles,
    MotifChange,
)

TARGETS, MOTIFS, LEFT_OUT, OUTCOMES = "targets", "motif_changes", "left_out", "outcomes"
TEXT = h5py.string_dtype("utf-8")

_KINDS = {str: "text", int: "integer", float: "number"}
# N variants, L bases, K outcomes, U variants left out, M motifs changed
_LAYOUT: Layout = {
    **{name: (_KINDS[kind], "N") for name, kind in (AS_WRITTEN | EXPLAINED).items()},
    **dict.fromkeys(EDIT, ("integer", "N")),
    "codes": ("integer", "N2L"),
    "effects": ("number", "NK"),
    OUTCOMES: ("text", "K"),
}
_LEFT_LAYOUT: Layout = {name: (_KINDS[kind], "U") for name, kind in (AS_WRITTEN | REASON).items()}
_MOTIF_LAYOUT: Layout = {
    "variant": ("integer", "M"),
    **{name: (_KINDS[kind], "M") for name, kind in MOTIF_COLUMNS.items()},
}
_TARGET_LAYOUT: Layout = {
    "contributions": ("number", "N2L"),
    "standard_error?": ("number", "N2L"),
    "target": ("number", "N2"),
}


@dataclass(frozen=True)
class Letters:
    """What the page draws of one variant and target.

    Attributes
    ----------
    codes, contributions : (2, L)
        Of the reference window and the alternative one.
    standard_error : (2, L) or None
        Over references; None if the method has none.
    target : (2,)
        The target's value.
    """

    codes: NDArray[np.int8]
    contributions: NDArray[np.floating]
    standard_error: NDArray[np.floating] | None
    target: NDArray[np.floating]


def write_columns(file: h5py.File, found: Alleles) -> None:
    """Write all but codes and contributions into an open file."""
    for name in EDIT:
        file.create_dataset(name, data=np.asarray(found.columns[name], np.int64))
    _write(file, AS_WRITTEN | EXPLAINED, found.columns)
    file.create_dataset("effects", data=found.effects.reshape(len(found), len(found.outcomes)))
    file.create_dataset(OUTCOMES, data=found.outcomes, dtype=TEXT, shape=(len(found.outcomes),))
    kinds = AS_WRITTEN | REASON
    columns = {name: [one[name] for one in found.left_out] for name in kinds}
    _write(file.create_group(LEFT_OUT), kinds, columns)
    kinds = {"variant": int, **MOTIF_COLUMNS}
    columns = {name: [getattr(one, name) for one in found.motifs] for name in kinds}
    _write(file.create_group(MOTIFS), kinds, columns)


def _write(group: h5py.Group, kinds: Mapping[str, type], columns: Mapping[str, list]) -> None:
    """Write columns as datasets."""
    for name, kind in kinds.items():
        values: Any = columns[name] if kind is str else np.asarray(columns[name], kind)
        group.create_dataset(
            name, data=values, dtype=TEXT if kind is str else None, shape=(len(columns[name]),)
        )


def read_alleles(path: str | Path) -> Alleles:
    """Read SAMPLE/alleles.h5 without the contributions, which `read_letters` reads.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type.
    """
    with open_typed(path, KIND, _LAYOUT) as file:
        left, motifs = subgroup(file, LEFT_OUT), subgroup(file, MOTIFS)
        check_layout(left, _LEFT_LAYOUT)
        check_layout(motifs, _MOTIF_LAYOUT)
        groups = _target_groups(file)
        number = len(file["line"])
        rows = _read(left, AS_WRITTEN | REASON)
        changes = [
            MotifChange(*one)
            for one in zip(*_read(motifs, {"variant": int, **MOTIF_COLUMNS}).values(), strict=True)
        ]
        kinds = AS_WRITTEN | EXPLAINED | dict.fromkeys(EDIT, int)
        found = Alleles(
            columns=_read(file, kinds),
            outcomes=file[OUTCOMES].asstr()[:].tolist(),
            effects=file["effects"][:],
            left_out=[
                dict(zip(rows, one, strict=True)) for one in zip(*rows.values(), strict=True)
            ],
            motifs=changes,
            targets=list(groups),
            attributes=read_attributes(file),
        )
        sizes = {group["contributions"].shape for group in groups.values()}
        shape = file["codes"].shape
    if sizes - {shape} or not _is_sound(found, number, shape[2]):
        raise InputError(
            f"{path} is damaged: its motifs, edits or contributions are not of its {number} "
            "variants. Delete it and run again."
        )
    return found


def _is_sound(found: Alleles, number: int, length: int) -> bool:
    """Return whether edits and motifs are inside windows, and effects among the outcomes."""
    edits = zip(*(found.columns[name] for name in EDIT), strict=True)
    return (
        all(min(edit) >= 0 and edit[0] + max(edit[1:]) <= length for edit in edits)
        and set(found.columns["effect_of"]) <= {"", *found.outcomes}
        and all(
            0 <= one.variant < number
            and 0 <= one.start < one.end <= length
            and one.allele in ALLELES
            for one in found.motifs
        )
    )


def read_letters(path: str | Path, row: int, target: str) -> Letters:
    """Read the windows and contributions of one variant, row `row` of the file.

    Raises
    ------
    InputError
        As `read_alleles`; or if there is no such row or target.
    """
    with open_letters(path) as read:
        return read(row, target)


@contextmanager
def open_letters(path: str | Path) -> Iterator[Callable[[int, str], Letters]]:
    """Yield a function that reads the windows and contributions of a row and target.

    Raises
    ------
    InputError
        As `read_letters`, also by the function.
    """
    with open_typed(path, KIND, _LAYOUT) as file:
        groups, number = _target_groups(file), len(file["line"])

        def read(row: int, target: str) -> Letters:
            if target not in groups or not 0 <= row < number:
                raise InputError(f"{path} has no variant {row} with the target {target!r}.")
            group = groups[target]
            error = group.get("standard_error")
            return Letters(
                file["codes"][row],
                group["contributions"][row],
                None if error is None else error[row],
                group["target"][row],
            )

        yield read


def _target_groups(file: h5py.File) -> dict[str, h5py.Group]:
    """Return the group of each target."""
    parent, found = subgroup(file, TARGETS), {}
    for index in range(len(parent)):
        group = subgroup(parent, str(index))
        check_layout(group, _TARGET_LAYOUT)
        found[str(group.attrs.get("target", ""))] = group
    return found


def _read(group: h5py.Group, kinds: Mapping[str, type]) -> dict[str, list[Any]]:
    """Read columns as lists of plain values."""
    return {
        name: (group[name].asstr()[:] if kind is str else group[name][:]).tolist()
        for name, kind in kinds.items()
    }
