"""The table of instances: TARGET.instances.tsv, one row per place of a motif."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.genes import Genes
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import Kind, read_table
from deeplift_genomics.instances.instance import Instance

if TYPE_CHECKING:
    import pandas

INSTANCES = Kind(
    "instances",
    1,
    {
        "chrom": str,
        "start": int,
        "end": int,
        "motif": str,
        "pattern": str,
        "strand": str,
        "match": float,
        "similarity": float,
        "contribution": float,
        "sequence": str,
        "region": str,
        "summit_distance": int,
        "others": str,
        "gene": str,
        "gene_distance": int,
    },
)
BETWEEN = ";"  # between the motifs of the column `others`


class Windows(NamedTuple):
    """Windows of a score file: name, summit and end of each, (N,), and bases of a window."""

    name: NDArray[np.object_]
    summit: NDArray[np.int64]
    end: NDArray[np.int64]
    length: int


def read_windows_of(file: h5py.File) -> Windows:
    """Read the windows of an open score file.

    Raises
    ------
    InputError
        If a name holds a tab or the end of a line, as no region file has it.
    """
    names = file["name"].asstr()[:]
    if any(not name.isprintable() and re.search("[\t\r\n]", name) for name in names):
        raise InputError(
            f"{file.filename} is damaged: a region's name has several lines or columns. Delete it "
            "and run again."
        )
    return Windows(
        names, file["summit"][:], file["coords_end"][:], int(file["hyp_scores"].shape[1])
    )


def read_instances(path: str | Path) -> pandas.DataFrame:
    """Read the instances of a target, TARGET.instances.tsv, as a table with a row for each.

    Columns are ``chrom``, ``start``, ``end`` (0-based, half-open), ``motif``, ``pattern``,
    ``strand``, ``match``, ``similarity``, ``contribution``, ``sequence``, ``region``,
    ``summit_distance``, ``others``, ``gene`` and ``gene_distance``; docs/formats.md explains them.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no table of instances.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> instances = dg.read_instances("results/demo/counts.instances.tsv")
    >>> instances[["chrom", "start", "end", "motif"]].iloc[0].chrom
    'chr1'
    """
    return read_table(path, INSTANCES)


def rows_of(
    instances: Iterable[Instance], windows: Windows, genes: Genes | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield a row of `INSTANCES` for each instance, in their order.

    Distances count from the middle of an instance, the base ``(start + end) // 2``: to the summit
    of its region, positive to the right of it, and to the nearest gene (`Genes.nearest`).

    Parameters
    ----------
    instances
        Sorted by contig and start. Memory grows with the instances of a window only.
    """
    for one, others in with_others(instances, windows.end, windows.length):
        middle = (one.start + one.end) // 2
        gene, distance = (genes and genes.nearest(one.chrom, middle)) or ("", None)
        yield (
            one.chrom,
            one.start,
            one.end,
            one.motif,
            one.pattern,
            one.strand,
            one.match,
            one.similarity,
            one.contribution,
            one.sequence,
            windows.name[one.row],
            middle - int(windows.summit[one.row]),
            BETWEEN.join(others),
            gene,
            distance,
        )


def with_others(
    instances: Iterable[Instance], ends: NDArray[np.int64], length: int
) -> Iterator[tuple[Instance, list[str]]]:
    """Yield each instance with the labels of the other motifs in its window, sorted as texts.

    Those count that the window holds, also where another window is nearer. An instance waits until
    no later one can be in its window, and is kept until no later window can hold it.

    Parameters
    ----------
    ends
        End of each window, (N,).
    length
        Bases of a window.
    """
    around: deque[Instance] = deque()
    waiting: deque[Instance] = deque()

    def release() -> tuple[Instance, list[str]]:
        first = waiting.popleft()
        end = ends[first.row]
        while around[0].chrom != first.chrom or around[0].start < first.start - length:
            around.popleft()
        inside = {
            other.motif
            for other in around
            if other.chrom == first.chrom and end - length <= other.start and other.end <= end
        }
        return first, sorted(inside - {first.motif})

    for one in instances:
        while waiting and (waiting[0].chrom != one.chrom or ends[waiting[0].row] <= one.start):
            yield release()
        around.append(one)
        waiting.append(one)
    while waiting:
        yield release()
