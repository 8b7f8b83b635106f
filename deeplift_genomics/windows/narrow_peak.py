"""The kept windows as a narrowPeak file (``windows.narrowPeak``), for other programs.

Fi-NeMo and `modisco seqlet-bed` find the place of a window in the row of a narrowPeak file that
has the window's number. The user's own region file does not serve: regions may have been dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import h5py

from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.windows.file import LAYOUT

_ROWS = 1 << 14  # windows read at a time
_UNKNOWN = ("0", "-1", "-1")  # signalValue, pValue and qValue, as UCSC writes "not assigned"


def write_narrow_peak(windows_path: str | Path, output: str | Path) -> None:
    """Write a row of ten columns for each window of a windows file, in its order.

    The region is the window, and the summit is what the window is centred on.

    Raises
    ------
    InputError
        If the windows file cannot be read, or the output cannot be written.
    """
    with (
        atomic_path(output) as temporary,
        temporary.open("w", encoding="utf-8", newline="\n") as file,
    ):
        file.writelines(_lines(windows_path))


def _lines(windows_path: str | Path) -> Iterator[str]:
    """Yield the lines of a windows file."""
    with open_typed(windows_path, "windows", LAYOUT) as file:
        yield from peak_lines(file)


def peak_lines(file: h5py.File, before: str = "") -> Iterator[str]:
    """Yield a line for each window of an open file.

    Parameters
    ----------
    before
        How the names of contig, start and end begin: ``coords_`` in a score file.
    """
    texts, numbers = (f"{before}chrom", "name", "strand"), (f"{before}start", f"{before}end")
    for first in range(0, len(file["summit"]), _ROWS):
        rows = slice(first, first + _ROWS)
        chrom, name, strand = (file[key].asstr()[rows] for key in texts)
        start, end, summit = (file[key][rows].tolist() for key in (*numbers, "summit"))
        for i, begin in enumerate(start):
            fields = (chrom[i], begin, end[i], name[i], 0, strand[i], *_UNKNOWN)
            yield "\t".join(map(str, (*fields, summit[i] - begin))) + "\n"
