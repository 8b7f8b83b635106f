"""The effects files: what motifs do to the prediction, as numbers (HDF5) and as a table.

Of m motifs, M backgrounds, K measures, S scrambled inserts, i instances, p pairs at G distances by
k of the measures, and for each profile head with C strands and P positions. The middle axis 2 is
the orientation: as the motif reads, and its reverse complement.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Attributes,
    Layout,
    atomic_hdf5,
    check_layout,
    open_typed,
    stamp,
    subgroup,
)
from deeplift_genomics.files.tables import Kind, read_table

if TYPE_CHECKING:
    import pandas

INSERTION, SAMPLED, ABLATION, SPACING = (
    "insertion", "sampled insertion", "ablation", "spacing",
)  # fmt: skip
ORIENTATIONS = ("forward", "reverse")
NO_UNIT = -1  # in the file, of a measure that is of a whole head

EFFECTS = Kind(
    "effects",
    1,
    {
        "motif": str,
        "pattern": str,
        "experiment": str,
        "head": str,
        "unit": int,
        "measure": str,
        "mean": float,
        "low": float,
        "high": float,
        "control": float,
        "forward": float,
        "reverse": float,
        "n": int,
        "p_value": float,
        "p_adjusted": float,
        "verdict": str,
        "partner": str,
        "orientation": str,
        "distance": int,
    },
)

LAYOUT: Layout = {
    "measures/head": ("text", "K"),
    "measures/unit": ("integer", "K"),
    "measures/kind": ("text", "K"),
    "backgrounds/codes": ("integer", "ML"),
    "backgrounds/row": ("integer", "M"),
    "motifs/motif": ("text", "m"),
    "motifs/pattern": ("text", "m"),
    "motifs/inserted": ("text", "m"),
    "motifs/position": ("integer", "m"),
    "insertion/changes": ("number", "m2MK"),
    "insertion/scrambled": ("number", "mSK"),
    "sampled_insertion/sequences": ("text", "mM"),
    "sampled_insertion/changes": ("number", "m2MK"),
    "sampled_insertion/scrambled": ("number", "mSK"),
    "ablation/motif": ("integer", "i"),
    **{f"ablation/{name}": ("integer", "i") for name in ("row", "start", "end")},
    **{f"ablation/{name}": ("number", "iK") for name in ("changes", "controls")},
    "spacing/orientation": ("text", "4"),
    "spacing/measure": ("integer", "k"),
    "spacing/preference": ("text", "p"),
    **{f"spacing/{name}": ("integer", "p") for name in ("left", "right")},
    **{f"spacing/{n}": ("number", "p4Gk") for n in ("interaction", "standard_error", "p_value")},
}
FOOTPRINTS = "footprints"  # the group with a group for each profile head, numbered from 0
FOOTPRINT_LAYOUT: Layout = {
    "head": ("text", "1"),
    "inserted": ("number", "m2CP"),
    "background": ("number", "CP"),
}


@dataclass(frozen=True)
class Footprint:
    """The mean profiles of one head, without and with the motifs.

    Attributes
    ----------
    head
        Name of the head.
    inserted
        Mean profile with each motif in each orientation (m, 2, C, P); the shares of a strand add up
        to 1.
    background
        Mean profile of the same backgrounds without an insert (C, P).
    """

    head: str
    inserted: NDArray[np.float32]
    background: NDArray[np.float32]


def write_effects(path: str | Path, attributes: Attributes, arrays: Mapping[str, Any]) -> None:
    """Write the numbers: datasets by path, texts as UTF-8, floating-point numbers as float32."""
    with atomic_hdf5(path) as file:
        stamp(file, "effects", attributes)
        file.require_group(FOOTPRINTS)  # empty for a model without a profile
        for name, values in arrays.items():
            array = np.asarray(values)
            if array.dtype.kind in "UO":
                file.create_dataset(name, data=array.astype(object), dtype=h5py.string_dtype())
            else:
                real = array.dtype.kind == "f"
                file.create_dataset(name, data=array.astype(np.float32) if real else array)


def read_effects(path: str | Path) -> pandas.DataFrame:
    """Read the effects of a target's motifs: TARGET.effects.tsv.

    Parameters
    ----------
    path
        TARGET.effects.tsv, whose columns docs/formats.md describes.

    Returns
    -------
    pandas.DataFrame
        A row for each motif, experiment and measure; an empty cell of a column of numbers is a
        missing value.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no such table.
    """
    return read_table(path, EFFECTS)


@dataclass(frozen=True)
class FootprintFile:
    """The footprints of an effects file.

    Attributes
    ----------
    motifs, patterns
        Label of each motif, and the pattern that was inserted.
    footprints
        One for each profile head.
    """

    motifs: list[str]
    patterns: list[str]
    footprints: list[Footprint]


def read_footprints(path: str | Path) -> FootprintFile:
    """Read the footprints of an effects file.

    Raises
    ------
    InputError
        If the effects file is missing or damaged, or of another kind.
    """
    with open_typed(path, "effects", LAYOUT) as file:
        motifs, patterns = (
            [str(text) for text in file[f"motifs/{name}"].asstr()[:]]
            for name in ("motif", "pattern")
        )
        found = []
        group = subgroup(file, FOOTPRINTS)
        for index in range(len(group)):
            item = subgroup(group, str(index))
            sizes = check_layout(item, FOOTPRINT_LAYOUT)
            if sizes["m"] != len(motifs):
                raise InputError(
                    f"{path}: {item.name} is of {sizes['m']} motifs, and the file of "
                    f"{len(motifs)}. Delete it and run again."
                )
            head = str(item["head"].asstr()[0])
            found.append(Footprint(head, item["inserted"][:], item["background"][:]))
        return FootprintFile(motifs, patterns, found)
