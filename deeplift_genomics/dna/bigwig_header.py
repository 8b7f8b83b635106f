"""The header of a bigWig file: its contigs and the range of its values, read without a library.

The layout is described in Kent et al. 2010, BigWig and BigBed, supplement.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO, NamedTuple

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.system_faults import reading

WHAT = "bigWig file"
_MAGIC, _TREE_MAGIC = 0x888FFC26, 0x78CA8C91
_HEAD, _ZOOM, _TREE_HEAD, _SUMMARY = 64, 24, 32, 40  # bytes
_MOST_CONTIGS = 10_000_000
_LONGEST_NAME = 1 << 16


class BigWigHeader(NamedTuple):
    """What the first blocks of a bigWig file say.

    Attributes
    ----------
    contigs
        Length of each contig.
    least, most
        The smallest and the largest value; both 0 if the file does not say.
    """

    contigs: dict[str, int]
    least: float
    most: float


def read_header(path: str | Path) -> BigWigHeader:
    """Read the header of a bigWig file, and check that the file does not end too early.

    libBigWig reads past the end of a file that was cut short, and crashes the process.

    Raises
    ------
    InputError
        If the file is missing, is not bigWig, or ends before a place that its header names.
    """
    path = require_file(path, WHAT)
    size = path.stat().st_size
    with reading(path), path.open("rb") as file:
        head = file.read(_HEAD)
        order = next((sign for sign in "<>" if head[:4] == struct.pack(f"{sign}I", _MAGIC)), None)
        if order is None:
            raise InputError(f"{path} is no {WHAT}: it does not begin with the sign of one.")
        try:
            _, n_zooms, tree, data, index = struct.unpack(f"{order}HHQQQ", head[4:32])
            (summary,) = struct.unpack(f"{order}Q", head[44:52])
            zooms = struct.iter_unpack(f"{order}IIQQ", _exactly(file, _ZOOM * n_zooms))
            places = [tree, data, index, summary, *(at for zoom in zooms for at in zoom[2:])]
            if max(places) >= size:
                raise EOFError
            least = most = 0.0
            if summary:
                file.seek(summary)
                _, least, most, *_ = struct.unpack(f"{order}Q4d", _exactly(file, _SUMMARY))
            return BigWigHeader(_contigs(file, tree, order), least, most)
        except (EOFError, struct.error):
            raise InputError(f"{WHAT} {path} was cut short. Copy or make it again.") from None


def _contigs(file: BinaryIO, place: int, order: str) -> dict[str, int]:
    """Return the contigs, from the tree that holds their names."""
    file.seek(place)
    magic, _, length, _, number = struct.unpack(f"{order}4IQ", _exactly(file, 24))
    if magic != _TREE_MAGIC or number > _MOST_CONTIGS or length > _LONGEST_NAME:
        raise _damaged(file)
    found: dict[str, int] = {}
    waiting, seen = [place + _TREE_HEAD], set()
    while waiting and len(found) <= number:
        node = waiting.pop()
        if node in seen:
            raise _damaged(file)
        seen.add(node)
        file.seek(node)
        leaf, _, count = struct.unpack(f"{order}BBH", _exactly(file, 4))
        for _ in range(count):
            name = _exactly(file, length).rstrip(b"\0").decode("utf-8", "replace")
            if leaf:
                _, found[name] = struct.unpack(f"{order}II", _exactly(file, 8))
            else:
                waiting += struct.unpack(f"{order}Q", _exactly(file, 8))
    return found


def _damaged(file: BinaryIO) -> InputError:
    """Return the error for a list of contigs that is none."""
    return InputError(
        f"{WHAT} {file.name} is damaged: its list of contigs cannot be read. Copy or make it again."
    )


def _exactly(file: BinaryIO, number: int) -> bytes:
    """Read that many bytes; raise EOFError if there are fewer."""
    found = file.read(number)
    if len(found) < number:
        raise EOFError
    return found
