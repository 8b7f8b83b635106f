"""The page that compares runs, and the tables behind it."""

from __future__ import annotations

import heapq
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.comparison.motifs import ALL, GAINED, LOST, Presence, match_motifs
from deeplift_genomics.comparison.regions import REGIONS, Correlated, Region, correlate
from deeplift_genomics.comparison.runs import (
    Matched,
    Run,
    match_samples,
    missing_samples,
    read_runs,
)
from deeplift_genomics.comparison.settings import differences
from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, remove_old
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.files.words import first_few
from deeplift_genomics.report.render import Plots, RenderedSection, render_page, render_section

log = logging.getLogger(__name__)

LOW = 0.5  # correlation below which a region is counted as changed
_SHOWN = 20  # regions that changed most
_BINS = 20  # of a histogram of correlations from -1 to 1


class Changed(NamedTuple):
    """The contributions of one target in the first run and another.

    `correlations` (n,) leaves out the regions in which one of them does not vary; `worst` has the
    regions that changed most.
    """

    sample: str
    target: str
    run: str
    found: Correlated
    correlations: NDArray[np.float64]
    worst: list[Region]


def compare(folders: Sequence[str | Path], output: str | Path, *, threads: int = 1) -> None:
    """Compare runs and write a page and two tables beside it.

    Parameters
    ----------
    folders
        Results folders of finished runs; the others are compared with the first.
    output
        The page, ``NAME.html``; the tables are ``NAME.motifs.tsv`` and ``NAME.regions.tsv``.
    threads
        Threads of TOMTOM.

    Raises
    ------
    InputError
        If a folder is no results folder of a finished run, or a file is missing or damaged.
    """
    output = Path(output)
    runs = read_runs(folders)
    if output.resolve().parent in [run.folder.resolve() for run in runs]:
        raise InputError(
            f"{output} would lie in a results folder, and be unknown to its record. Name another "
            "folder with --output."
        )
    samples = match_samples(runs)
    tables = {name: output.with_suffix(f".{name}.tsv") for name in ("motifs", "regions")}
    remove_old(output, *tables.values())
    threshold = float(runs[0].record.config["clusters"]["across_samples"])
    motifs = match_motifs(samples, threshold=threshold, table=tables["motifs"], threads=threads)
    changed: list[Changed] = []
    write_table(tables["regions"], REGIONS, _rows(samples, changed))
    page = _render(runs, samples, motifs, changed=changed, files=[p.name for p in tables.values()])
    with atomic_path(output) as temporary:
        temporary.write_text(page, encoding="utf-8", newline="\n")
    log.info("%s: %d runs, %d samples, %d bytes", output, len(runs), len(samples), len(page))


def _rows(samples: Sequence[Matched], changed: list[Changed]) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the table of regions, and add what the page shows of them to `changed`."""
    for sample in samples:
        (first, name), *others = sample.members
        for target in sample.targets():
            for run, other_name in others:
                found = correlate(
                    first.files(name)["scores", target],
                    run.files(other_name)["scores", target],
                    f"{sample.name}, {target}, runs {first.label} and {run.label}",
                )
                for region in found.regions:
                    bases = region.end - region.start
                    place = (region.chrom, region.start, region.end, region.name, bases)
                    values = (region.correlation, region.first, region.other)
                    yield (sample.name, target, run.label, *place, *values)
                known = [one for one in found.regions if one.correlation is not None]
                worst = heapq.nsmallest(_SHOWN, known, key=lambda one: one.correlation or 0)
                values_of = np.array([one.correlation for one in known], float)
                kept = found._replace(regions=found.regions[:0])
                n = len(found.regions)
                changed.append(Changed(sample.name, target, run.label, kept, values_of, worst))
                log.info("%s, %s: %d regions in common", sample.name, target, n)


def _render(
    runs: Sequence[Run],
    samples: Sequence[Matched],
    motifs: Mapping[str, list[Presence]],
    *,
    changed: Sequence[Changed],
    files: Sequence[str],
) -> str:
    """Return the page as HTML."""
    plots, differing = Plots(), differences(runs)
    labels = [run.label for run in runs]
    summary = _summary(runs, samples, motifs, changed)
    sections = [
        _section("summary", "Summary", summary | {"n_differences": len(differing)}),
        _section(
            "settings", "What was set differently", {"labels": labels, "differences": differing}
        ),
        _section("motifs", "Motifs", _motifs(runs, motifs, plots)),
        _section("contributions", "Contributions", _contributions(changed, plots)),
        _section("files", "Files", {"files": files}),
    ]
    title = f"{len(runs)} runs compared"
    subtitle = "Each is compared with the first, A."
    return render_page(title, title, subtitle, sections=sections, plots=plots)


def _section(name: str, title: str, context: Mapping[str, Any]) -> RenderedSection:
    return render_section(name, title, context, template=f"compare/{name}")


def _summary(
    runs: Sequence[Run],
    samples: Sequence[Matched],
    motifs: Mapping[str, list[Presence]],
    changed: Sequence[Changed],
) -> dict[str, Any]:
    """Return the runs and, in sentences, what is the same in them and what is not."""
    told = list(missing_samples(samples, runs))
    for sample in samples:
        if len(sample.members) > 1:
            told.append(f"{sample.name}: {_motifs_in_words(motifs[sample.name])}")
    for one in changed:
        told.append(f"{one.sample}, {one.target}, runs A and {one.run}: {_in_words(one)}")
    return {
        "runs": [
            {
                "label": run.label,
                "folder": run.folder.as_posix(),
                "samples": list(run.samples),
                "version": run.record.versions.get("deeplift-genomics", ""),
                "command": run.record.command,
            }
            for run in runs
        ],
        "told": told,
    }


def _motifs_in_words(found: Sequence[Presence]) -> str:
    """Return what became of the motifs of a sample, in a sentence."""
    if not found:
        return "no run has a motif."
    same = sum(one.verdict == ALL for one in found)
    text = f"{same} of {len(found)} motif{'' if len(found) == 1 else 's'} in all runs"
    for verdict, words in ((LOST, "only in A"), (GAINED, "not in A")):
        names = [one.name for one in found if one.verdict == verdict]
        text += f"; {words}: {first_few(names, 5)}" if names else ""
    return f"{text}."


def _in_words(one: Changed) -> str:
    """Return how much the contributions of a target changed, in a sentence."""
    n = len(one.correlations)
    if not n:
        return "no region in common whose contributions can be compared."
    low = int((one.correlations < LOW).sum())
    return (
        f"median correlation of contributions {np.median(one.correlations):.3f} over {n:,} "
        f"region{'' if n == 1 else 's'}; below {LOW} in {low:,} of them."
    )


def _motifs(
    runs: Sequence[Run], motifs: Mapping[str, list[Presence]], plots: Plots
) -> dict[str, Any]:
    """Return the rows of the table of motifs."""
    return {
        "labels": [run.label for run in runs],
        "rows": [
            {
                "sample": sample,
                "name": one.name,
                "family": one.family,
                "verdict": one.verdict,
                "cells": [one.cells.get(run.label) for run in runs],
                "logo": plots.add(
                    "logo",
                    {"frequencies": np.round(one.matrix, 3).tolist()},
                    f"Base frequencies of {one.name}",
                ),
            }
            for sample, found in motifs.items()
            for one in found
        ],
    }


def _contributions(changed: Sequence[Changed], plots: Plots) -> dict[str, Any]:
    """Return what the page shows of the contributions of each target."""
    rows = []
    for one in changed:
        counts, edges = np.histogram(one.correlations, bins=_BINS, range=(-1, 1))
        data = {
            "start": -1,
            "step": float(edges[1] - edges[0]),
            "counts": counts.tolist(),
            "small": True,
        }
        n = len(one.correlations)
        label = f"Correlations of the contributions of {n} regions in runs A and {one.run}"
        rows.append(
            one._asdict()
            | {
                "n": n,
                "median": float(np.median(one.correlations)) if n else None,
                "low": int((one.correlations < LOW).sum()),
                "plot": plots.add("histogram", data, label) if n else None,
            }
        )
    return {"rows": rows, "low": LOW}
