"""The sections of the configuration for the report and for what is handed over with it.

They are defined as those of `sections`.
"""

from __future__ import annotations

from pydantic import field_validator

from deeplift_genomics.settings.choices import LETTER_PALETTES
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict

_LONGEST = 1000  # characters of a locus


class Report(Strict):
    """Settings for the report, the logos and the workbook."""

    letters: str = setting(
        LETTER_PALETTES[0],
        "name",
        "Colours of the letters: `default` or `classic`. Those of `default` differ for every "
        "reader, also one who is colour-blind. `classic` has the green, blue, orange and red of "
        "older logos, of which green and red are alike to some readers.",
        names=LETTER_PALETTES,
    )
    loci: list[str] = setting(
        [],
        "list of loci",
        "Loci to show besides those that the report chooses. Each is the name of a region, or a "
        "place as genome browsers write it, `chr22:17,398,500` or `chr22:17,398,400-17,398,700`, "
        "counted from 1. A window of at least one sample must hold it; the pages of the other "
        "samples say that they have none there.",
        option=False,
        json_schema_extra={"items": {"type": "string", "pattern": r"\S", "maxLength": _LONGEST}},
    )
    most_loci: int = setting(
        30,
        "loci",
        "Largest number of loci on a page. Those of `report.loci` are always shown; then come the "
        "strongest and the median region, and the strongest, median and weakest place of each "
        "motif. A page of many targets shows fewer, so that it stays small.",
        ge=0,
        option=False,
    )

    output_positions: int = setting(
        0,
        "positions",
        "At each of `report.loci`, the contributions of the bases to each position of the "
        "profiles, one by one (PISA), by DeepLIFT: so many positions at most, the middle ones of "
        "the locus. The page shows them as a map, and `SAMPLE/outputs.h5` holds them. 0 makes no "
        "maps. Each position takes about as long as a target of one window, for each model.",
        ge=0,
    )

    @field_validator("loci")
    @classmethod
    def _loci_are_texts(cls, loci: list[str]) -> list[str]:
        for locus in loci:
            if not locus.strip() or len(locus) > _LONGEST or not locus.isprintable():
                raise ValueError(
                    f"{locus[:80]!r} is no locus; expected the name of a region, or a place such "
                    "as 'chr22:17,398,500'"
                )
        return [locus.strip() for locus in loci]
