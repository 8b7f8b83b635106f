"""The section of the configuration for the research object: what a run is called, and by whom."""

from __future__ import annotations

import re

from pydantic import Field, field_validator

from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict

_ORCID = r"(https://orcid\.org/)?(\d{4}-){3}\d{3}[\dX]"
# an identifier of SPDX, or an address
_LICENSE = r"[A-Za-z0-9.+-]+|https?://\S+"


class Person(Strict):
    """A person who made the run."""

    name: str = Field(min_length=1)
    orcid: str = ""
    affiliation: str = ""

    @field_validator("orcid")
    @classmethod
    def _orcid_is_valid(cls, orcid: str) -> str:
        """Return the 16 digits; the last one is a check of the others (ISO 7064, MOD 11-2)."""
        if not orcid:
            return orcid
        digits = orcid.removeprefix("https://orcid.org/").replace("-", "")
        if not re.fullmatch(_ORCID, orcid) or _check_digit(digits[:-1]) != digits[-1]:
            raise ValueError(
                f"{orcid!r} is no ORCID; expected one such as 0000-0002-1825-0097. Copy it from "
                "the person's page at orcid.org"
            )
        return orcid.removeprefix("https://orcid.org/")


def _check_digit(digits: str) -> str:
    """Return the last character that belongs to the first 15 digits of an ORCID.

    >>> _check_digit("000000021825009")
    '7'
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    found = (12 - total % 11) % 11
    return "X" if found == 10 else str(found)


class Publication(Strict):
    """Settings for the research object that describes the run (ro-crate-metadata.json)."""

    title: str = setting(
        "",
        "text",
        "What the run is called. Empty: the names of its samples.",
        option=False,
    )
    description: str = setting(
        "", "text", "What it was made for, in a sentence or two.", option=False
    )
    license: str = setting(
        "",
        "licence",
        "The licence of the results: an identifier of SPDX, such as `CC-BY-4.0`, or an address. "
        "Empty: the crate says that none was given.",
        option=False,
        json_schema_extra={"pattern": f"^({_LICENSE})?$"},
    )
    people: list[Person] = setting(
        [],
        "list of people",
        "Who made the run: for each person the `name` and, as you like, `orcid` and `affiliation`.",
        option=False,
    )

    @field_validator("license")
    @classmethod
    def _license_is_known(cls, text: str) -> str:
        if text and not re.fullmatch(_LICENSE, text):
            raise ValueError(
                f"{text!r} is no licence; expected an identifier of SPDX such as CC-BY-4.0, or an "
                "address"
            )
        return text
