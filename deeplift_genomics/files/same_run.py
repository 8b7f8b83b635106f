"""Attributes of files compared: are the files of one run?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from deeplift_genomics.errors import InputError


class Difference(NamedTuple):
    """An attribute that is not as expected; a value is None if the attribute is missing."""

    key: str
    found: Any
    expected: Any


def differences(
    found: Mapping[str, Any], expected: Mapping[str, Any], keys: Iterable[str] | None = None
) -> list[Difference]:
    """List the attributes that differ, in the order of the keys.

    Parameters
    ----------
    keys
        The attributes to compare; those of `expected` if not given.
    """
    return [
        Difference(key, found.get(key), expected.get(key))
        for key in (expected if keys is None else keys)
        if found.get(key) != expected.get(key)
    ]


def require_same_run(
    path: str | Path,
    attributes: Mapping[str, Any],
    *,
    other: str | Path,
    other_attributes: Mapping[str, Any],
    keys: Iterable[str],
    advice: str,
) -> None:
    """Raise InputError, naming the first difference, unless two files agree in the attributes.

    Parameters
    ----------
    path, attributes
        The file that is wrong if they differ, and its attributes.
    other, other_attributes
        The file that is taken as right.
    keys
        The attributes to compare.
    advice
        A sentence that says what to do.
    """
    for key, found, expected in differences(attributes, other_attributes, keys):
        raise InputError(
            f"{path} was made with {key} = {found!r}, but {other} with {expected!r}. {advice}"
        )
