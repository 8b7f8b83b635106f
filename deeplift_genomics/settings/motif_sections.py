"""The sections of the configuration for what follows the patterns; see `sections`."""

from __future__ import annotations

from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict


class Instances(Strict):
    """Settings for calling every instance of each motif."""

    match_p: float = setting(
        0.001,
        "probability",
        "A seqlet counts for the cutoffs of its pattern if a random sequence matches as well with "
        "at most this probability. The better half of the seqlets always counts.",
        gt=0,
        le=1,
    )
    weakest: float = setting(
        0.005,
        "share",
        "Share of a pattern's contribution that its weakest seqlets hold together, below which no "
        "instance is called. A larger share gives fewer instances.",
        ge=0,
        lt=1,
    )
    worst: float = setting(
        0.01,
        "share",
        "Share of a pattern's other seqlets that may match the sequence, and resemble the "
        "contributions, less than an instance must. A larger share gives fewer instances.",
        ge=0,
        lt=1,
    )
    max_overlap: float = setting(
        0.5,
        "share",
        "Largest share of the shorter of two instances that the other one may overlap. Of two that "
        "share more, the one stays that explains more.",
        ge=0,
        lt=1,
    )
    per_shard: int = setting(
        10000,
        "windows",
        "Windows scanned by one job. A smaller number gives more and shorter jobs. The instances "
        "do not depend on it.",
        ge=1,
        option=False,
    )
