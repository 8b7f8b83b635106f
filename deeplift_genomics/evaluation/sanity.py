"""Sanity: contributions must change when the weights of the model do (Adebayo et al. 2018).

Layers are randomised from the top, one more at each level, and one layer at a time; the number is
the rank correlation of contributions with those of the trained model, over the central bases.
Methods that see nothing of a model but its output depend on weights by construction, and are left
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.errors import DeepLiftGenomicsError
from deeplift_genomics.evaluation.randomised import OpenModel, layers_of
from deeplift_genomics.evaluation.scored import Batch, Scorer, with_method
from deeplift_genomics.evaluation.stability import correlations
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config

BY_OUTPUT = frozenset({"in_silico_mutagenesis", "occlusion", "lime", "kernel_shap"})
MOST_LEVELS = 12  # levels of a deeper model, which are spread over its layers


class Level(NamedTuple):
    """Layers with random weights: how many from the top, the lowest, and all their constants."""

    metric: str
    number: int
    layer: str
    constants: list[str]


def levels_of(layers: Mapping[str, list[str]], most: int = MOST_LEVELS) -> list[Level]:
    """Return the levels of a model, from its layers and the constants of each, top first.

    Of more layers than `most`, some are taken that are spread over all; the lowest is one of them.
    """
    names = list(layers)
    taken = np.unique(np.linspace(0, len(names) - 1, min(len(names), most)).round())
    found = []
    for at in taken.astype(int).tolist():
        above = [constant for name in names[: at + 1] for constant in layers[name]]
        found += [
            Level("cascading", at + 1, names[at], above),
            Level("independent", at + 1, names[at], layers[names[at]]),
        ]
    return found


class Correlated(NamedTuple):
    """The correlation of each window (n,) at a level, by a method."""

    method: str
    level: Level
    values: NDArray[np.float64]


def randomised_correlations(
    model: Model,
    target: str,
    config: Config,
    batch: Batch,
    *,
    kept: Mapping[str, NDArray],
    free: int,
    most: int = MOST_LEVELS,
) -> Iterator[Correlated]:
    """Yield the correlations of a target, method by method, and level by level.

    Parameters
    ----------
    kept
        Method -> contributions of the windows (n, L) by the trained model.
    """
    tensors: Sequence[str] = list(find_targets(model, [target])[target].seeds)
    layers = layers_of(model, tensors)
    levels, float64 = levels_of(layers, most), config.attribution.float64
    opened = OpenModel(model, chain.from_iterable(layers.values()), float64=float64)
    for name, values in kept.items():
        if name in BY_OUTPUT:
            continue
        opened.randomise([], config.evaluation.seed)
        scorer = Scorer(opened.model, [target], with_method(config, name), free=free)
        for level in Progress(levels, what=f"randomise, {name}", unit="level"):
            opened.randomise(level.constants, config.evaluation.seed)
            found = {target: _scores(scorer, target, batch, like=values)}
            of_target = correlations({target: values}, found, config.motifs.window)
            yield Correlated(name, level, of_target[target])


def _scores(scorer: Scorer, target: str, batch: Batch, *, like: NDArray) -> NDArray[np.float64]:
    """Return contributions (n, L); NaN where random weights leave nothing to compute with."""
    try:
        return scorer.contributions(batch)[target]
    except DeepLiftGenomicsError:  # such as a variance of 0 divided by
        return np.full(like.shape, np.nan)
