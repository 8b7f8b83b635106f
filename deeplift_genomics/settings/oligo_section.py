"""The section of the configuration for the oligos of the control experiment.

It is defined as those of `sections`.
"""

from __future__ import annotations

from typing import Any

from pydantic import field_validator, model_validator

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.settings.restriction import Avoided, check_ends, parse_avoided
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict, as_value_error

USUAL_LENGTH = 200  # bp, where oligos.length is 0
SHORTEST = 20  # bp: a shorter insert would hold few motifs
_LONGEST_END = 1000  # bases
_DNA: dict[str, Any] = {"pattern": "^[ACGTacgt]*$", "maxLength": _LONGEST_END}


class Oligos(Strict):
    """Settings for the oligos that test each motif."""

    length: int = setting(
        0,
        "bp",
        "Length of the inserts, which are cut from the genome around an instance; 0 means 200, or "
        "the model's window where that is shorter. More than the window is refused.",
        ge=0,
        json_schema_extra={"anyOf": [{"const": 0}, {"minimum": SHORTEST}]},
    )
    per_motif: int = setting(
        3,
        "loci",
        "Largest number of places in the genome for which each motif has oligos. 0 designs none.",
        ge=0,
    )
    scrambles: int = setting(
        2,
        "oligos",
        "Oligos of each place in which the motif's bases are in another order.",
        ge=0,
    )
    left_end: str = setting(
        "",
        "DNA",
        "Constant bases before each insert, 5' to 3', such as a primer's site. An oligo is "
        "`left_end`, insert and `right_end`.",
        json_schema_extra=_DNA,
    )
    right_end: str = setting("", "DNA", "Constant bases after each insert.", json_schema_extra=_DNA)
    avoid: list[str] = setting(
        [],
        "list of names or sites",
        "Restriction sites that no oligo has on either strand: enzymes such as `BsaI`, or sites in "
        "IUPAC letters such as `RCCGGY`. Sites across the ends of the insert count.",
    )
    sites_in_ends: bool = setting(
        False,
        "true or false",
        "Whether the constant ends may have a site of `oligos.avoid`, as those do by which the "
        "oligos are cloned. Sites across the ends of the insert are avoided all the same.",
    )
    seed: int = setting(
        1,
        "integer",
        "Seed of the bases that replace a motif, and of the orders of its bases. With that of "
        "`effects.seed`, they are the bases that `effects` takes.",
        ge=0,
    )

    @field_validator("length")
    @classmethod
    def _length_holds_motifs(cls, length: int) -> int:
        if 0 < length < SHORTEST:
            raise ValueError(
                f"an insert of {length} bp holds hardly a motif; expected {SHORTEST} bp or more, "
                "or 0 for the usual length"
            )
        return length

    @field_validator("left_end", "right_end")
    @classmethod
    def _ends_are_dna(cls, end: str) -> str:
        if other := sorted(set(end.upper()) - set("ACGT")):
            shown = ", ".join(repr(sign) for sign in other[:3])
            raise ValueError(
                f"{shortened(repr(end), 100)} holds {shown}; expected the letters A, C, G and T"
            )
        if len(end) > _LONGEST_END:
            raise ValueError(f"it has {len(end)} bases; expected at most {_LONGEST_END}")
        return end.upper()

    @field_validator("avoid")
    @classmethod
    def _enzymes_are_known(cls, names: list[str]) -> list[str]:
        for name in names:
            as_value_error(parse_avoided, name)
        return names

    @model_validator(mode="after")
    def _ends_are_free_of_sites(self) -> Oligos:
        if not self.sites_in_ends:
            ends = [(f"oligos.{name}", getattr(self, name)) for name in ("left_end", "right_end")]
            as_value_error(check_ends, ends, self.avoided)
        return self

    @property
    def avoided(self) -> list[Avoided]:
        """The sites that no oligo may have."""
        return [parse_avoided(name) for name in self.avoid]


def insert_length(length: int, window: int) -> int:
    """Return the length of the inserts for `oligos.length` and windows of so many bases.

    Raises
    ------
    InputError
        If the insert is longer than the window: what the model has not seen it cannot predict.
    """
    if length > window:
        raise InputError(
            f"oligos.length is {length} bp, but the model's window is {window} bp, and an insert "
            f"cannot be longer. Set it to {window} or less; 0 chooses by itself."
        )
    return length or min(USUAL_LENGTH, window)
