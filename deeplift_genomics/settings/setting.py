"""One setting: its default, unit, meaning and bounds, and the attribute that stores it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import AfterValidator, Field
from pydantic.fields import FieldInfo


def _unchanged(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class About:
    """The facts about a setting beyond its type and bounds.

    Attributes
    ----------
    unit
        Unit or kind of value, for the table of settings.
    stored
        Attribute of the result files that holds the setting; "" if none does.
    as_stored
        From the value in the configuration to that of the attribute.
    option
        Whether a step takes it on its command line; if not, only Snakemake uses it.
    watched
        Whether a change of it makes the step run again.
    """

    unit: str
    stored: str = ""
    as_stored: Callable[[Any], Any] = _unchanged
    option: bool = True
    watched: bool = True


def setting(
    default: Any, unit: str, meaning: str, *, names: Sequence[str] = (), **more: Any
) -> Any:
    """Define a setting as the field of a section.

    Parameters
    ----------
    default
        The value where the configuration has none.
    unit
        As in `About`.
    meaning
        Sentences for the schema and the table of settings. The first one alone is the help of the
        command-line option.
    names
        The values allowed, for a setting that is one name of a list.
    more
        Further fields of `About`, and bounds as `pydantic.Field` takes them.

    Returns
    -------
    FieldInfo
        The right side of a section's field.

    Examples
    --------
    ``number: int = setting(20, "references per window", "Number of references.", ge=1)``
    """
    about = {key: more.pop(key) for key in About.__dataclass_fields__ if key in more}
    if names:
        more["json_schema_extra"] = {"enum": list(names)}
    field = Field(default=default, description=meaning, **more)
    field.metadata.append(About(unit, **about))
    if names:
        field.metadata.append(AfterValidator(_one_of(names)))
    return field


def about(field: FieldInfo) -> About:
    """Return what `setting` recorded of a field."""
    return next(item for item in field.metadata if isinstance(item, About))


def _one_of(names: Sequence[str]) -> Callable[[str], str]:
    """Return a validator for texts that must be one of `names`."""

    def check(name: str) -> str:
        if name not in names:
            raise ValueError(f"{name!r} is not known; expected one of {', '.join(names)}")
        return name

    return check
