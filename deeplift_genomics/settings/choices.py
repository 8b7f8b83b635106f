"""The closed lists of names that a user may choose from.

They are kept apart from the code that acts on each name, so that reading a configuration imports
nothing beyond the standard library. Tests hold each list to that code's own table.
"""

from __future__ import annotations

from difflib import get_close_matches

from deeplift_genomics.errors import ConfigError

TILE = "tile"  # written in the sheet in place of a region file
# forms of a region file, as the sheet's column regions_format names them
REGION_FORMS = (NARROWPEAK, SUMMITS, BED, BROADPEAK, MACS_XLS) = (
    "narrowPeak", "summits", "bed", "broadPeak", "macs_xls",
)  # fmt: skip
SEQUENCES = "fasta"  # in their place, in the files of a run on sequences without a genome
REFERENCE_KINDS = ("dinucleotide_shuffle", "flat", "zeros")
SINGLE_KINDS = ("flat", "zeros")  # nothing in them is random, so a second one repeats the first
RULES = ("rescale", "reveal_cancel", "genomics_default")
DEVICES = ("cpu", "gpu", "gpu_or_cpu")
SCORE_TYPES = ("float32", "float16")
OVERLAPS = ("centre", "mean")
# a head or control input of up to this many units holds (log-)counts, a longer one is a profile
MOST_COUNTS = 16
# this many columns of a head, or fewer, are the strands of one task
MOST_STRANDS = 2


def check_references(kind: str, number: int) -> None:
    """Raise ConfigError unless the kind is known and can be had in this number."""
    if kind not in REFERENCE_KINDS:
        near = get_close_matches(kind, REFERENCE_KINDS, n=1)
        raise ConfigError(
            f"The kind of reference {kind!r} is not known"
            + (f"; did you mean {near[0]!r}?" if near else ".")
            + f" The kinds are {', '.join(REFERENCE_KINDS)}."
        )
    if number < 1:
        raise ConfigError(f"The number of references is {number}; expected 1 or more.")
    if kind in SINGLE_KINDS and number != 1:
        raise ConfigError(
            f"The number of references is {number}, but references of the kind {kind!r} are all "
            "alike: set the number to 1."
        )
