"""The measured signal at the windows: reads at each base, from bigWig files."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.bigwig import Track
from deeplift_genomics.dna.bigwig_header import WHAT
from deeplift_genomics.dna.contigs import NO_ALIASES, Aliases
from deeplift_genomics.dna.signal_files import both_signs, has_both_signs
from deeplift_genomics.errors import InputError
from deeplift_genomics.windows.file import WindowPlaces

log = logging.getLogger(__name__)


class Signal:
    """The bigWig files of a sample's signal, at its windows.

    A base without a value counts as 0. Values of files that hold negative numbers only are taken by
    magnitude, which is logged.

    Parameters
    ----------
    files
        BigWig files, strands in order.
    places
        Where the windows are.
    aliases
        Other names of the contigs.

    Raises
    ------
    InputError
        If a file is missing or damaged, or has no contig in common with the windows.
    """

    def __init__(
        self, files: Sequence[str | Path], places: WindowPlaces, aliases: Aliases = NO_ALIASES
    ) -> None:
        self.places = places
        self._tracks: list[Track] = []
        names = list(dict.fromkeys(places.chrom))
        try:
            for path in files:
                self._tracks.append(Track(Path(path)))
                self._tracks[-1].find_contigs(names, aliases)
        except BaseException:
            self.close()
            raise
        self._range = np.zeros((len(self._tracks), 2))  # smallest and largest value, and 0
        self._missing, self._bases = np.zeros((2, len(self._tracks)), np.int64)

    def __len__(self) -> int:
        """Return the number of files."""
        return len(self._tracks)

    def __enter__(self) -> Signal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, _: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files."""
        for track in self._tracks:
            track.close()

    def read(
        self, rows: slice, offset: int, width: int, files: Sequence[int]
    ) -> NDArray[np.float32]:
        """Return the reads (n, F, width) of some windows, from base `offset` of each on.

        Parameters
        ----------
        files
            Numbers of the F files that are read.

        Raises
        ------
        InputError
            If a file cannot be read, or holds infinite values.
        """
        chrom, start = self.places.chrom[rows], self.places.start[rows] + offset
        values = np.empty((len(chrom), len(files), width), np.float32)
        order = np.lexsort((start, chrom.astype(str)))  # neighbours are together in the file
        for column, number in enumerate(files):
            track = self._tracks[number]
            for row in order:
                values[row, column] = track.values(chrom[row], int(start[row]), width)
            self._note(number, values[:, column])
        return np.abs(np.nan_to_num(values, copy=False, nan=0.0))

    def _note(self, number: int, values: NDArray[np.float32]) -> None:
        """Note the range of a file's values; raise InputError if one is infinite."""
        known = values[~np.isnan(values)]
        self._bases[number] += values.size
        self._missing[number] += values.size - known.size
        if np.isinf(known).any():
            raise InputError(
                f"{WHAT} {self._tracks[number].path} holds infinite values; expected numbers of "
                "reads."
            )
        if known.size:
            least, most = self._range[number]
            self._range[number] = min(least, float(known.min())), max(most, float(known.max()))

    def finish(self) -> None:
        """Log what was noticed while the windows were read.

        Raises
        ------
        InputError
            If the windows have values of both signs in one file.
        """
        for track, (least, most), missing, bases in zip(
            self._tracks, self._range, self._missing, self._bases, strict=True
        ):
            if has_both_signs(least, most):
                raise both_signs(track.path, least, most)
            if -least > most:
                log.info(
                    "%s holds negative numbers, as minus strands often do; their magnitude is "
                    "taken",
                    track.path.name,
                )
            if least == most == 0:
                log.warning("%s has no read at any window", track.path.name)
            log.info(
                "%s: %d of %d bases had no value and count as zero",
                track.path.name,
                missing,
                bases,
            )
            track.warn()


def files_of_tasks(tasks: Sequence[tuple[str, int]], n_files: int) -> list[tuple[int, ...]]:
    """Return which bigWig files each task is compared with.

    Parameters
    ----------
    tasks
        Label and number of strands of each task that the sample's targets explain; 0 strands for a
        unit of a classifier, which takes all files together.
    n_files
        Number of files.

    Raises
    ------
    InputError
        If it is neither the number of strands of all tasks nor that of tasks.
    """
    strands = [number for _, number in tasks]
    if not any(strands):
        return [tuple(range(n_files)) for _ in tasks]
    sizes = {sum(strands): strands, len(tasks): [1] * len(tasks)}.get(n_files)
    if sizes is None or not all(strands):
        raise _wrong_number(tasks, n_files)
    ends = np.cumsum(sizes)
    return [tuple(range(end - size, end)) for end, size in zip(ends.tolist(), sizes, strict=True)]


def _wrong_number(tasks: Sequence[tuple[str, int]], n_files: int) -> InputError:
    """Return the error for signal files that cannot be told apart by their number."""
    strands = sum(max(number, 1) for _, number in tasks)
    each = ", ".join(
        f"{label} ({number} strand{'s' if number > 1 else ''})" for label, number in tasks
    )
    least = len(tasks)
    wanted = f"{least} file{'s' if least > 1 else ''}"
    wanted += f", or {strands} with the strands in order" if strands > least else ""
    wanted += "" if least == 1 else ", in the order of the targets"
    return InputError(
        f"The measured signal (column 'signal') has {n_files} bigWig file{'s' * (n_files > 1)}, "
        f"and the targets explain {each}. Expected {wanted}. Join "
        "files that belong together, for example by bigWigMerge, or make a sample for each task."
    )
