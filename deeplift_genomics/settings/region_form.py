"""The cell of the sheet that names the form of a region file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

from deeplift_genomics.settings.choices import REGION_FORMS


def parse_region_form(text: Any) -> Any:
    """Return the form, as `REGION_FORMS` writes it, that a text names in any case.

    Raises
    ------
    ValueError
        If there is no such form.
    """
    known = {name.lower(): name for name in ("", *REGION_FORMS)}
    if not isinstance(text, str):
        return text
    if text.lower() not in known:
        raise ValueError(f"{text!r} is not known; expected one of {', '.join(REGION_FORMS)}")
    return known[text.lower()]


RegionForm = Annotated[
    str, BeforeValidator(parse_region_form), WithJsonSchema({"enum": ["", *REGION_FORMS]})
]
