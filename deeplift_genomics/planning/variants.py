"""The forecast of the variants of a sample, of which both alleles are explained."""

from __future__ import annotations

from pathlib import Path

from deeplift_genomics.dna.vcf import read_variants
from deeplift_genomics.planning.calibration import Calibration
from deeplift_genomics.planning.predictions import seconds_per_prediction
from deeplift_genomics.planning.step import START, StepForecast
from deeplift_genomics.planning.weights import with_all_folds
from deeplift_genomics.settings.choices import DEVICES
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample

_BYTES = 2 * 2 * 4 * 0.9  # of a base and target: both alleles and their errors, compressed


def forecast_variants(config: Config, sample: Sample, found: Calibration) -> list[StepForecast]:
    """Forecast the step `alleles`; nothing for a sample without variants.

    A file that another rule of a workflow makes is not there yet, and counts as without variants.

    Raises
    ------
    InputError
        If the file is damaged, or no VCF file.
    """
    if not sample.variants:
        return []
    path, targets, folds = Path(sample.variants), len(sample.heads), len(sample.model)
    n = sum(1 for _ in read_variants(path)) if path.exists() else 0
    each = seconds_per_prediction(found.per_window, config.references.number, targets)
    per_variant = 2 * found.per_window + (2 + config.alleles.random_changes) * each
    seconds = found.start + (folds - 1) * found.check + START + folds * n * per_variant
    return [
        StepForecast(
            sample.sample,
            "alleles",
            1,
            seconds,
            seconds,
            with_all_folds(config, sample, found.memory),
            disk=n * targets * found.window_length * _BYTES,
            on_gpu=config.attribution.device != DEVICES[0],
        )
    ]
