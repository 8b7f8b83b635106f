"""The forecast of a run: the time, memory and disk of each step.

Attribution takes nearly all of the time and is measured on this machine (`calibration`). The other
steps follow from rates that were measured once and are listed here.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deeplift_genomics.motifs.memory import motif_memory, motif_seconds
from deeplift_genomics.planning.calibration import Calibration, Checked
from deeplift_genomics.planning.count import count_windows
from deeplift_genomics.planning.kept import count_kept
from deeplift_genomics.planning.measured import (
    calibrate_one,
    check_one,
    key_of,
    steps_without_model,
)
from deeplift_genomics.planning.predicting import forecast_predictions
from deeplift_genomics.planning.predictions import (
    predictions_of,
    seconds_per_prediction,
)
from deeplift_genomics.planning.step import SMALL_STEP, START, StepForecast
from deeplift_genomics.planning.variants import forecast_variants
from deeplift_genomics.planning.weights import with_all_folds
from deeplift_genomics.settings.choices import DEVICES
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.options import as_options
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.scored import CHECKED, for_method, further_methods
from deeplift_genomics.settings.strict import as_plain

log = logging.getLogger(__name__)

# measured by `make scale` (docs/scale.md) on one core of a machine of 2026
_SNAKEMAKE, _PER_JOB = 4.0, 0.1  # s: of Snakemake, once and for each job
_WINDOWS_PER_S = {"regions": 60_000, "merge": 6_000, "tracks": 10_000}
_BASES_PER_S = 1e6  # of tracks and their zoom levels, in addition (benchmarks/tracks.py)
_PLACE_BYTES = 100  # of memory, for the places of a window
_DIGESTED_PER_S = 500e6  # bytes
_PER_PATTERN, _MOST_PATTERNS = 0.5, 20  # s for all drawings of a pattern; usual number
_WINDOWS_PER_PATTERN = 50
_READING_JASPAR, _PER_COMPARISON = 3.0, 0.1  # s: of the database, and of a pattern
# s for the patterns of a file; s and bytes for each pair of motifs (docs/methods.md, Many samples)
_READING_PATTERN, _PER_PAIR, _BYTES_PER_PAIR = 0.01, 4e-6, 45.0
# instances of a window, of which a file takes bytes and a second of work writes some; and bytes of
# memory of the calls that they are chosen from
_PER_WINDOW, _INSTANCE_BYTES, _INSTANCES_PER_S, _CALL_BYTES = 3, 150, 30_000, 400
_PER_PLACE, _READING_INSTANCES = 0.1, 6e-5  # s of oligos: of a place, and of a window's instances
_COMPARING = 500e6  # bytes
# of the scan, measured with 60 patterns on 1000 bp: bases read, and bases compared with a pattern
_SCANNED_PER_S, _COMPARED_PER_S = 2e6, 50e6
_STORED_CALL = 40.0  # bytes, compressed
_EFFECTS_BYTES = 90e3  # for each motif, of a BPNet's two heads
_TRACK_BYTES = 4.0  # per base, at most: windows may overlap


def forecast(config: Config, samples: Mapping[str, Sample]) -> list[StepForecast]:
    """Forecast the steps of all samples; each model is measured once.

    Raises
    ------
    InputError, ModelError
        If no region of a sample gives a window, or a model cannot be explained.
    """
    plain = as_plain(config)
    to_check = as_options(plain, *CHECKED)
    checked: dict[tuple[str, ...], Checked] = {}
    kept: dict[str, int] = {}
    for name, sample in samples.items():
        key = key_of(sample)
        if key not in checked:
            checked[key] = check_one(sample, key, to_check)
        if not sample.tiled:
            log.info("sample %s: cutting its windows, to count them", name)
        kept[name] = count_kept(config, sample, checked[key].window_length)
    known = {key: calibrate_one(key, found, config, plain) for key, found in checked.items()}
    steps = [
        step
        for name, sample in samples.items()
        for step in steps_of(
            config,
            sample,
            kept[name],
            known[key_of(sample)],
            listed=count_windows(config, sample),
        )
    ]
    for method in further_methods(plain):
        plan = for_method(plain, method)
        known = {key: calibrate_one(key, found, config, plan) for key, found in checked.items()}
        for name, sample in samples.items():
            if not sample.scores:
                steps += _by_method(
                    config, sample, kept[name], known[key_of(sample)], method=method
                )
    targets = [(kept[name], len(sample.heads)) for name, sample in samples.items()]
    patterns = sum(number * _usual_patterns(n) for n, number in targets)
    steps += [_clustering(patterns), _index(len(samples), patterns)]
    if browsed := sum(bool(sample.genome) for sample in samples.values()):
        steps.append(StepForecast("-", "hub", 1, START + browsed, START + browsed, SMALL_STEP))
    return [*steps, _workflow(steps)]


def _by_method(
    config: Config, sample: Sample, n: int, found: Calibration, *, method: str
) -> list[StepForecast]:
    """Forecast the scores of a sample by a further method."""
    steps = steps_of(config, sample, n, found)
    return [
        replace(step, name=f"{step.name}.{method}")
        for step in steps
        if step.name in ("check", "attribute", "merge")
    ]


def _joining(sample: str, patterns: float) -> StepForecast:
    """Forecast the joining of a sample's patterns."""
    seconds = 2 * START + _READING_PATTERN * patterns + _PER_PAIR * patterns**2
    return StepForecast(sample, "join", 1, seconds, seconds, SMALL_STEP)


def _clustering(patterns: float) -> StepForecast:
    """Forecast the clustering of the motifs of all samples, as if no two patterns were joined."""
    seconds = 2 * START + _READING_PATTERN * patterns + _PER_PAIR * patterns**2
    memory = SMALL_STEP + _BYTES_PER_PAIR * patterns**2
    return StepForecast("-", "cluster", 1, seconds, seconds, memory)


def _index(samples: int, patterns: float) -> StepForecast:
    """Forecast the page above all samples."""
    seconds = 2 * START + samples + _READING_PATTERN * patterns
    return StepForecast("-", "index", 1, seconds, seconds, SMALL_STEP)


def _scanning(config: Config, sample: Sample, n: int, length: int) -> StepForecast:
    """Forecast the scan of `n` windows for instances."""
    targets, per_shard = len(sample.heads), config.instances.per_shard
    jobs, start = targets * max(1, -(-n // per_shard)), 2 * START
    per_window = length / _SCANNED_PER_S + length * _usual_patterns(n) / _COMPARED_PER_S
    return StepForecast(
        sample.sample,
        "scan",
        jobs,
        jobs * start + targets * n * per_window,
        start + min(n, per_shard) * per_window,
        SMALL_STEP,
        temporary=targets * n * _PER_WINDOW * _STORED_CALL,
    )


def _listing(n: int) -> tuple[float, float]:
    """Return the seconds and the memory of instances, for the usual number of calls."""
    seconds = 3 * START + n * _PER_WINDOW / _INSTANCES_PER_S
    return seconds, SMALL_STEP + n * _PER_WINDOW * _CALL_BYTES


def _workflow(steps: Sequence[StepForecast]) -> StepForecast:
    """Forecast the work of Snakemake itself, and of the record that it makes last."""
    disk = sum(step.disk for step in steps)
    jobs = sum(step.jobs for step in steps)
    seconds = _SNAKEMAKE + _PER_JOB * jobs + START + disk / _DIGESTED_PER_S
    return StepForecast("-", "workflow, provenance", 1, seconds, seconds, SMALL_STEP)


def steps_of(
    config: Config, sample: Sample, n: int, found: Calibration, *, listed: int = 0
) -> list[StepForecast]:
    """Forecast the steps of one sample with `n` windows, of as many regions as `listed`."""
    name, folds, targets = sample.sample, max(1, len(sample.model)), len(sample.heads)
    jobs = folds * max(1, -(-(listed or n) // config.regions.per_shard))
    scoring = folds * n * found.per_window
    a_shard = min(n, config.regions.per_shard) * found.per_window
    length, motifs = found.window_length, config.motifs
    shard_bytes, scores = folds * n * found.shard_bytes, n * found.shard_bytes / targets
    memory = motif_memory(n, min(motifs.window, length), motifs.max_seqlets)
    merging = START + folds * n / _WINDOWS_PER_S["merge"]
    drawing = START + n / _WINDOWS_PER_S["tracks"] + n * length / _BASES_PER_S
    cutting = START + n / _WINDOWS_PER_S["regions"]
    together = with_all_folds(config, sample, found.memory)
    steps = [
        StepForecast(name, "check", 1, folds * found.check, folds * found.check, together),
        StepForecast(
            name, "regions", 1, cutting, cutting, SMALL_STEP + n * length, n * found.window_bytes
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
        _per_target(sample, "merge", merging, SMALL_STEP, disk=targets * scores),
        _per_target(
            sample,
            "tracks",
            drawing,
            2 * SMALL_STEP + n * _PLACE_BYTES,
            disk=targets * n * length * _TRACK_BYTES,
        ),
        _per_target(sample, "motifs", motif_seconds(n, motifs.max_seqlets), memory, threads=2),
        *forecast_predictions(config, sample, n, found),
        *_after_motifs(config, sample, n, found),
    ]
    steps = [step for step in steps if sample.has_genome or step.name != "tracks"]
    return steps_without_model(steps) if sample.scores else steps


def _after_motifs(config: Config, sample: Sample, n: int, found: Calibration) -> list[StepForecast]:
    """Forecast the steps that follow from the patterns."""
    targets, pages = len(sample.heads), "workbook, report"
    if sample.has_genome:
        pages = f"session, {pages}"
    return [
        _per_target(sample, "annotate", _naming(n), _COMPARING),
        _joining(sample.sample, targets * _usual_patterns(n)),
        _scanning(config, sample, n, found.window_length),
        _per_target(
            sample, "instances", *_listing(n), disk=targets * n * _PER_WINDOW * _INSTANCE_BYTES
        ),
        _measuring(config, sample, n, found),
        _designing(config, sample, n, found),
        *forecast_variants(config, sample, found),
        _per_target(sample, f"logos, seqlets, figures, {pages}", _showing(n), SMALL_STEP),
    ]


def _per_target(
    sample: Sample, what: str, seconds: float, memory: float, **more: Any
) -> StepForecast:
    """Forecast a step with a job for each target."""
    targets = len(sample.heads)
    return StepForecast(sample.sample, what, targets, targets * seconds, seconds, memory, **more)


def _measuring(config: Config, sample: Sample, n: int, found: Calibration) -> StepForecast:
    """Forecast the effects of a sample's motifs, for the usual number of patterns."""
    targets = len(sample.heads)
    each = seconds_per_prediction(found.per_window, config.references.number, targets)
    predictions = len(sample.model) * predictions_of(config.effects, round(_usual_patterns(n)))
    seconds = found.start + each * predictions
    return StepForecast(
        sample.sample,
        "effects",
        targets,
        targets * seconds,
        seconds,
        with_all_folds(config, sample, found.memory),
        disk=targets * _usual_patterns(n) * _EFFECTS_BYTES,
        on_gpu=config.attribution.device != DEVICES[0],
    )


def _designing(config: Config, sample: Sample, n: int, found: Calibration) -> StepForecast:
    """Forecast the oligos of a sample, as if no two patterns were one motif."""
    targets, settings = len(sample.heads), config.oligos
    each = seconds_per_prediction(found.per_window, config.references.number, targets)
    places = targets * _usual_patterns(n) * settings.per_motif
    each *= len(sample.model) * (3 + settings.scrambles)  # the window, and its inserts
    seconds = found.start + (each + _PER_PLACE) * places + targets * n * _READING_INSTANCES
    on_gpu = config.attribution.device != DEVICES[0]
    memory = with_all_folds(config, sample, found.memory)
    return StepForecast(sample.sample, "oligos", 1, seconds, seconds, memory, on_gpu=on_gpu)


def _showing(n: int) -> float:
    """Return the seconds of the steps that draw and write, for the usual number of patterns."""
    return 5 * START + _PER_PATTERN * _usual_patterns(n)


def _naming(n: int) -> float:
    """Return the seconds of annotate for the usual number of patterns, once it is compiled."""
    return START + _READING_JASPAR + _PER_COMPARISON * _usual_patterns(n)


def _usual_patterns(n: int) -> float:
    return min(_MOST_PATTERNS, n / _WINDOWS_PER_PATTERN)
