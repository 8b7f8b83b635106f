"""The time and memory of the steps of a run, from the benchmark files of its rules."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from deeplift_genomics.settings.methods import METHODS
from deeplift_genomics.settings.results import BENCHMARKS, RESULTS, job_file, results_of_run
from deeplift_genomics.settings.strict import Strict
from deeplift_genomics.settings.target_names import parse_target_name, split_targets


class RunTime(Strict):
    """The run time (s) of all jobs of a step of one sample, and their largest memory (MB).

    `step` is ``step.method`` for a further method of attribution; `sample` is ``""`` for a step
    that is for all samples together.
    """

    sample: str
    step: str
    jobs: int
    seconds: float
    longest: float
    peak_memory: float | None


def run_times(results: Path, row: Mapping[str, str]) -> Iterator[RunTime]:
    """Yield the steps of a sample, from the files that Snakemake's `benchmark` left.

    If the jobs of a step were split in another way before, only the newest ones count.
    """
    slugs = {parse_target_name(head).slug for head in split_targets(row["heads"])}
    groups: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((results / row["sample"] / BENCHMARKS).glob("*.tsv")):
        step, _, rest = path.stem.partition(".")
        method, _, of_method = rest.partition(".")
        if method in METHODS and of_method and rest not in slugs:
            step, rest = f"{step}.{method}", of_method
        # shards of a target or fold, or of the sample
        part = re.fullmatch(r"(?:(.+)\.)?\d+-of-(\d+)", rest) if rest not in slugs else None
        target = (part[1] or "") if part else rest
        fold = re.fullmatch(r"fold-\d+-of-(\d+)", target)
        if not target or target in slugs or fold:
            # of another number of folds or shards: another group
            number = f"{fold[1] if fold else 1}.{part[2]}" if part else ""
            groups[step][number].append(path)
    for step, parts in sorted(groups.items()):
        newest = max(parts.values(), key=lambda paths: max(p.stat().st_mtime for p in paths))
        yield _run_time(row["sample"], step, newest)


def run_times_together(results: Path, rows: Iterable[Mapping[str, str]] = ()) -> Iterator[RunTime]:
    """Yield the steps whose results a run has once; the record, written last, is none of them."""
    made = results_of_run(rows)
    for step in dict.fromkeys(item.step for item in RESULTS.values() if item.path in made):
        path = results / job_file(step, BENCHMARKS, "tsv")
        if path.exists():
            yield _run_time("", step, [path])


def _run_time(sample: str, step: str, paths: Sequence[Path]) -> RunTime:
    """Return the numbers of a step from the benchmark files of its jobs."""
    measured = [_benchmark(path) for path in paths]
    seconds = [item["s"] for item in measured if "s" in item]
    memory = [item["max_rss"] for item in measured if "max_rss" in item]
    return RunTime(
        sample=sample,
        step=step,
        jobs=len(paths),
        seconds=round(sum(seconds), 2),
        longest=max(seconds, default=0.0),
        peak_memory=max(memory, default=None),
    )


def _benchmark(path: Path) -> dict[str, float]:
    """Return the numbers of a benchmark file, without those that could not be measured."""
    found: dict[str, float] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for key in ("s", "max_rss"):
                with suppress(KeyError, TypeError, ValueError):
                    found[key] = float(row[key])
    return found
