"""The sections of the configuration for the report and for what is handed over with it.

They are defined as those of `sections`.
"""

from __future__ import annotations

from deeplift_genomics.settings.choices import LETTER_PALETTES
from deeplift_genomics.settings.setting import setting
from deeplift_genomics.settings.strict import Strict


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
