"""Run times: they come from the run's benchmark files, and not from those of an earlier run."""

import os
from pathlib import Path

from deeplift_genomics.record.run_times import RunTime, run_times, run_times_together

ROW = {"sample": "a", "heads": "counts,logit[1]"}
HEADER = "s\th:m:s\tmax_rss\n"


def write(folder: Path, name: str, seconds: str, memory: str, age: int = 0) -> None:
    path = folder / "benchmarks" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{HEADER}{seconds}\t0:00:01\t{memory}\n")
    os.utime(path, (1e9 - age, 1e9 - age))


def test_jobs_of_a_step_add_up(tmp_path: Path) -> None:
    for name, seconds, memory, age in (
        ("check.tsv", "3.5", "600.1", 0),
        ("merge.counts.tsv", "0.25", "NA", 0),
        ("merge.profile.tsv", "9", "9", 0),  # a target that the sheet no longer names
        ("attribute.fold-1-of-1.1-of-2.tsv", "10", "700", 0),
        ("attribute.fold-1-of-1.2-of-2.tsv", "12.5", "650", 5),
        ("attribute.fold-1-of-1.1-of-1.tsv", "99", "999", 60),  # of an earlier run
        ("predict.1-of-2.tsv", "4", "400", 0),
        ("predict.2-of-2.tsv", "5", "300", 0),
        ("predict.1-of-1.tsv", "99", "999", 60),  # of an earlier run
        ("scan.counts.1-of-2.tsv", "1", "100", 0),
        ("scan.logit-1.1-of-2.tsv", "2", "200", 5),
        ("scan.counts.1-of-1.tsv", "99", "999", 60),  # of an earlier run
        ("scan.profile.1-of-2.tsv", "9", "9", 0),  # a target that the sheet no longer names
    ):
        write(tmp_path / "a", name, seconds, memory, age)
    assert [step.model_dump() for step in run_times(tmp_path, ROW)] == [
        step.model_dump()
        for step in (
            RunTime(
                sample="a", step="attribute", jobs=2, seconds=22.5, longest=12.5, peak_memory=700
            ),
            RunTime(sample="a", step="check", jobs=1, seconds=3.5, longest=3.5, peak_memory=600.1),
            RunTime(sample="a", step="merge", jobs=1, seconds=0.25, longest=0.25, peak_memory=None),
            RunTime(sample="a", step="predict", jobs=2, seconds=9, longest=5, peak_memory=400),
            RunTime(sample="a", step="scan", jobs=2, seconds=3, longest=2, peak_memory=200),
        )
    ]


def test_a_step_of_all_samples_has_no_sample(tmp_path: Path) -> None:
    for name in ("cluster", "provenance"):  # the record is not yet there when it is written
        write(tmp_path, f"{name}.tsv", "2.5", "300")
    (step,) = run_times_together(tmp_path)
    assert step == RunTime(
        sample="", step="cluster", jobs=1, seconds=2.5, longest=2.5, peak_memory=300
    )


def test_no_benchmarks_are_no_steps(tmp_path: Path) -> None:
    assert not list(run_times(tmp_path, ROW))
    assert not list(run_times_together(tmp_path))
