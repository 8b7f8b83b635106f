"""The forecast of a run as a table for people."""

from __future__ import annotations

from collections.abc import Sequence

from deeplift_genomics.files.words import duration
from deeplift_genomics.planning.step import StepForecast


def as_table(steps: Sequence[StepForecast], cores: int, gpus: int = 1) -> str:
    """Return a table with a row per step, and the totals for so many cores and GPUs."""
    on_cores = f"on {cores} cores"
    rows = [("sample", "step", "jobs", "CPU time", on_cores, "memory", "disk", "removed")]
    rows += [(step.sample, step.name, *_cells([step], cores, gpus)) for step in steps]
    rows.append(("all", "", *_cells(steps, cores, gpus)))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i < 2 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )


def _cells(
    steps: Sequence[StepForecast], cores: int, gpus: int
) -> tuple[str, str, str, str, str, str]:
    """Return jobs, times, memory and disk of some steps that run one after the other."""
    return (
        f"{sum(step.jobs for step in steps):,}",
        duration(sum(step.seconds for step in steps)),
        duration(sum(step.wall(cores, gpus) for step in steps)),
        _size(max(step.memory for step in steps)),
        _size(sum(step.disk for step in steps)),
        _size(sum(step.temporary for step in steps)),
    )


def _size(size: float) -> str:
    if size < 1e6:
        return "-" if size < 1e3 else f"{size / 1e3:.0f} kB"
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
