"""Contributions along the genome as bedGraph, the text that bigWig is made from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from deeplift_genomics.files.atomic import atomic_path, writing
from deeplift_genomics.scores.tracks import Track, open_track


def write_bedgraph(scores_path: str | Path, output: str | Path, overlap: str) -> int:
    """Write the contribution of the observed base at every position of a window that has one.

    Neighbouring bases with one value share a line. Numbers have the nine digits that give the
    stored value back.

    Parameters
    ----------
    overlap
        The value of a base of several windows, as `tracks.write_track` takes it.

    Returns
    -------
    int
        Number of lines.

    Raises
    ------
    InputError
        If the file is missing, damaged or of another type, or the policy is not known.
    DiskError
        If the file cannot be completed.
    """
    n = 0
    with (
        open_track(scores_path, overlap) as track,
        atomic_path(output) as temporary,
        writing(temporary),
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        for line in _lines(track):
            file.write(line)
            n += 1
    return n


def _lines(track: Track) -> Iterator[str]:
    """Yield the lines, sorted by contig and start."""
    for contig, begin, values in track.stretches:
        first = np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))
        ends = [*first[1:].tolist(), len(values)]
        for start, end in zip(first.tolist(), ends, strict=True):
            yield f"{contig}\t{begin + start}\t{begin + end}\t{values[start]:.9g}\n"
