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


class Effects(Strict):
    """Settings for what motifs do to the prediction."""

    motifs: int = setting(
        50,
        "motifs",
        "Largest number of motifs of a target whose effects are measured. They are those with the "
        "most seqlets.",
        ge=0,
        stored="effects_motifs",
    )
    backgrounds: int = setting(
        100,
        "backgrounds",
        "Dinucleotide-shuffled windows of the sample into which a motif is inserted.",
        ge=2,
        stored="effects_backgrounds",
    )
    scrambled: int = setting(
        200,
        "inserts",
        "Inserts with a motif's bases in other orders, among which the motif is ranked. With fewer "
        "than 99, no p-value could be 0.01.",
        ge=99,
        stored="effects_scrambled",
    )
    test_backgrounds: int = setting(
        10,
        "backgrounds",
        "Backgrounds in which scrambled inserts, and the motif for its rank, are measured. Nearly "
        "all of the step's time goes into them.",
        ge=1,
        stored="effects_test_backgrounds",
    )
    seed: int = setting(
        1,
        "integer",
        "Seed of backgrounds, samples and scrambled inserts.",
        ge=0,
        stored="effects_seed",
    )
