"""The files of a run: their names, and the step that makes each.

Paths count from the results folder. ``{sample}``, ``{target}``, ``{fold}``, ``{shard}`` and
``{method}`` are Snakemake's wildcards. Only further methods of attribution have their name in a
path: the scores of `attribution.method` are those that the other steps read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from deeplift_genomics.settings.target_names import parse_target_name, split_targets


class Result(NamedTuple):
    """A file or folder that a step leaves.

    `type` is the type that an HDF5 file of a run names in its attributes; ``""`` for all other
    files. A file that is not `kept` is removed before the run ends. One `on_genome` exists only for
    samples with a genome, and one `on_assembly` only if the sheet names the assembly of a sample.
    One `on_variants` exists only for samples whose cell `variants` names a file.
    One that is made `on_demand` is no part of a run: its target has to be named. One `of_model` is
    missing where a sample has `scores` in place of a model; `given_by` is the step that makes a
    result of such a sample, where `step` needs the model.
    """

    path: str
    step: str
    type: str = ""
    kept: bool = True
    on_genome: bool = False
    on_assembly: bool = False
    on_variants: bool = False
    on_demand: bool = False
    of_model: bool = False
    given_by: str = ""


RESULTS: dict[str, Result] = {
    "info": Result("{sample}/model.json", "check", of_model=True),
    "windows": Result("{sample}/windows.h5", "regions", "windows"),
    "peaks": Result("{sample}/windows.narrowPeak", "regions"),
    "dropped": Result("{sample}/dropped.tsv", "regions"),
    "shard": Result(
        "{sample}/shards/fold-{fold}.{shard}.h5", "attribute", "shard", kept=False, of_model=True
    ),
    "scores": Result("{sample}/{target}.scores.h5", "merge", "scores", given_by="convert"),
    "method_info": Result(
        "{sample}/shards/{method}.model.json", "check", kept=False, of_model=True
    ),
    "method_shard": Result(
        "{sample}/shards/{method}.fold-{fold}.{shard}.h5",
        "attribute",
        "shard",
        kept=False,
        of_model=True,
    ),
    "method_scores": Result(
        "{sample}/{target}.{method}.scores.h5", "merge", "scores", of_model=True
    ),
    "predicted": Result(
        "{sample}/shards/predictions.{shard}.h5",
        "predict",
        "predicted",
        kept=False,
        of_model=True,
    ),
    "predictions": Result("{sample}/predictions.h5", "predictions", "predictions", of_model=True),
    "track": Result("{sample}/{target}.contributions.bw", "tracks", on_genome=True),
    "motifs": Result("{sample}/{target}.modisco.h5", "motifs", "motifs"),
    "logos": Result("{sample}/{target}.logos", "logos"),
    "matches": Result("{sample}/{target}.matches.tsv", "annotate"),
    "labels": Result("{sample}/motifs.tsv", "join"),
    "seqlets": Result("{sample}/{target}.seqlets.bed", "seqlets"),
    "calls": Result("{sample}/shards/{target}.instances.{shard}.h5", "scan", "calls", kept=False),
    "instances": Result("{sample}/{target}.instances.tsv", "instances"),
    "places": Result("{sample}/{target}.instances.bed.gz", "instances"),
    "places_index": Result("{sample}/{target}.instances.bed.gz.tbi", "instances"),
    "bigbed": Result("{sample}/{target}.instances.bb", "instances"),
    "effects": Result("{sample}/{target}.effects.h5", "effects", "effects", of_model=True),
    "effects_table": Result("{sample}/{target}.effects.tsv", "effects", of_model=True),
    "figures": Result("{sample}/{target}.figures", "figures", of_model=True),
    "workbook": Result("{sample}/motifs.xlsx", "workbook"),
    "meme": Result("{sample}/motifs.meme", "workbook"),
    "session": Result("{sample}/igv.xml", "session", on_genome=True),
    "oligos": Result("{sample}/oligos.xlsx", "oligos", of_model=True),
    "oligos_table": Result("{sample}/oligos.tsv", "oligos", of_model=True),
    "evaluated": Result(
        "{sample}/shards/evaluation.{shard}.h5",
        "evaluate",
        "evaluated",
        kept=False,
        on_demand=True,
        of_model=True,
    ),
    "evaluation": Result(
        "{sample}/evaluation.h5", "assess", "evaluation", on_demand=True, of_model=True
    ),
    "evaluation_table": Result("{sample}/evaluation.tsv", "assess", on_demand=True, of_model=True),
    "evaluation_page": Result("{sample}/evaluation.html", "trust", on_demand=True, of_model=True),
    "outputs": Result("{sample}/outputs.h5", "outputs", "outputs", on_demand=True, of_model=True),
    "alleles": Result("{sample}/alleles.h5", "alleles", "alleles", on_variants=True, of_model=True),
    "alleles_table": Result("{sample}/alleles.tsv", "alleles", on_variants=True, of_model=True),
    "alleles_motifs": Result(
        "{sample}/alleles.motifs.tsv", "alleles", on_variants=True, of_model=True
    ),
    "alleles_page": Result("{sample}/alleles.html", "alleles", on_variants=True, of_model=True),
    "report": Result("{sample}/report.html", "report"),
    "methods_text": Result("{sample}/methods.txt", "report"),
    "bibliography": Result("{sample}/methods.bib", "report"),
    "unique": Result("motifs.tsv", "cluster"),
    "unique_matrices": Result("motifs.meme", "cluster"),
    "matrix": Result("motif_matrix.tsv", "cluster"),
    "hub": Result("hub", "hub", on_assembly=True),
    "index": Result("index.html", "index"),
    "record": Result("provenance.json", "provenance"),
    "crate": Result("ro-crate-metadata.json", "crate"),
    "repeat": Result("repeat", "crate"),
}
# what the run has to say when it ends, and no result: no rule makes it
SUMMARY = "summary.txt"
# folders without results, in the results folder and in the folder of a sample
LOGS, BENCHMARKS, SHARDS = "logs", "benchmarks", "shards"


def step_of(name: str, row: Mapping[str, str]) -> str:
    """Return the step that makes a result of a sample, by its name in `RESULTS`.

    >>> step_of("scores", {"sample": "k562", "scores": "counts=a.h5"})
    'convert'
    """
    found = RESULTS[name]
    return found.given_by if found.given_by and row.get("scores") else found.step


def steps_in_order() -> list[str]:
    """Return the steps that make results, in the order of `RESULTS`."""
    both = ((item.step, item.given_by) for item in RESULTS.values())
    return list(dict.fromkeys(step for steps in both for step in steps if step))


def job_file(step: str, folder: str, suffix: str, *, of_method: bool = False) -> str:
    """Return the path of the log or benchmark of a step's jobs, with the wildcards of its results.

    >>> job_file("merge", "logs", "log")
    '{sample}/logs/merge.{target}.log'
    >>> job_file("merge", "logs", "log", of_method=True)
    '{sample}/logs/merge.{method}.{target}.log'
    """
    path = next(item.path for item in RESULTS.values() if step in (item.step, item.given_by))
    parts = [step]
    parts += ["{method}"] if of_method else []
    parts += ["{target}"] if "{target}" in path else []
    parts += ["fold-{fold}"] if "{fold}" in path else []
    parts += ["{shard}"] if "{shard}" in path else []
    sample = "{sample}/" if "{sample}" in path else ""
    return f"{sample}{folder}/{'.'.join(parts)}.{suffix}"


class SampleResult(NamedTuple):
    """A kept result of one sample: its name in `RESULTS`, path and type.

    The target and the further method are ``""`` where it is of none.
    """

    name: str
    path: str
    type: str
    target: str
    method: str = ""


def results_of(
    row: Mapping[str, str], methods: Collection[str] = (), *, on_demand: bool = False
) -> Iterator[SampleResult]:
    """Yield the kept results of a sample, given as plain texts: first its own, then its targets'.

    Parameters
    ----------
    methods
        The further methods of attribution of the run.
    on_demand
        Whether to yield those that are made on demand, too.

    Examples
    --------
    >>> row = {"sample": "k562", "heads": "counts"}
    >>> [item.path for item in results_of(row, ["gradient"]) if item.type == "scores"]
    ['k562/counts.scores.h5', 'k562/counts.gradient.scores.h5']
    """
    sample = row["sample"]
    targets = [parse_target_name(text) for text in split_targets(row["heads"])]
    kept = {
        name: item
        for name, item in RESULTS.items()
        if item.kept and "{sample}" in item.path and (row.get("fasta", "-") or not item.on_genome)
        if on_demand or not item.on_demand
        if not (item.of_model and row.get("scores"))
        if row.get("variants") or not item.on_variants
    }
    for name, item in kept.items():
        if "{target}" not in item.path:
            yield SampleResult(name, _fill(item.path, sample), item.type, "")
    for target in targets:
        for name, item in kept.items():
            if "{target}" in item.path:
                for method in methods if "{method}" in item.path else [""]:
                    path = _fill(item.path, sample, target.slug, method)
                    yield SampleResult(name, path, item.type, target.text, method)


def files_of(
    results: str | Path, row: Mapping[str, str]
) -> tuple[dict[str, Path], dict[str, dict[str, Path]]]:
    """Return where a sample's kept results are: its own by name, and those of each target by name.

    Names are those of `RESULTS`, targets in the order of the sheet.
    """
    own: dict[str, Path] = {}
    of_targets: dict[str, dict[str, Path]] = {}
    for item in results_of(row):
        files = of_targets.setdefault(item.target, {}) if item.target else own
        files[item.name] = Path(results) / item.path
    return own, of_targets


def results_of_run(rows: Iterable[Mapping[str, str]] = ()) -> list[str]:
    """Return the paths of the results that a run of these samples has once, for all together.

    The record is none of them: it has the digests of all others. Nor is the crate, which has
    that of the record.
    """
    assemblies = any(row.get("genome") for row in rows)
    return [
        item.path
        for item in RESULTS.values()
        if item.kept and "{" not in item.path and item.step not in ("provenance", "crate")
        if assemblies or not item.on_assembly
    ]


def _fill(path: str, sample: str, target: str = "", method: str = "") -> str:
    """Replace wildcards by names, which may hold braces themselves."""
    values = {"{sample}": sample, "{target}": target, "{method}": method}
    return re.sub(r"\{(sample|target|method)\}", lambda found: values[found[0]], path)
