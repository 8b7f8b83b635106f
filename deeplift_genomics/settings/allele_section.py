"""The section of the configuration for variants, of which both alleles are explained.

It is defined as those of `sections`.
"""

from __future__ import annotations

from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict


class Alleles(Strict):
    """Settings for the variants of a VCF file."""

    most: int = setting(
        10_000,
        "variants",
        "Largest number of variants of a file. A file with more is refused: choose candidates.",
        ge=1,
    )
    random_changes: int = setting(
        20,
        "changes",
        "Random changes of the same kind in each reference window, with which the variant's effect "
        "is compared; 0 makes none. A substitution is compared with substitutions elsewhere in the "
        "window, an insertion with insertions of as many random bases, and so on.",
        ge=0,
    )
    drawn: int = setting(
        30,
        "variants",
        "Variants whose letters the page shows: those of the largest effect. The table has all.",
        ge=0,
    )
    flank: int = setting(
        40,
        "bp",
        "Bases on either side of a variant whose letters the page shows.",
        ge=5,
        le=200,
    )
