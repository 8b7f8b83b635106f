"""The effects files: what motifs do to the prediction, as numbers (HDF5) and as a table.

Of m motifs, M backgrounds, K measures, S scrambled inserts, i instances, p pairs at G distances by
k of the measures, and for each profile head with C strands and P positions. The middle axis 2 is
the orientation: as the motif reads, and its reverse complement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
from deeplift_genomics.files.words import shortened

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
PATTERN = r"(?:pos|neg)_\d+"  # the name of a pattern, of which figures have theirs
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

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> effects = dg.read_effects("results/demo/counts.effects.tsv")
    >>> sorted(effects.experiment.unique())
    ['ablation', 'insertion', 'sampled insertion', 'spacing']
    """
    return read_table(path, EFFECTS)


@dataclass(frozen=True)
class Pair:
    """The interaction of two motifs by the target's scalar.

    Attributes
    ----------
    left, right
        Numbers of the motifs.
    interaction
        By orientation and distance (4, G).
    preference
        The distance that they prefer, in words.
    """

    left: int
    right: int
    interaction: NDArray[np.float32]
    preference: str


@dataclass(frozen=True)
class ToDraw:
    """What is drawn of an effects file.

    Attributes
    ----------
    motifs, patterns
        Label of each motif, and the pattern that was inserted.
    footprints
        One for each profile head.
    orientations
        The strands of the two motifs of a pair: "++", "+-", "-+", "--".
    pairs
        Pairs of motifs.
    """

    motifs: list[str]
    patterns: list[str]
    footprints: list[Footprint]
    orientations: list[str]
    pairs: list[Pair]


def read_to_draw(path: str | Path) -> ToDraw:
    """Read the footprints and the pairs of an effects file.

    Raises
    ------
    InputError
        If the effects file is missing or damaged, or of another kind.
    """
    with open_typed(path, "effects", LAYOUT) as file:
        motifs, patterns = (_texts(file, f"motifs/{name}") for name in ("motif", "pattern"))
        for pattern in patterns:
            if not re.fullmatch(PATTERN, pattern):
                raise _damaged(file, f"a pattern is called {shortened(repr(pattern), 80)}")
        return ToDraw(
            motifs,
            patterns,
            list(_footprints(file, len(motifs))),
            _texts(file, "spacing/orientation"),
            _pairs(file, len(motifs)),
        )


def _footprints(file: h5py.File, n_motifs: int) -> Iterator[Footprint]:
    """Yield the footprints of each profile head."""
    group = subgroup(file, FOOTPRINTS)
    for index in range(len(group)):
        item = subgroup(group, str(index))
        sizes = check_layout(item, FOOTPRINT_LAYOUT)
        if sizes["m"] != n_motifs or not (sizes["C"] and sizes["P"]):
            raise _damaged(file, f"{item.name} is not of the file's {n_motifs} motifs")
        inserted, background = _finite(item, "inserted"), _finite(item, "background")
        yield Footprint(_texts(item, "head")[0], inserted, background)


def _pairs(file: h5py.File, n_motifs: int) -> list[Pair]:
    """Return the pairs of motifs."""
    group = subgroup(file, "spacing")
    left, right = group["left"][:], group["right"][:]
    for numbers in (left, right):
        if len(numbers) and not 0 <= numbers.min() <= numbers.max() < n_motifs:
            raise _damaged(file, f"{group.name} has motifs that the file has not")
    words, values = _texts(group, "preference"), _finite(group, "interaction")
    if not values.size:
        return []
    return [
        Pair(int(left[i]), int(right[i]), values[i, :, :, 0], text) for i, text in enumerate(words)
    ]


def _texts(group: h5py.Group, name: str) -> list[str]:
    return [str(text) for text in group[name].asstr()[:]]


def _finite(group: h5py.Group, name: str) -> NDArray[np.float32]:
    """Return numbers that can be drawn."""
    values: NDArray[np.float32] = group[name][:].astype(np.float32)
    if not np.isfinite(values).all():
        raise _damaged(group.file, f"{group.name}/{name} holds numbers that are not finite")
    return values


def _damaged(file: h5py.File, what: str) -> InputError:
    """Return the error for an effects file that is not as it was written."""
    return InputError(f"{file.filename} is damaged: {what}. Delete it and run again.")
