"""The sections of the configuration for what is made of TF-MoDISco's patterns.

They are defined as those of `sections`.
"""

from __future__ import annotations

from pydantic import model_validator

from deeplift_genomics.errors import InputError
from deeplift_genomics.settings.choices import (
    ALL_TAXA,
    JASPAR,
    JASPAR_RELEASES,
    check_database,
    check_jaspar,
)
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict, as_value_error

_COLLECTIONS = dict.fromkeys(name for of_one in JASPAR_RELEASES.values() for name in of_one)
_TAXA = dict.fromkeys(
    taxon for of_one in JASPAR_RELEASES.values() for taxa in of_one.values() for taxon in taxa
)


class Annotation(Strict):
    """Settings for naming patterns by motifs that are known."""

    database: str = setting(
        JASPAR,
        "name or path",
        "Known motifs: `JASPAR`, or the path of a file of the MEME suite. JASPAR comes with the "
        "installation and needs no internet. A file holds DNA motifs in MEME's text format, plain "
        "or gzipped, such as those of HOCOMOCO and CIS-BP, or STREME's output.",
        min_length=1,
    )
    release: str = setting(
        "JASPAR2026",
        "name",
        "Release of JASPAR: `JASPAR2026`, `JASPAR2024`, ..., `JASPAR2014`. It is for "
        "`annotation.database: JASPAR` only, as are collection and taxon.",
        json_schema_extra={"enum": list(JASPAR_RELEASES)},
    )
    collection: str = setting(
        "CORE",
        "name",
        "Collection of JASPAR, such as `CORE` or `UNVALIDATED`. The latest version of each of its "
        "matrices is taken.",
        json_schema_extra={"enum": list(_COLLECTIONS)},
    )
    taxon: str = setting(
        "vertebrates",
        "name",
        "Species of JASPAR's matrices: `vertebrates`, `plants`, `insects`, `nematodes`, `fungi`, "
        "..., or `all`.",
        json_schema_extra={"enum": [*_TAXA, ALL_TAXA]},
    )
    max_q: float = setting(
        0.05,
        "rate",
        "Largest q-value of a match. It is TOMTOM's p-value, corrected by Benjamini and Hochberg "
        "for the whole database. A pattern without a match is `no significant match`.",
        gt=0,
        le=1,
    )
    min_correlation: float = setting(
        0.7,
        "correlation",
        "Smallest correlation of a match, over the bases that pattern and motif have in common. It "
        "leaves out matches of bases without a preference to others without one.",
        ge=-1,
        le=1,
    )

    @model_validator(mode="after")
    def _jaspar_has_it(self) -> Annotation:
        as_value_error(check_database, self.database)
        as_value_error(check_jaspar, self.release, self.collection, self.taxon)
        return self


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
        "Share of what a pattern explains (similarity times contribution) that its weakest seqlets "
        "hold together. No instance explains less than the others do. A larger share gives fewer "
        "instances.",
        ge=0,
        lt=1,
    )
    worst: float = setting(
        0.005,
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
    instances: int = setting(
        50,
        "instances",
        "Largest number of instances of a motif that are replaced by shuffled bases.",
        ge=0,
        stored="effects_instances",
    )
    draws: int = setting(
        3,
        "draws",
        "Shuffles by which each instance is replaced, one after the other.",
        ge=1,
        stored="effects_draws",
    )
    pairs: int = setting(
        20,
        "pairs",
        "Largest number of pairs of motifs whose spacing is measured. They are those of the motifs "
        "with the most seqlets.",
        ge=0,
        stored="effects_pairs",
    )
    spacing: int = setting(
        0,
        "bp",
        "Largest distance of the two motifs of a pair; 0 means 150, or as many as the window "
        "holds. More than the window holds is refused.",
        ge=0,
        stored="effects_spacing",
    )
    spacing_backgrounds: int = setting(
        10,
        "backgrounds",
        "Backgrounds in which each pair is measured at each distance.",
        ge=3,
        stored="effects_spacing_backgrounds",
    )
    seed: int = setting(
        1,
        "integer",
        "Seed of all that is drawn: backgrounds, samples, scrambled inserts, instances, shuffles.",
        ge=0,
        stored="effects_seed",
    )


USUAL_SPACING = 150  # bp, where effects.spacing is 0
_SHORT_MOTIF = 10  # bp; a window must hold two such motifs at the largest distance


def check_spacing(spacing: int, length: int) -> None:
    """Raise InputError unless a window of `length` bp holds two motifs at the largest distance."""
    most = most_spacing(length, _SHORT_MOTIF)
    if spacing and spacing > most:
        raise InputError(
            f"effects.spacing is {spacing} bp, more than the model's window of {length} bp holds "
            f"with two motifs. Set it to {max(most, 0)} or less; 0 chooses by itself."
        )


def most_spacing(length: int, width: int) -> int:
    """Return the largest distance of two motifs of `width` bp that a window holds.

    Each motif gets half of the window; the result is negative if not even the motifs fit.
    """
    return length - 2 * width - 1
