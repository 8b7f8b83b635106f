"""BED9 as bigBed, which genome browsers read in part, over the network.

pybigtools writes the file, and declares three columns. Its heading is corrected afterwards, because
browsers show only the columns that it declares. The layout is that of Kent et al., *BigWig and
BigBed*, Bioinformatics 26 (2010), with its supplement.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pybigtools

from deeplift_genomics.files.atomic import writing
from deeplift_genomics.files.native import native_stderr_closed
from deeplift_genomics.instances.browser import Place

# no longer than the declaration of three columns that it replaces
AUTO_SQL = b"""table motif
"Instances"
(
string chrom;"-"
uint chromStart;"start"
uint chromEnd;"end"
string name;"motif"
uint score;"0-1000"
char[1] strand;"+/-"
uint thickStart;"-"
uint thickEnd;"-"
uint itemRgb;"RGB"
)"""
_COLUMNS = 9
_MAGIC = 0x8789F2EB
_HEADING = struct.Struct("<IHHQQQHHQQIQ")
_COLUMNS_AT = struct.calcsize("<IHHQQQ")
_COUNT = struct.Struct("<Q")
_SUMMARY = struct.Struct("<Qdddd")  # bases covered; least, largest, sum and sum of squares
_INDEX = struct.Struct("<IIQIIIIQII")
_LEAF = struct.Struct("<BBH")


class _Heading(NamedTuple):
    """The first bytes of the file: places of its parts, and what it declares."""

    magic: int
    version: int
    zooms: int
    contigs: int
    data: int
    tree: int
    columns: int
    defined_columns: int
    auto_sql: int
    summary: int
    buffer: int
    extension: int


def write_bigbed(path: Path, contigs: Mapping[str, int], places: Iterable[Place]) -> None:
    """Write the lines of a BED9 file, sorted by contig and start, as bigBed.

    Parameters
    ----------
    contigs
        Contigs of the genome, at least one, and their lengths.

    Raises
    ------
    OSError
        If the file cannot be completed; it names the file.
    """
    caught = _Caught(places)
    with native_stderr_closed(), writing(path, library=True):
        try:
            pybigtools.open(str(path), "w").write(dict(contigs), caught.entries(contigs))
        except BaseException as error:
            if type(error).__name__ != "PanicException":  # what a crash of the library looks like
                raise
    if caught.error is not None:
        raise caught.error
    with writing(path, library=True), path.open("r+b") as file:
        _correct(file, caught.number)


class _Caught:
    """Entries for the library, which would pass over an error of whoever makes them."""

    def __init__(self, places: Iterable[Place]) -> None:
        self.number = 0
        self.error: BaseException | None = None
        self._places = places

    def entries(self, contigs: Mapping[str, int]) -> Iterator[tuple[str, int, int, str]]:
        """Yield the places; or, because the library cannot write none, a first base for them."""
        try:
            for place in self._places:
                self.number += 1
                yield place.chrom, place.start, place.end, place.rest
        except GeneratorExit:  # the library has failed
            raise
        except BaseException as error:
            self.error = error
            return
        if not self.number:
            yield next(iter(contigs)), 0, 1, ""


def _correct(file: BinaryIO, number: int) -> None:
    """Write what the file declares: nine columns, and no entry if it has none.

    Raises OSError if the file is not whole: the library passes over errors of the disk.
    """
    heading = _Heading(*_HEADING.unpack(file.read(_HEADING.size).ljust(_HEADING.size, b"\0")))
    file.seek(heading.data)
    entries = file.read(_COUNT.size)
    if heading.magic != _MAGIC or entries != _COUNT.pack(max(number, 1)):
        raise OSError("the file is not whole")
    room = heading.summary - heading.auto_sql
    if len(AUTO_SQL) >= room:
        raise RuntimeError(f"pybigtools leaves {room} bytes for the declaration of the columns")
    file.seek(_COLUMNS_AT)
    file.write(struct.pack("<HH", _COLUMNS, _COLUMNS))
    file.seek(heading.auto_sql)
    file.write(AUTO_SQL.ljust(room, b"\0"))
    if not number:
        _empty(file, heading)


def _empty(file: BinaryIO, heading: _Heading) -> None:
    """Take out the only entry: from the count, the summary, the index and the data."""
    file.seek(heading.data)
    file.write(_COUNT.pack(0))
    file.write(bytes(heading.contigs - file.tell()))
    file.seek(heading.summary)
    file.write(_SUMMARY.pack(0, 0, 0, 0, 0))
    file.seek(heading.tree)
    index = list(_INDEX.unpack(file.read(_INDEX.size)))
    index[2:7] = [0] * 5  # number of entries, and the span that they cover
    file.seek(heading.tree)
    file.write(_INDEX.pack(*index))
    leaf, _, _ = _LEAF.unpack(file.read(_LEAF.size))
    file.seek(-_LEAF.size, 1)
    file.write(_LEAF.pack(leaf, 0, 0))
