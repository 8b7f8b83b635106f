"""The forecast of a run: the time, memory and disk of each step.

Attribution takes nearly all of the time and is measured on this machine (`calibration`). The other
steps follow from rates that were measured once and are listed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deeplift_genomics.files.words import duration
from deeplift_genomics.motifs.memory import motif_memory, motif_seconds
from deeplift_genomics.planning.calibration import Calibration, calibrate
from deeplift_genomics.planning.count import count_windows
from deeplift_genomics.settings.choices import DEVICES
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.options import as_options
from deeplift_genomics.settings.sample_sheet import Sample, loading_options
from deeplift_genomics.settings.strict import as_plain

# measured by `make scale` (docs/scale.md) on one core of a machine of 2026
_START = 1.0  # s: start of Python and libraries, in a step without TensorFlow
_WINDOWS_PER_S = {"regions": 60_000, "merge": 6_000, "tracks": 10_000}
_BASES_PER_S = 20e6  # of tracks, in addition
_DRAWING = 12.0  # s: logos, instances and report of one target
_SMALL_STEP = 400e6  # bytes
_TRACK_BYTES = 4.0  # per base, at most: windows may overlap


@dataclass(frozen=True)
class StepForecast:
    """The forecast for one step of one sample.

    Attributes
    ----------
    jobs
        Number of jobs.
    seconds, longest
        CPU seconds of all jobs together and of the longest one.
    memory
        Bytes of memory of a job.
    disk, temporary
        Bytes on disk that stay, and that are removed after the merge.
    on_gpu
        Whether its jobs run on GPUs.
    """

    sample: str
    name: str
    jobs: int
    seconds: float
    longest: float
    memory: float
    disk: float = 0.0
    temporary: float = 0.0
    on_gpu: bool = False

    def wall(self, cores: int, gpus: int = 1) -> float:
        """Return seconds by the clock with `cores` jobs at a time, or `gpus` if they use GPUs."""
        at_once = gpus if self.on_gpu else cores
        return max(self.longest, self.seconds / min(at_once, self.jobs))


def forecast(config: Config, samples: Mapping[str, Sample]) -> list[StepForecast]:
    """Forecast the steps of all samples; each model is measured once.

    Raises
    ------
    InputError, ModelError
        If regions cannot be counted, or a model cannot be explained.
    """
    plain = as_plain(config)
    known: dict[tuple[str, ...], Calibration] = {}
    steps: list[StepForecast] = []
    for sample in samples.values():
        targets = sample.model_dump(mode="json")["heads"]
        loading, settings = loading_options(sample), as_options(plain, "references", "attribution")
        key = (sample.model[0], targets, *loading, *settings)
        if key not in known:
            known[key] = calibrate(
                sample.model[0],
                targets,
                loading=loading,
                settings=settings,
                on_gpu=config.attribution.device != DEVICES[0],
            )
        steps += steps_of(config, sample, count_windows(config, sample), known[key])
    return steps


def steps_of(config: Config, sample: Sample, n: int, found: Calibration) -> list[StepForecast]:
    """Forecast the steps of one sample with `n` windows."""
    name, folds, targets = sample.sample, len(sample.model), len(sample.heads)
    shards = max(1, -(-n // config.regions.per_shard))
    jobs = shards * folds
    scoring = folds * n * found.per_window
    a_shard = min(n, config.regions.per_shard) * found.per_window
    length, motifs = found.window_length, config.motifs
    shard_bytes, scores = folds * n * found.shard_bytes, n * found.shard_bytes / targets
    clustering = motif_seconds(n, motifs.max_seqlets)
    memory = motif_memory(n, min(motifs.window, length), motifs.max_seqlets)
    merging = _START + folds * n / _WINDOWS_PER_S["merge"]
    drawing = _START + n / _WINDOWS_PER_S["tracks"] + n * length / _BASES_PER_S
    cutting = _START + n / _WINDOWS_PER_S["regions"]

    def per_target(what: str, seconds: float, memory: float, disk: float = 0) -> StepForecast:
        return StepForecast(name, what, targets, targets * seconds, seconds, memory, targets * disk)

    steps = [
        StepForecast(name, "check", 1, folds * found.check, folds * found.check, found.memory),
        StepForecast(
            name, "regions", 1, cutting, cutting, _SMALL_STEP + n * length, n * found.window_bytes
        ),
        StepForecast(
            name,
            "attribute",
            jobs,
            jobs * found.start + scoring,
            found.start + a_shard,
            found.memory,
            temporary=shard_bytes,
            on_gpu=config.attribution.device != DEVICES[0],
        ),
        per_target("merge", merging, _SMALL_STEP, scores),
        per_target("tracks", drawing, 2 * _SMALL_STEP, n * length * _TRACK_BYTES),
        per_target("motifs", clustering, memory),
        per_target("logos, instances, report", _DRAWING, _SMALL_STEP),
    ]
    return [step for step in steps if sample.has_genome or step.name != "tracks"]


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
