"""The matrix of motifs and samples: instances, contribution and effect of each motif in each.

It is a long table, a row for each unique motif, sample and target, also where a sample does not
have the motif, so that ``frame.pivot(index="motif", columns=["sample", "target"],
values="instances")`` in pandas, or ``pivot_wider`` in R, has no gap.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.cohort.unique import UNIQUE, UniqueMotif
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.files.tables import Kind, iterate_table, write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.scores.effects import EFFECTS, INSERTION

MATRIX = Kind(
    "motif_matrix",
    1,
    {
        "motif": str,
        "sample": str,
        "target": str,
        "patterns": int,
        "n_seqlets": int,
        "instances": int,
        "contribution": float,
        "effect": float,
        "effect_low": float,
        "effect_high": float,
        "p_value": float,
        "verdict": str,
    },
)
_TARGET = "target"  # the measure of effects that is the explained target itself


class TargetFiles(NamedTuple):
    """A target of a sample, and the tables of its instances and, if there is one, its effects."""

    sample: str
    target: str
    instances: Path
    effects: Path | None


class _Count:
    """Numbers of a motif in one target: its patterns, seqlets, instances and effects."""

    def __init__(self) -> None:
        self.patterns = self.n_seqlets = self.instances = 0
        self.contributions: list[float] = []  # sums over instances, of each label
        self.effects: list[tuple[int, dict[str, Any]]] = []  # seqlets of the label, its effect

    def cells(self) -> tuple[Any, ...]:
        """Return the cells of the matrix from `patterns` on.

        Where several motifs of the sample are one unique motif, the effect is that of the motif
        with the most seqlets.
        """
        total = math.fsum(self.contributions)
        mean = total / self.instances if self.instances else None
        _, effect = max(self.effects, key=lambda item: item[0], default=(0, {}))
        told = [effect.get(name) for name in ("mean", "low", "high", "p_value")]
        numbers = (self.patterns, self.n_seqlets, self.instances, mean, *told)
        return (*numbers, effect.get("verdict", ""))


def write_matrix(
    unique: Sequence[UniqueMotif], targets: Sequence[TargetFiles], output: str | Path
) -> int:
    """Write motif_matrix.tsv and return the number of its rows.

    Parameters
    ----------
    unique
        The unique motifs of the run.
    targets
        The targets of all samples; rows are in the order of their names.
    output
        The table to write.

    Raises
    ------
    InputError
        If a table of instances or effects is missing or damaged, or has a motif that its sample
        does not have.
    """
    counts: dict[tuple[str, str, str], _Count] = defaultdict(_Count)
    labels: dict[tuple[str, str], str] = {}  # sample and its label -> that of the unique motif
    seqlets: dict[tuple[str, str, str], int] = defaultdict(int)  # of sample, target and label
    for motif in unique:
        for cells in motif.rows:
            row = dict(zip(UNIQUE.columns, cells, strict=True))
            labels[row["sample"], row["sample_motif"]] = motif.label
            seqlets[row["sample"], row["target"], row["sample_motif"]] += row["n_seqlets"]
            count = counts[motif.label, row["sample"], row["target"]]
            count.patterns += 1
            count.n_seqlets += row["n_seqlets"]
    targets = sorted(targets)
    for files in Progress(targets, what="instances", unit="target"):
        for label, (number, total) in _count_instances(files.instances).items():
            one = _known(labels, files, label, files.instances)
            count = counts[one, files.sample, files.target]
            count.instances += number
            count.contributions.append(total)
        for row in _effects(files):
            one = _known(labels, files, row["motif"], files.effects)
            size = seqlets[files.sample, files.target, row["motif"]]
            counts[one, files.sample, files.target].effects.append((size, row))
    return write_table(output, MATRIX, _rows(unique, targets, counts))


def _known(
    labels: Mapping[tuple[str, str], str], files: TargetFiles, label: str, path: Path | None
) -> str:
    """Return the label in the run of a sample's motif."""
    if (files.sample, label) not in labels:
        raise InputError(
            f"{path} has the motif {label}, which sample {files.sample} does not have: it was made "
            "with other motifs. Delete it and run again."
        )
    return labels[files.sample, label]


def _rows(
    unique: Sequence[UniqueMotif],
    targets: Sequence[TargetFiles],
    counts: dict[tuple[str, str, str], _Count],
) -> Iterator[tuple[Any, ...]]:
    for motif in unique:
        for files in targets:
            key = (motif.label, files.sample, files.target)
            yield (*key, *counts.get(key, _Count()).cells())


def _count_instances(path: Path) -> dict[str, tuple[int, float]]:
    """Return the number of instances of each motif, and the sum of their contributions."""
    motif, contribution = (list(INSTANCES.columns).index(n) for n in ("motif", "contribution"))
    found: dict[str, tuple[int, float]] = {}
    for row in iterate_table(path, INSTANCES):
        number, total = found.get(row[motif], (0, 0.0))
        found[row[motif]] = (number + 1, total + (row[contribution] or 0.0))
    return found


def _effects(files: TargetFiles) -> Iterator[dict[str, Any]]:
    """Yield what inserting each motif does to the target itself."""
    if files.effects is None:
        return
    for cells in iterate_table(files.effects, EFFECTS):
        row = dict(zip(EFFECTS.columns, cells, strict=True))
        if (row["experiment"], row["measure"], row["head"]) == (INSERTION, _TARGET, files.target):
            yield row
