"""The work of the steps `effects` and `predict`, which is that of their predictions."""

from __future__ import annotations

import math

from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.motif_sections import USUAL_SPACING, Effects

_ORIENTATIONS = 4  # of the motifs of a pair


def predictions_of(settings: Effects, motifs: int) -> int:
    """Return the number of predictions for the effects of so many motifs of a target."""
    number = min(motifs, settings.motifs)
    inserted = 2 * (2 * settings.backgrounds + settings.scrambled * settings.test_backgrounds)
    replaced = settings.instances * (1 + 2 * settings.draws)
    pairs = min(settings.pairs, number * (number + 1) // 2)
    # pairs in the order AA, AB, AC, BB, ... have about so many motifs on the right, each of which
    # is predicted alone on both strands
    alone = max(0, math.ceil(2 * math.sqrt(pairs)) - 1)
    in_pairs = (settings.spacing or USUAL_SPACING) + 1
    in_pairs *= (pairs * _ORIENTATIONS + 2 * alone) * settings.spacing_backgrounds
    return settings.backgrounds + number * (inserted + replaced) + in_pairs


def predicted_per_shard(config: Config) -> int:
    """Return the windows that one job predicts: about the work of a job that explains windows.

    A prediction is a small part of an explanation, which makes one for each reference.
    """
    return config.regions.per_shard * config.references.number


def seconds_per_prediction(per_window: float, references: int, targets: int) -> float:
    """Return the seconds of one prediction, from those of one window that is explained.

    That window and its references are predicted, and a walk back from each reference, for each
    target, takes about as long as a prediction.
    """
    return per_window / (1 + references + references * targets)
