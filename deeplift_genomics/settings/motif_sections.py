"""The sections of the configuration for what is made of TF-MoDISco's patterns.

They are defined as those of `sections`.
"""

from __future__ import annotations

from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict


class Clusters(Strict):
    """Settings for patterns that are one motif."""

    within_sample: float = setting(
        0.2,
        "distance",
        "Largest mean distance at which patterns of a sample are one motif. 0 is for equal "
        "patterns, about 1 for unrelated ones, 0.33 for a motif and a composite of which it is "
        "half (docs/methods.md).",
        ge=0,
        lt=1,
    )
    across_samples: float = setting(
        0.2,
        "distance",
        "Largest mean distance at which motifs of several samples are one motif of the run.",
        ge=0,
        lt=1,
    )
