"""Controls: values for a model's control inputs, read from bigWig files.

A BPNet-style model may take the reads of a control experiment beside the sequence: a profile
(length, strands) and the logarithm of the number of reads. Both are read from the same files, once
for all windows, and stored in the windows file, so that scoring opens no bigWig file. A window and
its references get the same values.

log(1 + sum) is the natural logarithm, and the sum is over the bases of the profile, for each file
on its own. bpnet-refactor (Kundaje lab) does the same in training and interpretation.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bigwig import WHAT, Track
from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.settings.choices import MOST_COUNTS
from deeplift_genomics.windows.file import CONTROLS, Windows
from deeplift_genomics.windows.losses import warning_of_empty

log = logging.getLogger(__name__)

_PIECE = 1024  # windows read and written at a time

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Filling:
    """The way to fill one control input: from each file on its own, or from their sum."""

    name: str
    shape: Shape
    counts: bool
    summed: bool

    def values(self, profile: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the values of the input, from values (n, bases, files)."""
        if self.counts:
            totals = profile.sum(axis=1, dtype=np.float64)
            made = np.log1p(totals.sum(axis=1) if self.summed else totals)
        else:
            made = profile.sum(axis=2) if self.summed else profile
        return made.astype(np.float32).reshape(len(profile), *self.shape)


@dataclass(frozen=True)
class ControlPlan:
    """A plan: which files fill which inputs, from which bases.

    `offset` and `width` give the bases of a window that are read: those of the profile input, or
    all bases if there is no profile input.
    """

    files: tuple[Path, ...]
    fillings: tuple[Filling, ...]
    window_length: int
    offset: int
    width: int
    aliases: Aliases = NO_ALIASES

    def describe(self, filling: Filling) -> str:
        """Return a filling in words, as it is stored in the windows file."""
        bases = f"the central {self.width} of {self.window_length} bp"
        if self.width == self.window_length:
            bases = "the whole window"
        several = len(self.files) > 1
        of_files = "sum of all files" if filling.summed else "each file" if several else "the file"
        if filling.counts:
            return f"log(1 + sum over {bases}), {of_files}"
        return f"values at {bases}, {of_files}"


def plan_controls(
    inputs: Mapping[str, Sequence[int]],
    files: Sequence[str | Path],
    window_length: int,
    aliases: Aliases = NO_ALIASES,
) -> ControlPlan:
    """Decide which control inputs the files fill, and how.

    Parameters
    ----------
    inputs
        Name of each control input of the model -> its shape without the batch axis. The profile
        is (bases, strands) or (bases,), with more than 16 bases or "profile" in its name; the
        log-counts are (strands,) or (1,), with "count" in their name or at most 16 values.
    files
        BigWig files, strands in order.
    window_length
        Length of the window (bp); a shorter profile takes the central bases.
    aliases
        Other names of the contigs.

    Raises
    ------
    InputError
        If a file is missing or damaged, or inputs and files do not fit.
    """
    paths = tuple(Path(path) for path in files)
    shapes = {name: tuple(int(size) for size in shape) for name, shape in inputs.items()}
    if not shapes:
        raise InputError(
            f"Controls are given ({_names(paths)}), but the model has no control input. Remove "
            "them, or give the model that was trained with them."
        )
    for path in paths:
        with Track(path):  # a damaged file is then refused before anything is computed
            pass
    known = f"Control inputs: {_shapes(shapes)}. Files, strands in order: {_names(paths)}."
    kinds = {name: _kind(name, shape) for name, shape in shapes.items()}
    for kind in ("profile", "counts"):
        several = [name for name in kinds if kinds[name] == kind]
        if len(several) > 1:
            raise InputError(
                f"The model has {len(several)} control inputs for {kind}, and it is unknown which "
                f"file belongs to which. {known}"
            )
    odd = [name for name in kinds if not kinds[name]]
    if odd:
        raise InputError(
            f"Control input {odd[0]!r} is neither a profile (bases, strands) nor log-counts "
            f"(strands): it cannot be filled from bigWig files. {known}"
        )
    fillings = tuple(
        _filling(name, shape, counts=kinds[name] == "counts", n_files=len(paths), known=known)
        for name, shape in shapes.items()
    )
    width = next((item.shape[0] for item in fillings if not item.counts), window_length)
    if width > window_length:
        raise InputError(
            f"The control profile takes {width} bases, more than the window's {window_length}; "
            f"only a part of the window can be filled. {known}"
        )
    offset = window_length // 2 - width // 2
    return ControlPlan(paths, fillings, window_length, offset, width, aliases)


def files_needed(inputs: Mapping[str, Sequence[int]]) -> int | None:
    """Return how many bigWig files fill all control inputs, given as name -> shape.

    None if no files can: an input is neither a profile nor log-counts, there are two of a kind, or
    they differ in their strands.
    """
    shapes = {name: tuple(shape) for name, shape in inputs.items()}
    kinds = [_kind(name, shape) for name, shape in shapes.items()]
    if None in kinds or len(set(kinds)) < len(kinds):
        return None
    strands = {
        math.prod(shape if kind == "counts" else shape[1:])
        for shape, kind in zip(shapes.values(), kinds, strict=True)
    } - {1}
    return None if len(strands) > 1 else strands.pop() if strands else 1


def _kind(name: str, shape: Shape) -> str | None:
    """Return "profile", "counts" or None: by the name of an input first, then by its shape."""
    if len(shape) not in (1, 2):
        return None
    if "profile" in name.lower() or shape[0] > MOST_COUNTS:
        return "profile"
    return "counts" if len(shape) == 1 or "count" in name.lower() else None


def _filling(name: str, shape: Shape, *, counts: bool, n_files: int, known: str) -> Filling:
    """Return the way to fill an input from files; InputError if their numbers do not fit."""
    strands = math.prod(shape) if counts else math.prod(shape[1:])
    if strands not in (1, n_files):
        raise InputError(
            f"Control input {name!r} takes {strands} strands, but {n_files} bigWig "
            f"file{'s are' if n_files > 1 else ' is'} given; give one for each strand. {known}"
        )
    return Filling(name, shape, counts, summed=strands < n_files)


def _shapes(shapes: Mapping[str, Shape]) -> str:
    """Return inputs and their shapes for a message."""
    return ", ".join(f"{name} ({', '.join(map(str, shape))})" for name, shape in shapes.items())


def _names(paths: Sequence[Path]) -> str:
    """Return the names of files for a message or an attribute."""
    return ", ".join(path.name for path in paths)


def control_writer(plan: ControlPlan, windows: Windows) -> Callable[[h5py.File], None]:
    """Return the callback by which `write_windows` stores the controls of the windows.

    Every input becomes a dataset (N, *shape) float32 with the attributes `input`, `files`,
    `digests`, `filled`, `n_missing` and `n_empty`. The last two are the number of bases, over all
    windows and files, without a value (they count as zero), and the number of windows of which all
    values are zero.
    """

    def write(file: h5py.File) -> None:
        group = file.create_group(CONTROLS)
        number = len(windows)
        datasets = {}
        for filling in plan.fillings:
            per_chunk = (1 << 18) // max(math.prod(filling.shape), 1)
            datasets[filling.name] = group.create_dataset(
                filling.name.replace("/", "_"),
                (number, *filling.shape),
                np.float32,
                chunks=(max(1, min(number, per_chunk)), *filling.shape),
                compression=1,
                shuffle=True,
                track_times=False,
            )
        n_missing = n_empty = 0
        for rows, profile, missing in _read(plan, windows):
            n_missing += missing
            n_empty += int((~profile.any(axis=(1, 2))).sum())
            for filling in plan.fillings:
                datasets[filling.name][rows] = filling.values(profile)
        digests = ", ".join(map(digest, plan.files))
        for filling in plan.fillings:
            attributes = datasets[filling.name].attrs
            attributes["input"] = filling.name
            attributes["files"] = _names(plan.files)
            attributes["digests"] = digests
            attributes["filled"] = plan.describe(filling)
            attributes["n_missing"] = n_missing
            attributes["n_empty"] = n_empty
        log.info(
            "controls: %d of %d bases had no value and count as zero",
            n_missing,
            number * plan.width * len(plan.files),
        )
        if warning := warning_of_empty(n_empty, number, _names(plan.files)):
            log.warning("%s", warning)

    return write


def read_controls(plan: ControlPlan, windows: Windows) -> dict[str, NDArray[np.float32]]:
    """Return the values of each control input (N, ...) at a few windows.

    Raises
    ------
    InputError
        If a file has values that cannot be numbers of reads.
    """
    found: dict[str, list[NDArray[np.float32]]] = {item.name: [] for item in plan.fillings}
    for _, profile, _ in _read(plan, windows):
        for filling in plan.fillings:
            found[filling.name].append(filling.values(profile))
    return {name: np.concatenate(parts) for name, parts in found.items()}


def _read(plan: ControlPlan, windows: Windows) -> Iterator[tuple[slice, NDArray[np.float32], int]]:
    """Yield rows, their values (n, width, files) and the number missing, a piece at a time."""
    tracks = [Track(path) for path in plan.files]
    try:
        for track in tracks:
            track.find_contigs(list(dict.fromkeys(windows.chrom)), plan.aliases)
        progress = Progress(what="controls", unit="window", total=len(windows))
        for first in range(0, len(windows), _PIECE):
            rows = slice(first, min(first + _PIECE, len(windows)))
            chrom, start = windows.chrom[rows], windows.start[rows] + plan.offset
            values = np.empty((len(chrom), plan.width, len(tracks)), np.float32)
            order = np.lexsort((start, chrom.astype(str)))  # neighbours are together in the file
            for column, track in enumerate(tracks):
                for row in order:
                    values[row, :, column] = track.values(chrom[row], int(start[row]), plan.width)
            missing = np.isnan(values)
            values[missing] = 0
            _check_values(values, plan)
            yield rows, values, int(missing.sum())
            progress.update(len(chrom))
        progress.close()
        for track in tracks:
            track.warn()
    finally:
        for track in tracks:
            track.close()


def _check_values(values: NDArray[np.float32], plan: ControlPlan) -> None:
    """Raise InputError for values that cannot be numbers of reads."""
    counted = any(filling.counts for filling in plan.fillings)
    for wrong, what in ((np.isinf(values), "infinite"), (values < 0, "negative")):
        if wrong.any() and (counted or what == "infinite"):
            column = int(np.argwhere(wrong)[0][2])
            raise InputError(
                f"{WHAT} {plan.files[column]} holds {what} values, which have no log-counts. "
                "Expected numbers of reads, positive on the minus strand, too."
            )
