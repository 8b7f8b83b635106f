"""The input of the page above all samples, read from the files of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.cohort.matrix import MATRIX
from deeplift_genomics.cohort.unique import UNIQUE
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.tables import count_rows, iterate_table
from deeplift_genomics.models.info import read_model_info
from deeplift_genomics.motifs.meme import read_meme
from deeplift_genomics.record.warnings import read_early_numbers, read_numbers, warnings_of
from deeplift_genomics.report.folds_of_change import scale_of
from deeplift_genomics.settings.results import RESULTS, files_of

# measures of a motif in a target: columns of motif_matrix.tsv
MEASURES = ("instances", "contribution", "effect")


class Column(NamedTuple):
    """A column of the matrix: a target of a sample.

    `in_folds` says whether effects are given as binary logarithms of a factor; if not, they are in
    units of the target.
    """

    sample: str
    target: str
    in_folds: bool


class SampleFacts(NamedTuple):
    """A sample as the page above all samples shows it.

    Attributes
    ----------
    row
        Its row of the sheet: name, targets, title, assay, cell type and genome.
    n_used, n_given
        Regions that were used, and that the region file has.
    motifs
        Names of its motifs.
    warnings
        Reasons to doubt its results, in sentences.
    """

    row: Mapping[str, Any]
    n_used: int
    n_given: int
    motifs: list[str]
    warnings: list[str]

    @property
    def name(self) -> str:
        """Name of the sample."""
        return str(self.row["sample"])


class UniqueRow(NamedTuple):
    """A unique motif of the run.

    Attributes
    ----------
    name
        Its label in the run.
    family, q_value
        Of its best match; an empty text and None without a significant one.
    samples
        Names of the samples that have it.
    matrix
        Base frequencies (W, 4).
    """

    name: str
    match: str
    family: str
    q_value: float | None
    samples: list[str]
    matrix: NDArray[np.float64]


class IndexRun(NamedTuple):
    """What the page above all samples is made from.

    Attributes
    ----------
    samples
        In the order of the sheet.
    motifs
        The unique motifs, in the order of motifs.tsv.
    columns
        The targets of all samples, in the order of the sheet.
    values
        Measure -> its values (motifs, columns); NaN where there is none.
    """

    samples: list[SampleFacts]
    motifs: list[UniqueRow]
    columns: list[Column]
    values: dict[str, NDArray[np.float64]]


def read_index(results: str | Path, rows: Sequence[Mapping[str, Any]]) -> IndexRun:
    """Read what the page above all samples shows.

    Parameters
    ----------
    results
        The results folder.
    rows
        The samples' rows of the sheet, as plain texts.

    Raises
    ------
    InputError
        If a file is missing or damaged, or the tables are of other samples.
    """
    results = Path(results)
    motifs = _unique(results)
    scales = []
    for row in rows:
        own, of_targets = files_of(results, row)
        heads = read_model_info(own["info"]).heads if "info" in own else ()
        scales += [(row["sample"], name, scale_of(name, heads)) for name in of_targets]
    columns = [Column(sample, name, bool(scale.logs)) for sample, name, scale in scales]
    found = defaultdict(list)
    for motif in motifs:
        for sample in motif.samples:
            found[sample].append(motif.name)
    samples = [_facts(results, row, found[row["sample"]]) for row in rows]
    values = _values(results, motifs, columns)
    for i, (_, _, scale) in enumerate(scales):
        if scale.logs:
            values["effect"][:, i] /= scale.logs * log(2)
    return IndexRun(samples, motifs, columns, values)


def _facts(results: Path, row: Mapping[str, Any], motifs: list[str]) -> SampleFacts:
    """Return the numbers and warnings of a sample."""
    own, of_targets = files_of(results, row)
    early = read_early_numbers(own["windows"], own["dropped"])
    told = [
        warning
        for files in of_targets.values()
        for warning in warnings_of(read_numbers(files["scores"], files["motifs"], own["dropped"]))
    ]
    return SampleFacts(row, early.n_windows, early.n_regions, motifs, list(dict.fromkeys(told)))


def _unique(results: Path) -> list[UniqueRow]:
    """Return the unique motifs of a run with their matrices."""
    path = results / RESULTS["unique"].path
    if not count_rows(path, UNIQUE):
        return []
    matrices = {
        item.id: item.matrix for item in read_meme(results / RESULTS["unique_matrices"].path)
    }
    rows: dict[str, list[dict[str, Any]]] = {}
    for cells in iterate_table(path, UNIQUE):
        row = dict(zip(UNIQUE.columns, cells, strict=True))
        rows.setdefault(row["motif"], []).append(row)
    if missing := sorted(rows.keys() - matrices.keys()):
        raise InputError(
            f"{results / RESULTS['unique_matrices'].path} has no motif {missing[0]}, which {path} "
            "has: they are of different runs. Run the cluster step again."
        )
    return [
        UniqueRow(
            name,
            of[0]["match_name"],
            of[0]["family"],
            of[0]["q_value"],
            list(dict.fromkeys(row["sample"] for row in of)),
            matrices[name],
        )
        for name, of in rows.items()
    ]


def _values(
    results: Path, motifs: Sequence[UniqueRow], columns: Sequence[Column]
) -> dict[str, NDArray[np.float64]]:
    """Return measure -> values of the motifs in all targets."""
    path = results / RESULTS["matrix"].path
    line = {motif.name: i for i, motif in enumerate(motifs)}
    place = {column[:2]: i for i, column in enumerate(columns)}
    found = {name: np.full((len(motifs), len(columns)), np.nan) for name in MEASURES}
    for cells in iterate_table(path, MATRIX):
        row = dict(zip(MATRIX.columns, cells, strict=True))
        column = row["sample"], row["target"]
        if column not in place or row["motif"] not in line:
            raise InputError(
                f"{path} has {row['motif']} of {row['sample']}, {row['target']}, which is no motif "
                "or target of this run. Run the cluster step again."
            )
        for name in MEASURES:
            if row[name] is not None:
                found[name][line[row["motif"]], place[column]] = row[name]
    return found
