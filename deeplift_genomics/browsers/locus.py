"""The first place that a genome browser shows: the strongest motif, or the strongest region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.files.tables import iterate_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.scores.file import SCORE_LAYOUT, contig_lengths
from deeplift_genomics.scores.totals import summed_contributions
from deeplift_genomics.settings.choices import SEQUENCES
from deeplift_genomics.settings.results import results_of

_SHOWN = 120  # bp: letters can be read on a screen
_COLUMNS = [
    list(INSTANCES.columns).index(name) for name in ("chrom", "start", "end", "contribution")
]


class Locus(NamedTuple):
    """A place of the genome, 0-based and half-open."""

    chrom: str
    start: int
    end: int

    def named(self, chrom: str) -> str:
        """Return the place as browsers write it, counted from 1, with a name for the contig."""
        return f"{chrom}:{self.start + 1}-{self.end}"


def first_locus(results: Path, row: Mapping[str, str]) -> Locus:
    """Return the surroundings of the instance with the largest contribution of either sign.

    The first target with an instance decides. Without any instance, it is the region whose first
    target is furthest from that of its references.

    Raises
    ------
    InputError
        If a file is missing or damaged, or the sample has no genome.
    """
    files = [item for item in results_of(row) if item.target]
    scores = results / next(item.path for item in files if item.name == "scores")
    with open_typed(scores, "scores", SCORE_LAYOUT) as file:
        if file.attrs.get("regions_format") == SEQUENCES:
            raise InputError(
                f"{scores} is of sequences without a genome, which genome browsers cannot show. "
                "Its hyp_scores times input_seqs are the contributions of each sequence."
            )
        lengths = contig_lengths(file)
        tables = [results / item.path for item in files if item.name == "instances"]
        chrom, middle = _strongest_instance(tables) or _strongest_region(file)
    if not 0 <= middle < lengths.get(chrom, 0):
        raise InputError(
            f"{scores} and the instances beside it are of different runs: the genome has no base "
            f"{middle} of {chrom}. Delete the instances and run again."
        )
    start = min(max(middle - _SHOWN // 2, 0), max(lengths[chrom] - _SHOWN, 0))
    return Locus(chrom, start, min(start + _SHOWN, lengths[chrom]))


def _strongest_instance(tables: Iterable[Path]) -> tuple[str, int] | None:
    """Return contig and middle of the strongest instance of the first table that has one."""
    for table in tables:
        best, place = -1.0, None
        for row in iterate_table(table, INSTANCES):
            chrom, start, end, contribution = (row[column] for column in _COLUMNS)
            if contribution is not None and abs(contribution) > best:
                best, place = abs(contribution), (chrom, (start + end) // 2)
        if place:
            return place
    return None


def _strongest_region(file: h5py.File) -> tuple[str, int]:
    """Return contig and summit of the region whose target differs most from its references'."""
    row = int(np.argmax(np.abs(summed_contributions(file))))
    summit = min(
        max(int(file["summit"][row]), int(file["coords_start"][row])),
        int(file["coords_end"][row]) - 1,
    )
    return str(file["coords_chrom"].asstr()[row]), summit
