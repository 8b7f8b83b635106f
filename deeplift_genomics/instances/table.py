"""The table of instances: TARGET.instances.tsv, one row per place of a motif."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
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
    """What the table says about the windows of a score file: name, summit and end of each, (N,)."""

    name: NDArray[np.object_]
    summit: NDArray[np.int64]
    end: NDArray[np.int64]


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
    return Windows(names, file["summit"][:], file["coords_end"][:])


def read_instances(path: str | Path) -> pandas.DataFrame:
    """Read the instances of a target, TARGET.instances.tsv, as a table with a row for each.

    Columns are ``chrom``, ``start``, ``end`` (0-based, half-open), ``motif``, ``pattern``,
    ``strand``, ``match``, ``similarity``, ``contribution``, ``sequence``, ``region``,
    ``summit_distance``, ``others``, ``gene`` and ``gene_distance``; docs/formats.md explains them.

    Raises
    ------
    InputError
        If the file is missing or damaged, or is no table of instances.
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
    for one, others in with_others(instances, windows.end):
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
    instances: Iterable[Instance], ends: NDArray[np.int64]
) -> Iterator[tuple[Instance, list[str]]]:
    """Yield each instance with the labels of the other motifs in its window, sorted as texts.

    An instance waits until no later one can be in its window.

    Parameters
    ----------
    ends
        End of each window, (N,).
    """
    waiting: deque[Instance] = deque()
    motifs: dict[int, set[str]] = defaultdict(set)
    number: Counter[int] = Counter()

    def release() -> tuple[Instance, list[str]]:
        first = waiting.popleft()
        others = sorted(motifs[first.row] - {first.motif})
        number[first.row] -= 1
        if not number[first.row]:
            del number[first.row], motifs[first.row]
        return first, others

    for one in instances:
        while waiting and (waiting[0].chrom != one.chrom or ends[waiting[0].row] <= one.start):
            yield release()
        waiting.append(one)
        motifs[one.row].add(one.motif)
        number[one.row] += 1
    while waiting:
        yield release()
