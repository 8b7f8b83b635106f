"""How a model is written down, in the sample sheet and on the command line.

A model is a file, a SavedModel folder, or ``architecture.json+weights.h5`` for the two files of a
Keras architecture and its weights. A function of the user's is ``module:function``, or
``path/to/file.py:function``.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from deeplift_genomics.errors import InputError

FUNCTION = r"([A-Za-z_][A-Za-z0-9_.]*|[^,=:]+\.py):[A-Za-z_][A-Za-z0-9_]*"
_PAIR = re.compile(r"(.+\.json)\+(.+\.(?:h5|hdf5))", re.IGNORECASE)


def split_list(text: str) -> tuple[str, ...]:
    """What stands between commas, without spaces around it.

    Raises
    ------
    InputError
        If nothing stands there, or the same thing twice.
    """
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise InputError(f"{text!r} has a comma with nothing before or after it")
    if twice := [part for part, count in Counter(parts).items() if count > 1]:
        raise InputError(f"{twice[0]!r} stands twice in {text!r}")
    return parts


def model_paths(model: str | Path) -> list[Path]:
    """The paths that a model is written as: one, or both of a pair."""
    pair = _PAIR.fullmatch(str(model))
    return [Path(part) for part in pair.groups()[:2]] if pair else [Path(model)]


def parse_function(text: str) -> str:
    """A function as ``module:function`` or ``path/to/file.py:function``.

    Raises
    ------
    InputError
        If it is written otherwise.
    """
    text = text.strip()
    if not re.fullmatch(FUNCTION, text):
        raise InputError(
            f"{text!r} names no function; write module:function, such as my_layers:objects for "
            "the function objects in my_layers.py"
        )
    return text


def parse_lambdas(text: str) -> dict[str, str]:
    """Layer -> function, from ``layer=module:function,other=module:function``.

    Raises
    ------
    InputError
        If it is written otherwise, or names a layer twice.
    """
    found: dict[str, str] = {}
    for part in split_list(text):
        layer, sign, function = part.rpartition("=")
        if not (layer.strip() and sign):
            raise InputError(f"{part!r} is not of the form layer=module:function")
        if layer.strip() in found:
            raise InputError(f"the layer {layer.strip()!r} stands twice in {text!r}")
        found[layer.strip()] = parse_function(function)
    return found
