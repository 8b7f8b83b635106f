"""The motifs of several runs, matched: which all have, which were lost, and which gained."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.cohort.matrix import MATRIX, TargetFiles, write_matrix
from deeplift_genomics.cohort.unique import UNIQUE, SampleFiles, UniqueMotif, find_unique
from deeplift_genomics.comparison.runs import Matched, Run
from deeplift_genomics.files.tables import iterate_table

BETWEEN = "/"  # between a run's letter and a sample's name, in the tables of a comparison
ALL, LOST, GAINED, SOME = "in all runs", "lost", "gained", "in some runs"


class Presence(NamedTuple):
    """A motif of a sample, and what each run says of it.

    Attributes
    ----------
    name, family
        Of the motif in all runs together.
    matrix
        Base frequencies (W, 4).
    cells
        Label of a run -> its numbers of seqlets and of instances in all targets; a run without the
        motif is left out.
    verdict
        `ALL`, `LOST`, `GAINED` or `SOME`, seen from the first run.
    """

    name: str
    family: str
    matrix: NDArray[np.float64]
    cells: dict[str, tuple[int, int]]
    verdict: str


def match_motifs(
    matched: Sequence[Matched], *, threshold: float, table: Path, threads: int = 1
) -> dict[str, list[Presence]]:
    """Match the motifs of all runs, write their numbers, and return them by sample.

    Motifs are one if they would be one motif of a run: see `cohort.unique`.

    Parameters
    ----------
    matched
        The samples of all runs.
    threshold
        Largest mean distance of patterns that are one motif.
    table
        The table to write, of the kind of motif_matrix.tsv; its samples are RUN/SAMPLE.
    threads
        Threads of TOMTOM.

    Raises
    ------
    InputError
        If a file is missing or damaged.
    """
    samples, targets = [], []
    for run, sample in (member for one in matched for member in one.members):
        files = run.files(sample)
        name = f"{run.label}{BETWEEN}{sample}"
        own = list(dict.fromkeys(target for _, target in files if target))
        motifs = [files["motifs", target] for target in own]
        samples.append(SampleFiles(name, files["labels", ""], motifs))
        targets += [
            TargetFiles(
                name, target, files["instances", target], files.get(("effects_table", target))
            )
            for target in own
        ]
    unique = find_unique(samples, threshold=threshold, threads=threads)
    write_matrix(unique, targets, table)
    numbers: dict[tuple[str, str], list[int]] = {}
    for cells in iterate_table(table, MATRIX):
        row = dict(zip(MATRIX.columns, cells, strict=True))
        if row["n_seqlets"]:
            total = numbers.setdefault((row["motif"], row["sample"]), [0, 0])
            total[0] += row["n_seqlets"]
            total[1] += row["instances"]
    found: dict[str, list[Presence]] = {}
    for one in matched:
        found[one.name] = [
            presence for motif in unique if (presence := _presence(motif, one, numbers)) is not None
        ]
    return found


def _presence(
    motif: UniqueMotif, sample: Matched, numbers: dict[tuple[str, str], list[int]]
) -> Presence | None:
    """Return what the runs say of a motif in a sample, None if none has it."""
    family = dict(zip(UNIQUE.columns, motif.rows[0], strict=True))["family"]
    cells: dict[str, tuple[int, int]] = {}
    for run, name in sample.members:
        if total := numbers.get((motif.label, f"{run.label}{BETWEEN}{name}")):
            cells[run.label] = (total[0], total[1])
    if not cells:
        return None
    return Presence(motif.label, family, motif.profile.ppm, cells, _verdict(cells, sample.members))


def _verdict(cells: dict[str, tuple[int, int]], members: Sequence[tuple[Run, str]]) -> str:
    """Return where a motif is, seen from the first run of a sample."""
    labels = [run.label for run, _ in members]
    if len(cells) == len(labels):
        return ALL
    if list(cells) == labels[:1]:
        return LOST
    return SOME if labels[0] in cells else GAINED
