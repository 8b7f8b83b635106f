"""The file of maps: contributions of a window's bases to each position of a profile (PISA).

A file (``deeplift_genomics_type = "outputs"``) has a group ``maps/0``, ``maps/1``, ... for each
locus and profile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

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
    whole_number,
)
from deeplift_genomics.scores.predictions import text
from deeplift_genomics.views.arrays import Arrays

KIND, MAPS = "outputs", "maps"
_MOST = 2**31  # no place in a genome is so large
# P positions, L bases, R references
MAP_LAYOUT: Layout = {
    "positions": ("integer", "P"),
    "hyp_scores": ("number", "PL4"),
    "input_seqs": ("integer", "L4"),
    "target": ("number", "P"),
    "reference_target": ("number", "PR"),
    "residual": ("number", "PR"),
}


@dataclass(frozen=True, repr=False)
class OutputMap(Arrays):
    """Contributions of the bases of one window to positions of a profile.

    Attributes
    ----------
    locus
        The locus as the configuration names it.
    head, label
        The head, and its name for readers, with the column if others are left out.
    contig, start
        Contig and first base of the window, 0-based.
    row
        Row of the window in windows.h5.
    offset, bin_width
        First base of position 0, from the first base of the window, and bases of a position (bp).
    arrays
        Name of each dataset of `MAP_LAYOUT` -> its array.
    """

    locus: str
    head: str
    label: str
    contig: str
    start: int
    row: int
    offset: int
    bin_width: int
    arrays: dict[str, NDArray]

    @property
    def contributions(self) -> NDArray[np.floating]:
        """Contributions of the observed bases, (P, L)."""
        return np.einsum("plb,lb->pl", self.arrays["hyp_scores"], self.arrays["input_seqs"])


_ATTRIBUTES = ("locus", "head", "label", "contig", "start", "row", "offset", "bin_width")


def write_outputs(path: str | Path, maps: Iterable[OutputMap], attributes: Attributes) -> int:
    """Write maps as they come, and return their number; nothing is left if one fails."""
    number = 0
    with atomic_hdf5(path) as file:
        stamp(file, KIND, attributes)
        parent = file.create_group(MAPS)
        for number, one in enumerate(maps, start=1):
            group = parent.create_group(str(number - 1))
            group.attrs.update({name: getattr(one, name) for name in _ATTRIBUTES})
            for name, values in one.arrays.items():
                group.create_dataset(name, data=values, compression="gzip", compression_opts=1)
    return number


def read_outputs(path: str | Path) -> list[OutputMap]:
    """Read all maps.

    Parameters
    ----------
    path
        SAMPLE/outputs.h5.

    Returns
    -------
    list of OutputMap
        In the order of the loci, and of each those of the sample's profiles.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> maps = dg.read_outputs("results/demo/outputs.h5")  # where report.output_positions asks
    >>> maps[0].locus, maps[0].contributions.shape  # positions of the profile, bases
    ('peak_0005', (3, 500))
    """
    with open_typed(path, KIND) as file:
        parent = subgroup(file, MAPS)
        return [_read(subgroup(parent, str(index))) for index in range(len(parent))]


def _read(group: h5py.Group) -> OutputMap:
    """Read one map."""
    sizes = check_layout(group, MAP_LAYOUT)
    places = {name: whole_number(group, name) for name in ("start", "row", "offset", "bin_width")}
    sound = min(places.values()) >= 0 < places["bin_width"] and max(places.values()) < _MOST
    if not sound or not sizes["P"] or not sizes["L"]:
        raise InputError(
            f"{group.file.filename} is damaged: {group.name} is a map of {sizes['P']} positions "
            f"and {sizes['L']} bases with {places}. Delete it and run again."
        )
    return OutputMap(
        locus=text(group, "locus"),
        head=text(group, "head"),
        label=text(group, "label"),
        contig=text(group, "contig"),
        start=places["start"],
        row=places["row"],
        offset=places["offset"],
        bin_width=places["bin_width"],
        arrays={name: group[name][:] for name in MAP_LAYOUT},
    )
