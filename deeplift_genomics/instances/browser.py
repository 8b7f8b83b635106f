"""Instances for genome browsers: BED9, bgzipped and indexed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pysam

from deeplift_genomics.files.atomic import writing
from deeplift_genomics.files.native import native_stderr_closed
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.table import INSTANCES

HEADING = "#chrom\tstart\tend\tname\tscore\tstrand\tthickStart\tthickEnd\titemRgb\n"
_LONGEST_IN_TBI = 1 << 29  # bases of a contig; the other kind of index, CSI, takes longer ones
_LINES = 4096  # written at a time


class Place(NamedTuple):
    """A line of BED9: its place, and the other six columns as text with tabs."""

    chrom: str
    start: int
    end: int
    rest: str


def places_of(table: Path, colours: Mapping[str, str]) -> Iterator[Place]:
    """Yield the instances of a table as lines of BED9: name is the motif, score its similarity.

    Spaces in a name are written as underscores, because browsers end a column of BED at a space.

    Parameters
    ----------
    colours
        The colour of each motif.
    """
    for row in iterate_table(table, INSTANCES):
        chrom, start, end, motif, _, strand, _, similarity, *_ = row
        score = round(1000 * min(max(similarity, 0.0), 1.0))
        name = "_".join(motif.split())
        rest = f"{name}\t{score}\t{strand}\t{start}\t{end}\t{colours[motif]}"
        yield Place(chrom, start, end, rest)


def write_bed(bed: Path, index: Path, places: Iterable[Place]) -> None:
    """Write BED9, bgzipped, and its tabix index.

    The index is of the kind TBI, or CSI under the same name if a place is beyond the 512 million
    bases that TBI counts; readers tell the kind by its first bytes.

    Raises
    ------
    OSError
        If a file cannot be completed; it names the file.
    """
    furthest = 0
    with native_stderr_closed():
        with writing(bed, library=True), pysam.BGZFile(str(bed), "wb", index=None) as out:
            out.write(HEADING.encode())
            for some in _some(places):
                furthest = max(furthest, *(place.end for place in some))
                out.write("".join("\t".join(map(str, place)) + "\n" for place in some).encode())
        with writing(index, library=True):
            pysam.tabix_index(
                str(bed), preset="bed", index=str(index), csi=furthest > _LONGEST_IN_TBI, force=True
            )


def _some(places: Iterable[Place]) -> Iterator[list[Place]]:
    """Yield the places in lists, which are written at once."""
    rest = iter(places)
    while some := list(islice(rest, _LINES)):
        yield some
