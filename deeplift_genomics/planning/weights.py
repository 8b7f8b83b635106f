"""The memory that the weights of several models take together."""

from __future__ import annotations

from deeplift_genomics.models.files import memory_of_weights, model_files
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.sample_sheet import Sample


def with_all_folds(config: Config, sample: Sample, memory: float) -> float:
    """Return the bytes of memory of a job that loads all folds, given those of one with the first.

    The others are counted by the sizes of their files.
    """
    others = [file for model in sample.model[1:] for file in model_files(model)]
    return memory + memory_of_weights(others, float64=config.attribution.float64)
