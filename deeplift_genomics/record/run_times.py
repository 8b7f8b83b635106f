"""How long the steps of a run took, and how much memory, from the benchmark files of its rules."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from deeplift_genomics.settings.results import BENCHMARKS
from deeplift_genomics.settings.strict import Strict
from deeplift_genomics.settings.target_names import parse_target_name


class Step(Strict):
    """Run time of a step over all its jobs for a sample (s), and their largest memory (MB)."""

    sample: str
    step: str
    jobs: int
    seconds: float
    longest: float
    peak_memory: float | None


def run_times(results: Path, row: Mapping[str, str]) -> Iterator[Step]:
    """The steps of a sample, from the files that Snakemake's `benchmark` left.

    Of a step whose jobs were cut otherwise before, the newest jobs count.
    """
    slugs = {parse_target_name(head).slug for head in row["heads"].split(",")}
    groups: dict[str, dict[str, list[Path]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted((results / row["sample"] / BENCHMARKS).glob("*.tsv")):
        step, _, rest = path.stem.partition(".")
        if "-of-" in rest:  # of another number of folds or shards: another group
            groups[step][re.sub(r"\d+-of-", "", rest)].append(path)
        elif not rest or rest in slugs:
            groups[step][""].append(path)
    for step, parts in sorted(groups.items()):
        newest = max(parts.values(), key=lambda paths: max(p.stat().st_mtime for p in paths))
        measured = [_benchmark(path) for path in newest]
        seconds = [item["s"] for item in measured if "s" in item]
        memory = [item["max_rss"] for item in measured if "max_rss" in item]
        yield Step(
            sample=row["sample"],
            step=step,
            jobs=len(newest),
            seconds=round(sum(seconds), 2),
            longest=max(seconds, default=0.0),
            peak_memory=max(memory, default=None),
        )


def _benchmark(path: Path) -> dict[str, float]:
    """The numbers of a benchmark file; what could not be measured is not in it."""
    found: dict[str, float] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            for key in ("s", "max_rss"):
                with suppress(KeyError, TypeError, ValueError):
                    found[key] = float(row[key])
    return found
