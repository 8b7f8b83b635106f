"""The score file: one HDF5 file per sample and target, and the shards that it is merged from.

The root of a score file (``deeplift_genomics_type = "scores"``) has the datasets of `DATASETS`, and
the attributes needed to make the file again. A shard (type ``"shard"``) has one group per target,
each laid out like a score file. With several folds, each fold has its own shards; the score file
then has their means, and the datasets of `FOLD_DATASETS`. ``modisco motifs -i`` and Fi-NeMo read
``hyp_scores``, ``input_seqs`` and ``coords_*`` by these names.

Some methods do not give the datasets in `OPTIONAL`. A file of DeepLIFT, which has all but
``position_scores``, has ``format_version`` 1; a file that lacks others has version 2, and one with
``position_scores`` in place of ``hyp_scores`` version 3. Older releases refuse to read these.

Both hold what the second path found (`deeplift_genomics.scores.second_path`), in datasets without a
version of their own. Which windows it takes depends on how the work was split. Nothing else does,
or depends on the clock: the same scores give the same bytes.
Shards begin and end with whole chunks, which the merge copies unchanged, and chunks carry
checksums. A shard is also sealed (`deeplift_genomics.files.sealed`).
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import (
    Layout,
    open_typed,
    read_attributes,
    whole_number,
)
from deeplift_genomics.files.not_given import ONLY_POSITIONS, Hypothetical
from deeplift_genomics.scores.second_path import LAYOUT, SecondPath, read_second_path
from deeplift_genomics.scores.span import filled
from deeplift_genomics.views.scored import ScoredWindows

ROWS_PER_CHUNK = 16
# the datasets that are stored in the score type; the others are float32, or no scores
SCORES = ("hyp_scores", "position_scores", "standard_error")

TEXT = h5py.string_dtype("utf-8")
# dataset -> (dtype, shape of one row, by the letters L and R)
DATASETS: dict[str, tuple[Any, str]] = {
    "hyp_scores": (np.float32, "L4"),
    "position_scores": (np.float32, "L"),
    "input_seqs": (np.int8, "L4"),
    "coords_chrom": (TEXT, ""),
    "coords_start": (np.int64, ""),
    "coords_end": (np.int64, ""),
    "name": (TEXT, ""),
    "strand": (TEXT, ""),
    "summit": (np.int64, ""),
    "target": (np.float32, ""),
    "reference_target": (np.float32, "R"),
    "residual": (np.float32, "R"),
    "standard_error": (np.float32, "L"),
}
# what methods give: scores of all bases, or else of positions, and three more
OPTIONAL = ("hyp_scores", "position_scores", "reference_target", "residual", "standard_error")
OF_DEEPLIFT = ("hyp_scores", "reference_target", "residual", "standard_error")
# further datasets with several folds (letter F); `worst_residual` only beside `residual`
FOLD_DATASETS: dict[str, tuple[Any, str]] = {
    "worst_residual": (np.float32, "R"),
    "fold_target": (np.float32, "F"),
    "fold_agreement": (np.float32, ""),
}


def _layout() -> Layout:
    """Return the layout of a score file, for `check_layout`."""
    kinds = {TEXT: "text", np.float32: "number"}
    marks = dict.fromkeys(OPTIONAL, "?2") | {"hyp_scores": "?3", "position_scores": "?"}
    marks |= dict.fromkeys(FOLD_DATASETS, "?")
    return {
        name + marks.get(name, ""): (kinds.get(dtype, "integer"), f"N{row}")
        for name, (dtype, row) in (DATASETS | FOLD_DATASETS).items()
    } | LAYOUT


SCORE_LAYOUT = _layout()


def format_version(optional: Collection[str]) -> int:
    """Return the version of a file with these of the `OPTIONAL` datasets."""
    if set(OF_DEEPLIFT).issubset(optional):
        return 1
    return 2 if "hyp_scores" in optional else 3


def count_references(group: h5py.Group) -> int:
    """Return R, from a dataset that has this axis, or else from the attribute."""
    for name in ("reference_target", "residual"):
        if name in group:
            return group[name].shape[1]
    return whole_number(group, "reference_number", 0)


@dataclass(frozen=True, repr=False)
class ScoreFile(ScoredWindows):
    """Scores read from a file: N windows of L bases, R references.

    ``scores["peak_0001"]`` and ``scores["chr1:101-600"]`` are the windows of a region or place, in
    the order of the file, ``scores.regions`` is a table of all, and ``scores.plot("peak_0001")``
    draws one.

    Attributes
    ----------
    chrom, name, strand : (N,) str
        Contig of the window; name and strand of its region.
    start, end, summit : (N,) int64
        Window and centre.
    sequences : (N, L, 4) int8
        Windows, one-hot.
    hypothetical : (N, L, 4) float32
        Hypothetical contributions, NaN at bases that were not computed; InputError is raised where
        the method gives `positions`.
    positions : (N, L) float32
        Scores of positions, by a method that has none of bases.
    target : (N,)
        The target at the windows.
    reference_target, residual : (N, R), standard_error : (N, L)
        As in `Scores`; None if the file does not have them.
    attributes
        The attributes of the file.
    worst_residual : (N, R), fold_target : (N, F), fold_agreement : (N,)
        As `average_folds` describes them; None for a single fold.
    second_path
        The windows that were computed twice, whichever rows were read; None in files of an older
        release.
    path
        The file.
    """

    chrom: NDArray[np.object_]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    name: NDArray[np.object_]
    strand: NDArray[np.object_]
    summit: NDArray[np.int64]
    sequences: NDArray[np.int8]
    target: NDArray[np.float32]
    reference_target: NDArray[np.float32] | None
    residual: NDArray[np.float32] | None
    standard_error: NDArray[np.float32] | None
    attributes: dict[str, Any]
    hypothetical: Hypothetical = field(default=Hypothetical(), repr=False, compare=False)
    positions: NDArray[np.float32] | None = None
    worst_residual: NDArray[np.float32] | None = None
    fold_target: NDArray[np.float32] | None = None
    fold_agreement: NDArray[np.float32] | None = None
    second_path: SecondPath | None = None
    path: Path | None = None

    @property
    def contributions(self) -> NDArray[np.float32]:
        """Contributions of the observed bases, (N, L, 4)."""
        scores = self.hypothetical if self.positions is None else self.positions[..., None]
        return (scores * self.sequences).astype(np.float32)


_NOT_ROWS = ("attributes", "second_path", "path")
_FIELDS = {
    "chrom": "coords_chrom",
    "start": "coords_start",
    "end": "coords_end",
    "sequences": "input_seqs",
    "hypothetical": "hyp_scores",
    "positions": "position_scores",
}


def read_scores(path: str | Path, rows: slice = slice(None)) -> ScoreFile:
    """Read a score file, or the given rows of it.

    Raises
    ------
    InputError
        If the file is missing, cut short, or not a score file of a known version.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> scores = dg.read_scores("results/demo/counts.scores.h5")
    >>> scores["peak_0005"].contributions.shape  # by the name of a region
    (1, 500, 4)
    >>> str(scores["chr1:4,300-4,450"].name[0])  # by a place
    'peak_0005'
    >>> scores.regions[["name", "chrom", "start", "end"]].shape
    (350, 4)
    >>> axes = scores.plot("peak_0005", zoom=100)
    """
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        values: dict[str, Any] = {}
        for key in ScoreFile.__dataclass_fields__:
            name = _FIELDS.get(key, key)
            if key not in _NOT_ROWS:
                values[key] = read_dataset(file[name], rows) if name in file else None
        return ScoreFile(
            **values,
            attributes=read_attributes(file),
            second_path=read_second_path(file),
            path=Path(path),
        )


def require_hypothetical(file: h5py.File) -> None:
    """Raise InputError if a score file has scores of positions only."""
    if "hyp_scores" not in file:
        method = read_attributes(file).get("method", "")
        raise InputError(f"{file.filename} ({method}) has {ONLY_POSITIONS}")


def observed(file: h5py.File, rows: Any) -> NDArray[np.float32]:
    """Return the contribution of the observed base at each position (n, L) of some rows.

    It is 0 where none was computed (see `span`).
    """
    sequences = file["input_seqs"][rows]
    if "hyp_scores" not in file:
        return file["position_scores"].astype(np.float32)[rows] * sequences.any(axis=-1)
    return filled(file, (file["hyp_scores"].astype(np.float32)[rows] * sequences).sum(axis=-1))


def read_dataset(dataset: h5py.Dataset, rows: slice) -> NDArray:
    """Return rows of a dataset: text as str, and float16 scores as float32."""
    if h5py.check_string_dtype(dataset.dtype):
        return dataset.asstr()[rows]
    return dataset.astype(np.float32)[rows] if dataset.dtype == np.float16 else dataset[rows]


def rows_of_shard(n: int, position: int, n_shards: int) -> slice:
    """Return which of `n` windows are in a shard: whole chunks, except at the end of all windows.

    ``rows_of_shard(100, 1, 3)`` is ``slice(32, 64)``.
    """
    chunks = -(-n // ROWS_PER_CHUNK)
    first, last = (i * chunks // n_shards * ROWS_PER_CHUNK for i in (position, position + 1))
    return slice(min(first, n), min(last, n))


def contig_lengths(file: h5py.File) -> dict[str, int]:
    """Return the length of each contig of the genome, from the attributes of a score file.

    Raises
    ------
    InputError
        If they cannot be read.
    """
    return {name: int(length) for name, length in _of_contigs(file, "contig_lengths").items()}


def contig_names(file: h5py.File) -> dict[str, str]:
    """Return the genome's own name of each contig that the region file calls otherwise.

    Raises
    ------
    InputError
        If they cannot be read.
    """
    return {name: str(own) for name, own in _of_contigs(file, "contig_names").items()}


def _of_contigs(file: h5py.File, attribute: str) -> dict[str, str | int]:
    """Return what an attribute says of each contig."""
    try:
        found = json.loads(file.attrs[attribute])
        kind = int if attribute == "contig_lengths" else str
        return {str(name): kind(value) for name, value in found.items()}
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{file.filename} is damaged: its {attribute} cannot be read. Delete it and run again."
        ) from error
