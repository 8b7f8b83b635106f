"""What the cost of a sample depends on, measured once for all samples that share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from deeplift_genomics.planning.calibration import Calibration, Checked, calibrate, check_model
from deeplift_genomics.planning.step import StepForecast
from deeplift_genomics.scores.given_files import window_length
from deeplift_genomics.settings.choices import DEVICES
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.options import as_options
from deeplift_genomics.settings.sample_files import loading_options
from deeplift_genomics.settings.sample_sheet import Sample
from deeplift_genomics.settings.scored import scoring_keys
from deeplift_genomics.settings.target_names import split_targets

_OF_MODELS = ("check", "attribute", "predict", "predictions", "effects", "oligos")


def key_of(sample: Sample) -> tuple[str, ...]:
    """Return all that the cost of a sample's windows depends on: model, targets, options.

    Where scores are given, the model is an empty text.
    """
    plain = sample.model_dump(mode="json")
    if sample.scores:
        return "", plain["heads"], plain["scores"]
    return (sample.model[0], plain["heads"], *loading_options(sample))


def check_one(sample: Sample, key: tuple[str, ...], to_check: Sequence[str]) -> Checked:
    """Check the model of a sample, or look at the first of its given score files."""
    if sample.scores:
        return Checked(window_length(next(iter(sample.scores.values()))), 0.0)
    return check_model(sample.model[0], key[1], key[2:], to_check)


def calibrate_one(
    key: tuple[str, ...], found: Checked, config: Config, plain: Mapping[str, Any]
) -> Calibration:
    """Measure the method `attribution.method` of a plain configuration."""
    if not key[0]:  # only bytes of 32 bits are moved
        length, targets = found.window_length, len(split_targets(key[1]))
        return Calibration(length, 0.0, 0.0, 0.0, 0, 16.0 * length * targets, length / 2)
    return calibrate(
        key[0],
        key[1],
        found,
        loading=key[2:],
        settings=as_options(plain, *scoring_keys(plain)),
        on_gpu=config.attribution.device != DEVICES[0],
    )


def steps_without_model(steps: Sequence[StepForecast]) -> list[StepForecast]:
    """Return the steps of a sample whose scores are given in place of a model."""
    names = {"merge": "convert"}
    return [
        replace(step, name=names.get(step.name, step.name.replace("figures, ", "")))
        for step in steps
        if step.name not in _OF_MODELS
    ]
