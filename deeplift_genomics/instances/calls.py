"""Instances from the shards of calls: overlaps resolved, motifs named, in the genome's order."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import decode, reverse_complement
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.hdf5 import open_typed, read_attributes
from deeplift_genomics.files.same_run import require_same_run
from deeplift_genomics.instances.instance import Instance
from deeplift_genomics.instances.overlaps import without_overlaps
from deeplift_genomics.instances.shards import CallSet, read_calls
from deeplift_genomics.motifs.names import labels_of
from deeplift_genomics.motifs.patterns import FROM_SCORES
from deeplift_genomics.motifs.places import Starts, read_starts
from deeplift_genomics.scores.file import SCORE_LAYOUT

log = logging.getLogger(__name__)

_AT_A_TIME = 16384  # instances whose values are turned into Python's at a time


def call_instances(
    shards: Sequence[str | Path],
    scores_path: str | Path,
    motif_table: str | Path | None = None,
    *,
    max_overlap: float,
) -> Iterator[Instance]:
    """Return the instances of a target, by contig (as text), start, end, strand and pattern.

    Files are checked and overlaps resolved at once; the instances are then made one at a time. It
    takes about 200 bytes of memory for each call.

    Parameters
    ----------
    shards
        All shards of the scan.
    scores_path
        The score file that was scanned.
    motif_table
        SAMPLE/motifs.tsv; without it, a motif has the name of its pattern.
    max_overlap
        As in `deeplift_genomics.instances.overlaps.without_overlaps`.

    Raises
    ------
    InputError
        If a file is missing, damaged or of another run.
    """
    found = read_calls(shards)
    starts = _starts(scores_path, found, shards[0])
    resolved = _resolved(found, starts, motif_table, max_overlap)
    number = len(resolved.order)
    log.info("%d instances of %d calls, %d patterns", number, len(found.calls), len(found.patterns))
    return _instances(found, resolved)


def instances_of(
    found: CallSet,
    starts: Starts,
    motif_table: str | Path | None = None,
    *,
    max_overlap: float,
) -> Iterator[Instance]:
    """Return the instances among calls, as `call_instances` does.

    Parameters
    ----------
    found
        The calls, and the target in their attributes.
    starts
        Where their rows are: overlaps count on one contig.
    motif_table, max_overlap
        As in `call_instances`.

    Raises
    ------
    InputError
        If the motif table is missing, damaged or of other patterns.
    """
    return _instances(found, _resolved(found, starts, motif_table, max_overlap))


class _Motif(NamedTuple):
    """The motif that a pattern is: its label, and how the pattern lies in it.

    `turned` says whether the pattern reads against it, and `core` where the pattern's core, turned
    if need be, is from the motif's first base (bp).
    """

    label: str
    turned: bool
    core: int


class _Placed(NamedTuple):
    """The place of each call (n,): number of its contig, start, end, and whether it is on minus."""

    contig: NDArray[np.int32]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    minus: NDArray[np.bool_]


class _Resolved(NamedTuple):
    """The motifs of the patterns, the places of the calls, and which calls are instances."""

    motifs: list[_Motif]
    contigs: NDArray[np.str_]
    placed: _Placed
    order: NDArray[np.int64]


def _resolved(
    found: CallSet, starts: Starts, motif_table: str | Path | None, max_overlap: float
) -> _Resolved:
    """Name the motifs, place the calls, and resolve their overlaps."""
    motifs = _motifs(found, motif_table)
    contigs, placed = _place(found, starts, motifs)
    return _Resolved(motifs, contigs, placed, _order(found, placed, motifs, max_overlap))


def _starts(scores_path: str | Path, found: CallSet, shard: str | Path) -> Starts:
    """Return where the windows of the score file are, of which the calls must be."""
    with open_typed(scores_path, "scores", SCORE_LAYOUT) as file:
        n = len(file["target"])
        require_same_run(
            shard,
            found.attributes,
            other=scores_path,
            other_attributes={**read_attributes(file), "n_windows": n},
            keys=FROM_SCORES,
            advice="Give the score file that was scanned, or scan it again.",
        )
        starts = read_starts(file)
    calls = found.calls
    if len(calls) and (calls.row.max() >= n or calls.which.max() >= len(found.patterns)):
        raise InputError(f"{shard} is damaged: it names rows or patterns that do not exist.")
    return starts


def _motifs(found: CallSet, motif_table: str | Path | None) -> list[_Motif]:
    """Return the motif of each pattern."""
    if motif_table is None:
        return [_Motif(name, False, 0) for name in found.patterns]
    labels = labels_of(motif_table, str(found.attributes["target"]), found.patterns)
    motifs = []
    for name, before, after in zip(found.patterns, found.before, found.after, strict=True):
        label = labels[name]
        motifs.append(
            _Motif(label.motif, label.turned, label.shift + int(after if label.turned else before))
        )
    return motifs


def _place(
    found: CallSet, starts: Starts, motifs: Sequence[_Motif]
) -> tuple[NDArray[np.str_], _Placed]:
    """Return the contigs, sorted as texts, and the places of the calls."""
    contigs, of_window = np.unique(starts.chrom.astype(str), return_inverse=True)
    calls = found.calls
    start = starts.start[calls.row] + calls.start
    turned = np.array([motif.turned for motif in motifs], dtype=np.bool_)
    return contigs, _Placed(
        of_window.astype(np.int32)[calls.row],
        start,
        start + found.width[calls.which],
        (calls.minus == 1) != turned[calls.which],
    )


def _order(
    found: CallSet, placed: _Placed, motifs: Sequence[_Motif], max_overlap: float
) -> NDArray[np.int64]:
    """Return the numbers of the calls that are instances, in the order of the genome."""
    calls = found.calls
    labels = [motif.label for motif in motifs]
    number = np.array([labels.index(label) for label in labels], dtype=np.int64)
    core = np.array([motif.core for motif in motifs], dtype=np.int64)[calls.which]
    kept = without_overlaps(
        placed.contig,
        placed.start,
        placed.end,
        motif=2 * number[calls.which] + placed.minus,
        first_base=np.where(placed.minus, placed.end + core, placed.start - core),
        explained=calls.similarity.astype(np.float64) * np.abs(calls.contribution),
        ties=(-calls.match, placed.start, -placed.end, calls.which, placed.minus),
        max_overlap=max_overlap,
    )
    order = np.flatnonzero(kept)
    names = np.argsort(np.argsort(found.patterns))
    keys = (names[calls.which], placed.minus, placed.end, placed.start, placed.contig)
    return order[np.lexsort([key[order] for key in keys])]


def _instances(found: CallSet, resolved: _Resolved) -> Iterator[Instance]:
    """Yield the instances among calls."""
    calls, (motifs, contigs, placed, order) = found.calls, resolved
    for first in range(0, len(order), _AT_A_TIME):
        some = order[first : first + _AT_A_TIME]
        values = (
            contigs[placed.contig[some]], placed.start[some], placed.end[some],
            placed.minus[some], calls.which[some], calls.row[some], calls.match[some],
            calls.similarity[some], calls.contribution[some],
        )  # fmt: skip
        rows = zip(*(value.tolist() for value in values), calls.codes[some], strict=True)
        for chrom, start, end, minus, which, row, match, similarity, contribution, codes in rows:
            bases = decode(codes[: end - start])
            yield Instance(
                chrom,
                start,
                end,
                "-" if minus else "+",
                found.patterns[which],
                motifs[which].label,
                row,
                match,
                similarity,
                contribution,
                reverse_complement(bases) if minus else bases,
            )
