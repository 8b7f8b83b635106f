"""The page above all samples of a run: the samples, the unique motifs, and their matrix."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET
from deeplift_genomics.files.atomic import atomic_path
from deeplift_genomics.report.clustering import clustered
from deeplift_genomics.report.index_run import IndexRun, SampleFacts, UniqueRow, read_index
from deeplift_genomics.report.render import Plots, render_page, render_section
from deeplift_genomics.settings.results import RESULTS, SUMMARY

log = logging.getLogger(__name__)

# measure -> its name on the page, and what a number is
MEASURES = {
    "instances": ("Instances", "places of the motif in the windows of the sample"),
    "contribution": (
        "Mean contribution",
        "of an instance: the sum of its bases' contributions, in units of the target",
    ),
    "effect": (
        "Effect of an insertion",
        "what putting the motif into shuffled windows does to the prediction: log2 of the factor "
        "by which the predicted signal changes (1 is twice as much); under a target with *, the "
        "change in units of the target",
    ),
}
# files of the run that are offered, by the names in `RESULTS`
FILES = {
    "unique": "the motifs of all samples, a row for each pattern",
    "unique_matrices": "their matrices, for programs of the MEME suite",
    "matrix": "each motif in each sample and target, as a table: places, contribution and effect",
    "record": "inputs, settings, versions and digests of the run",
    "crate": "the same as a research object (RO-Crate), for archives",
}
REPEAT = "how to make the results again: settings, sheet and release of this run"
TEXT = "what the run said at its end, with all warnings"
HUB = "how to show the tracks of all samples in UCSC's genome browser"


def write_index(
    output: str | Path,
    results: str | Path,
    rows: Sequence[Mapping[str, Any]],
    letters: str = "default",
) -> None:
    """Write the page above all samples.

    Parameters
    ----------
    output
        The HTML file to write.
    results
        The results folder.
    rows
        The samples' rows of the sheet, as plain texts.
    letters
        The palette of the letters (``report.letters``).

    Raises
    ------
    InputError
        If a file is missing, damaged or of other samples, or the page cannot be written.
    """
    run = read_index(results, rows)
    page = render(run, letters)
    with atomic_path(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    log.info("%s: %d samples, %d motifs, %d bytes", output, len(rows), len(run.motifs), len(page))


def render(run: IndexRun, letters: str) -> str:
    """Return the page as HTML."""
    plots = Plots()
    sections = [
        _section("samples", "Samples", {"samples": [_sample(one) for one in run.samples]}),
        _section("motifs", "Motifs", _motifs(run, plots)),
    ]
    if run.motifs:
        sections.append(_section("matrix", "Motifs and samples", _matrix(run, plots)))
    sections.append(_section("files", "Files", {"files": _files(run)}))
    title = f"{_counted(run.samples, 'sample')}, {_counted(run.motifs, 'motif')}"
    return render_page(
        f"{title} (motif report)",
        title,
        "All samples of one run",
        sections=sections,
        plots=plots,
        scripts=["matrix.js"],
        letters=letters,
    )


def _counted(things: Sequence[Any], noun: str) -> str:
    return f"{len(things):,} {noun}{'' if len(things) == 1 else 's'}"


def _section(name: str, title: str, context: Mapping[str, Any]) -> Any:
    return render_section(name, title, context, template=f"index/{name}")


def _sample(facts: SampleFacts) -> dict[str, Any]:
    """Return the cells of a sample's row."""
    row = facts.row
    return {
        "name": facts.name,
        "title": row.get("title", ""),
        "page": RESULTS["report"].path.replace("{sample}", facts.name),
        "about": [row.get(key, "") for key in ("assay", "cell_type", "genome")],
        "targets": row["heads"],
        "n_used": facts.n_used,
        "n_given": facts.n_given,
        "motifs": facts.motifs,
        "warnings": facts.warnings,
    }


def _motifs(run: IndexRun, plots: Plots) -> dict[str, Any]:
    """Return the rows of the table of unique motifs."""
    instances = np.nansum(run.values["instances"], axis=1)
    return {
        "n_samples": len(run.samples),
        "motifs": [
            {
                "name": motif.name,
                "match": motif.match,
                "family": motif.family,
                "q_value": motif.q_value,
                "samples": motif.samples,
                "instances": int(number),
                "logo": _logo(motif, plots),
            }
            for motif, number in zip(run.motifs, instances, strict=True)
        ],
    }


def _logo(motif: UniqueRow, plots: Plots) -> Any:
    """Return the logo of a motif's base frequencies, in bits."""
    bases = "".join(ALPHABET[i] for i in motif.matrix.argmax(axis=1))
    data = {"frequencies": np.round(motif.matrix, 3).tolist()}
    return plots.add("logo", data, f"Base frequencies of {motif.name}: {bases}")


def _matrix(run: IndexRun, plots: Plots) -> dict[str, Any]:
    """Return the matrix with its rows and columns in the order of the clustering."""
    shape = _comparable(run.values["instances"])
    rows = clustered(shape)
    columns = _in_order(run, shape)
    plots.keep(
        "matrix",
        {
            name: [[_rounded(values[row, column]) for column in columns] for row in rows]
            for name, values in run.values.items()
        },
    )
    return {
        "measures": [(name, *words) for name, words in MEASURES.items()],
        "head": [
            (one.sample, one.target + ("" if one.in_folds else "*"))
            for one in (run.columns[column] for column in columns)
        ],
        "rows": [
            (
                run.motifs[row].name,
                [_whole(run.values["instances"][row, column]) for column in columns],
            )
            for row in rows
        ],
    }


def _comparable(instances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers of instances on a scale on which motifs and targets can be compared."""
    logarithm = np.log1p(np.nan_to_num(instances))
    largest = logarithm.max(axis=1, keepdims=True, initial=0)
    return np.divide(logarithm, largest, out=np.zeros_like(logarithm), where=largest > 0)


def _in_order(run: IndexRun, shape: NDArray[np.float64]) -> list[int]:
    """Return the order of the columns: samples by their likeness, the targets of one together."""
    of_sample: dict[str, list[int]] = {}
    for i, column in enumerate(run.columns):
        of_sample.setdefault(column.sample, []).append(i)
    means = np.array([shape[:, columns].mean(axis=1) for columns in of_sample.values()])
    groups = list(of_sample.values())
    return [column for i in clustered(means) for column in groups[i]]


def _rounded(value: float) -> float | None:
    """Return a number with three digits, None for none: what JSON has and a reader sees."""
    return None if math.isnan(value) else float(f"{value:.3g}")


def _whole(value: float) -> int | None:
    return None if math.isnan(value) else int(value)


def _files(run: IndexRun) -> list[tuple[str, str]]:
    """Return the path and the meaning of each file of the run."""
    files = [(RESULTS[name].path, meaning) for name, meaning in FILES.items()]
    files += [(f"{RESULTS['repeat'].path}/README.md", REPEAT), (SUMMARY, TEXT)]
    if any(one.row.get("genome") for one in run.samples):
        files.append((f"{RESULTS['hub'].path}/README.md", HUB))
    return files
