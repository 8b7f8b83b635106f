"""The closed lists of names that a user may choose from.

They are kept apart from the code that acts on each name, so that reading a configuration imports
nothing beyond the standard library. Tests hold each list to that code's own table.
"""

from __future__ import annotations

import re
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
CONVOLUTIONS = (FAST, DIRECT) = ("fast", "direct")
SCORE_TYPES = ("float32", "float16")
OVERLAPS = ("centre", "mean")
LETTER_PALETTES = ("default", "classic")
# what motifs are named by, in place of a MEME file: the releases of JASPAR that pyjaspar holds ->
# collection -> groups of species
JASPAR = "JASPAR"
ALL_TAXA = "all"
_TAXA = ("vertebrates", "plants", "insects", "nematodes", "fungi", "urochordates")
_NEW_TAXA = (*_TAXA, "diatoms")
_EARLY = {
    "CORE": _TAXA,
    "CNE": (),
    "FAM": (),
    "PBM": ("vertebrates",),
    "PBM_HLH": ("nematodes",),
    "PBM_HOMEO": ("vertebrates",),
    "PHYLOFACTS": ("vertebrates",),
    "POLII": (),
    "SPLICE": (),
}
_FIRST_UNVALIDATED = (
    *("vertebrates", "plants", "insects", "nematodes", "fungi"),
    *("cnidaria", "protozoa", "trematodes"),
)
_UNVALIDATED = (*_TAXA, "cnidaria", "dictyostelium", "oomycota", "trematodes")
JASPAR_RELEASES: dict[str, dict[str, tuple[str, ...]]] = {
    "JASPAR2026": {"CORE": _NEW_TAXA, "UNVALIDATED": _UNVALIDATED},
    "JASPAR2024": {"CORE": _NEW_TAXA, "UNVALIDATED": _UNVALIDATED},
    "JASPAR2022": {"CORE": _TAXA, "UNVALIDATED": _UNVALIDATED},
    "JASPAR2020": {**_EARLY, "UNVALIDATED": _FIRST_UNVALIDATED},
    "JASPAR2018": _EARLY,
    "JASPAR2016": _EARLY,
    "JASPAR2014": _EARLY,
}
MOTIF_WINDOW = 400  # bases around a window's centre in which motifs are searched for
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


def known_motifs_file(database: str) -> str:
    """Return the file that `annotation.database` names; ``""`` if it names JASPAR."""
    return "" if database == JASPAR else database


def check_database(database: str) -> None:
    """Raise ConfigError for a name of JASPAR that would be taken for a file."""
    if database != JASPAR and re.fullmatch(r"jaspar[ _-]?(20[0-9]{2})?", database, re.IGNORECASE):
        raise ConfigError(
            f"annotation.database {database!r} is not known; did you mean {JASPAR!r}? Its release "
            f"is a setting of its own, annotation.release. A file of that name is ./{database}."
        )


def check_jaspar(release: str, collection: str, taxon: str) -> None:
    """Raise ConfigError unless JASPAR has matrices of this release, collection and taxon."""
    collections = JASPAR_RELEASES.get(release, {})
    taxa = (ALL_TAXA, *collections.get(collection, ()))
    for noun, name, known, of_what in (
        ("release", release, JASPAR_RELEASES, "JASPAR"),
        ("collection", collection, collections, release),
        ("taxon", taxon, taxa, f"{release} {collection}"),
    ):
        if name not in known:
            near = get_close_matches(name.upper(), [text.upper() for text in known], n=1)
            meant = next((text for text in known if [text.upper()] == near), "")
            raise ConfigError(
                f"annotation.{noun} {name!r} is not known"
                + (f"; did you mean {meant!r}?" if meant else ".")
                + f" Of {of_what}, there is {', '.join(known)}."
            )
