"""The tracks step: contributions along the genome, as a bigWig file.

Windows are read from left to right, a few at a time, so that memory does not grow with their
number. A base of several windows gets one value, by one of two policies.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
import pyBigWig
from numpy.typing import NDArray

from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files.atomic import atomic_path, cannot_write
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.scores.file import SCORE_LAYOUT, contig_lengths, observed
from deeplift_genomics.scores.span import scored
from deeplift_genomics.scores.streamed import write_streamed
from deeplift_genomics.settings.choices import OVERLAPS, SEQUENCES

log = logging.getLogger(__name__)

# Zoom levels are what browsers show from afar. pyBigWig makes them at the end, from up to 13 bytes
# of memory per base; a file of more bases is written by a library that needs no such memory.
ZOOMED = 50_000_000
_MOST_ZOOMS = 10
_ROWS = 64  # windows read at a time
_PLACES = 65536  # places of windows read at a time
_TRIED = 1 << 20  # bytes that show why a disk takes no more

# the start of a stretch, and one value per base
Stretch = tuple[int, NDArray[np.float32]]


def write_track(scores_path: str | Path, output: str | Path, overlap: str) -> int:
    """Write the contribution of the observed base at every position of a window that has one.

    Parameters
    ----------
    overlap
        The value of a base of several windows: "centre" takes the window with the nearest centre
        (the right one of two equally near), "mean" the mean over all windows.

    Returns
    -------
    int
        Number of bases with a value.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type, or the policy is not known.
    DiskError
        If the track cannot be written.
    """
    with open_track(scores_path, overlap) as track, atomic_path(output) as temporary:
        try:
            written = _write(temporary, track)
        except RuntimeError as error:
            raise _not_written(temporary, output, str(error)) from error
        _check_written(temporary, output, written)
    log.info("%s: %d bases of %d windows", output, written, track.n_windows)
    return written


class Track(NamedTuple):
    """The contributions along a genome, from left to right.

    Attributes
    ----------
    contigs
        Contigs and their lengths, by name.
    n_windows, n_bases
        Number of windows, and of their bases.
    stretches
        Contig, start and values of all stretches, sorted and apart.
    """

    contigs: dict[str, int]
    n_windows: int
    n_bases: int
    stretches: Iterator[tuple[str, int, NDArray[np.float32]]]


@contextmanager
def open_track(scores_path: str | Path, overlap: str) -> Iterator[Track]:
    """Yield the contributions of the observed bases of a score file along the genome.

    Parameters and errors are those of `write_track`.
    """
    if overlap not in OVERLAPS:
        raise InputError(f"Overlap {overlap!r} is not known; there are {', '.join(OVERLAPS)}.")
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        if file.attrs.get("regions_format") == SEQUENCES:
            raise InputError(
                f"{scores_path} is of sequences without a genome, so there is no place for a "
                "track. Its hyp_scores times input_seqs are the contributions of each sequence."
            )
        lengths = contig_lengths(file)
        places, contigs = _read_places(file, lengths), {n: lengths[n] for n in sorted(lengths)}
        n = len(places.row)
        with Progress(what="tracks", unit="window", total=n) as bar:
            stretches = _stretches(file, places, list(contigs), overlap=overlap, bar=bar)
            yield Track(contigs, n, n * file["input_seqs"].shape[1], stretches)


@dataclass(frozen=True)
class _Places:
    """The windows from left to right: row of the score file, number of the contig, start."""

    row: NDArray[np.int64]
    contig: NDArray[np.int64]
    start: NDArray[np.int64]


def _read_places(file: h5py.File, lengths: Mapping[str, int]) -> _Places:
    """Read where the windows are, and sort them."""
    contigs = sorted(lengths)
    number = {name: index for index, name in enumerate(contigs)}
    n = len(file["coords_start"])
    contig = np.empty(n, dtype=np.int64)
    for first in range(0, n, _PLACES):  # as text, names take ten times the memory
        names = file["coords_chrom"].asstr()[first : first + _PLACES]
        contig[first : first + _PLACES] = [number[name] for name in names]
    start = file["coords_start"][:]
    room = np.array([lengths[name] for name in contigs], dtype=np.int64)
    if ((start < 0) | (start > room[contig] - file["input_seqs"].shape[1])).any():
        raise InputError(
            f"{file.filename} is damaged: windows leave their contigs. Delete it and run again."
        )
    row = np.lexsort((start, contig))
    return _Places(row, contig[row], start[row])


def _write(path: Path, track: Track) -> int:
    """Write all contigs in the order of their names; return the number of bases."""
    if track.n_bases > ZOOMED:
        return write_streamed(path, track.contigs, track.stretches)
    file = pyBigWig.open(str(path), "w")
    file.addHeader(list(track.contigs.items()), maxZooms=_MOST_ZOOMS)
    written = 0
    for contig, begin, values in track.stretches:
        file.addEntries(contig, begin, values=values, span=1, step=1)
        written += len(values)
    file.close()
    return written


def _stretches(
    file: h5py.File, places: _Places, contigs: Sequence[str], *, overlap: str, bar: Progress
) -> Iterator[tuple[str, int, NDArray[np.float32]]]:
    """Yield contig, start and values of all stretches, from left to right."""
    join = nearest_centre if overlap == "centre" else mean
    span = scored(file)
    for number in np.unique(places.contig):
        first, last = np.searchsorted(places.contig, [number, number + 1])
        rows = (values[span] for values in _contributions(file, places.row[first:last], bar))
        starts = places.start[first:last] + span.start
        for begin, values in join(starts, rows, span.stop - span.start):
            yield contigs[number], begin, values


def _contributions(file: h5py.File, rows: NDArray, bar: Progress) -> Iterator[NDArray[np.float32]]:
    """Yield the contributions of the observed bases (L,) of each row, in the given order."""
    for first in range(0, len(rows), _ROWS):
        some = rows[first : first + _ROWS]
        ordered, back = np.unique(some, return_inverse=True)
        taken: Any = ordered
        if ordered[-1] - ordered[0] == len(ordered) - 1:
            taken = slice(ordered[0], ordered[-1] + 1)  # many times faster than a list
        values = observed(file, taken)
        if not np.isfinite(values).all():  # pyBigWig can write them, but not read them
            raise InputError(
                f"{file.filename} holds scores that are not finite. Delete it and run again."
            )
        yield from values[back]
        bar.update(len(some))


def nearest_centre(
    start: NDArray[np.int64], rows: Iterator[NDArray[np.float32]], length: int
) -> Iterator[Stretch]:
    """Yield stretches in which each base has the value of the window with the nearest centre.

    Of two equally near centres, the right one counts.

    Parameters
    ----------
    start
        Starts of the windows (N,), in order, 0-based; each window has `length` bases, and its
        centre is ``length // 2`` after its start.
    rows
        Values of each window (L,).
    """
    centre = start + length // 2
    border = (centre[:-1] + centre[1:] + 1) // 2  # the right window begins here
    left = np.maximum(start, np.concatenate([start[:1], border]))
    right = np.minimum(start + length, np.concatenate([border, start[-1:] + length]))
    for begin, first, last, values in zip(start, left, right, rows, strict=True):
        if last > first:
            yield int(first), values[first - begin : last - begin]


def mean(
    start: NDArray[np.int64], rows: Iterator[NDArray[np.float32]], length: int
) -> Iterator[Stretch]:
    """Yield stretches in which each base has the mean value over its windows.

    The parameters are those of `nearest_centre`.
    """
    total, count = np.zeros(length), np.zeros(length)
    origin = int(start[0])  # of the sums, which reach to the end of the last window read
    for begin, values in zip(start.tolist(), rows, strict=True):
        done = min(begin - origin, length)  # no later window covers these
        if done:
            yield origin, (total[:done] / count[:done]).astype(np.float32)
            total = np.concatenate([total[done:], np.zeros(done)])
            count = np.concatenate([count[done:], np.zeros(done)])
        origin = begin
        total += values
        count += 1
    yield origin, (total / count).astype(np.float32)


def _check_written(path: Path, output: str | Path, written: int) -> None:
    """Raise DiskError if bases are missing: a disk that was full at the end raises no error."""
    try:
        with pyBigWig.open(str(path)) as track:
            found = track.header()["nBasesCovered"]
    except RuntimeError:
        found = 0
    if found != written:
        raise _not_written(path, output, f"{found} of {written} bases are in it")


def _not_written(path: Path, output: str | Path, problem: str) -> DiskError:
    """Return the error for a track whose writer does not tell why the disk refused it."""
    try:
        with path.open("ab") as file:
            file.write(bytes(_TRIED))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return cannot_write(Path(output), path, error)
    return DiskError(f"Cannot write {output} (is the disk full?): {problem}. Run again.")
