"""Score files written for other programs: one row of `FORMATS` for each format.

The programs read arrays with channels first, (N, 4, L), and their own names of arrays. Rows are the
windows in the order of windows.narrowPeak, which is written where a program needs places.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.scores.bedgraph import write_bedgraph
from deeplift_genomics.scores.file import SCORE_LAYOUT, require_hypothetical
from deeplift_genomics.scores.npz import Parts, write_npz
from deeplift_genomics.scores.span import filled
from deeplift_genomics.scores.tracks import write_track
from deeplift_genomics.windows.narrow_peak import peak_lines

log = logging.getLogger(__name__)

_ROWS = 512  # windows read at a time


class Format(NamedTuple):
    """A format: a function that writes it and returns the files, and what it is for.

    The function takes the score file, the output, and the value of a base of several windows.
    """

    write: Callable[[Path, Path, str], list[Path]]
    meaning: str


def export_scores(
    scores: str | Path, name: str, output: str | Path, *, overlap: str = "centre"
) -> list[Path]:
    """Write a score file in a format of `FORMATS` and return the files.

    Parameters
    ----------
    scores
        The score file.
    name
        A key of `FORMATS`.
    output
        The file, or the beginning of the names of several.
    overlap
        Of tracks, the value of a base of several windows, as `tracks.write_track` takes it.

    Raises
    ------
    InputError
        If the format is not known, or the score file is missing, damaged, or lacks what it needs.
    DiskError
        If a file cannot be completed.
    """
    if name not in FORMATS:
        near = get_close_matches(name.lower().replace("_", "-"), FORMATS, n=1, cutoff=0.4)
        raise InputError(
            f"The format {name!r} is not known"
            + (f"; did you mean {near[0]!r}?" if near else ".")
            + f" The formats are {', '.join(FORMATS)}."
        )
    written = FORMATS[name].write(Path(scores), Path(output), overlap)
    log.info("%s: %s", scores, ", ".join(map(str, written)))
    return written


def _modisco(scores: Path, output: Path, overlap: str) -> list[Path]:
    """Write two archives of one array each, for `modisco motifs -s -a`."""
    with open_typed(scores, "scores", SCORE_LAYOUT) as file:
        return _pair(file, output, ("sequences.npz", "attributions.npz"))


def _finemo(scores: Path, output: Path, overlap: str) -> list[Path]:
    """Write the same archives and the places of the windows, for `finemo extract-regions-...`."""
    with open_typed(scores, "scores", SCORE_LAYOUT) as file:
        found = _pair(file, output, ("sequences.npz", "attributions.npz"))
        return [*found, _write_peaks(file, _named(output, "narrowPeak"))]


def _bpnet_lite(scores: Path, output: Path, overlap: str) -> list[Path]:
    """Write what `bpnet attribute` does, and the places of the windows, for `bpnet seqlets`."""
    with open_typed(scores, "scores", SCORE_LAYOUT) as file:
        found = _pair(file, output, ("ohe.npz", "attr.npz"))
        index = _named(output, "idx.npy")
        with atomic_path(index) as temporary, temporary.open("wb") as handle:
            np.save(handle, np.arange(len(file["input_seqs"])))
        return [*found, index, _write_peaks(file, _named(output, "narrowPeak"))]


def _tangermeme(scores: Path, output: Path, overlap: str) -> list[Path]:
    """Write sequences `X` and contributions of the observed bases `X_attr` into one archive."""
    with open_typed(scores, "scores", SCORE_LAYOUT) as file:
        require_hypothetical(file)
        path = _ending(output, ".npz")
        sequences = Parts(_shape(file), np.int8, _sequences(file))
        parts = (
            bases * values
            for bases, values in zip(_sequences(file), _hypothetical(file), strict=True)
        )
        write_npz(path, {"X": sequences, "X_attr": Parts(_shape(file), np.float32, parts)})
        return [path]


def _bedgraph(scores: Path, output: Path, overlap: str) -> list[Path]:
    """Write contributions along the genome as text."""
    write_bedgraph(scores, output, overlap)
    return [output]


def _bigwig(scores: Path, output: Path, overlap: str) -> list[Path]:
    """Write contributions along the genome as bigWig."""
    write_track(scores, output, overlap)
    return [output]


FORMATS: dict[str, Format] = {
    "modisco": Format(
        _modisco, "modisco motifs -s OUTPUT.sequences.npz -a OUTPUT.attributions.npz"
    ),
    "finemo": Format(_finemo, "finemo extract-regions-modisco-fmt -s -a -p"),
    "bpnet-lite": Format(_bpnet_lite, "bpnet seqlets"),
    "tangermeme": Format(_tangermeme, "arrays X and X_attr, as its functions take them"),
    "bedgraph": Format(_bedgraph, "text of contig, start, end and value"),
    "bigwig": Format(_bigwig, "genome browsers"),
}


def _pair(file: h5py.File, output: Path, ends: tuple[str, str]) -> list[Path]:
    """Write one-hot sequences and hypothetical contributions (N, 4, L), each as an archive."""
    require_hypothetical(file)
    paths = [_named(output, end) for end in ends]
    for path, dtype, parts in zip(
        paths, (np.int8, np.float32), (_sequences(file), _hypothetical(file)), strict=True
    ):
        write_npz(path, {"arr_0": Parts(_shape(file), dtype, parts)})
    return paths


def _shape(file: h5py.File) -> tuple[int, int, int]:
    """Return the shape (N, 4, L) of the arrays."""
    n, length, channels = file["input_seqs"].shape
    return n, channels, length


def _sequences(file: h5py.File) -> Iterator[NDArray[Any]]:
    """Yield sequences with channels first, some windows at a time."""
    for rows in _blocks(file):
        yield file["input_seqs"][rows].swapaxes(1, 2)


def _hypothetical(file: h5py.File) -> Iterator[NDArray[Any]]:
    """Yield hypothetical contributions likewise, 0 where none were computed."""
    for rows in _blocks(file):
        yield filled(file, file["hyp_scores"].astype(np.float32)[rows]).swapaxes(1, 2)


def _blocks(file: h5py.File) -> Iterator[slice]:
    for first in range(0, len(file["input_seqs"]), _ROWS):
        yield slice(first, first + _ROWS)


def _write_peaks(file: h5py.File, path: Path) -> Path:
    """Write the windows as narrowPeak, a row for each, as the step regions does."""
    with (
        atomic_path(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as handle,
    ):
        handle.writelines(peak_lines(file, "coords_"))
    return path


def _named(output: Path, end: str) -> Path:
    """Return a file whose name begins as the output's."""
    return output.with_name(f"{output.name}.{end}")


def _ending(output: Path, end: str) -> Path:
    """Return the output with this ending, which NumPy expects."""
    return output if output.name.endswith(end) else output.with_name(output.name + end)
