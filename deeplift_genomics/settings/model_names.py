"""The notation for models and functions, in the sample sheet and on the command line.

A model is a file, a SavedModel folder, or ``architecture.json+weights.h5`` for the two files of a
Keras architecture and its weights. A user's function is ``module:function`` or
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
    """Return the parts of a text that commas separate, without spaces around them.

    Raises
    ------
    InputError
        If a part is empty or occurs twice.
    """
    parts = tuple(part.strip() for part in text.split(","))
    if not all(parts):
        raise InputError(f"{text!r} has a comma with nothing before or after it")
    if twice := [part for part, count in Counter(parts).items() if count > 1]:
        raise InputError(f"{twice[0]!r} occurs twice in {text!r}")
    return parts


def model_paths(model: str | Path) -> list[Path]:
    """Return the path of a model, or both paths of a pair.

    Of a SavedModel, which is a folder, `model` may name the file ``saved_model.pb`` in it.
    """
    pair = _PAIR.fullmatch(str(model))
    if pair:
        return [Path(part) for part in pair.groups()[:2]]
    path = Path(model)
    return [path.parent if path.name == "saved_model.pb" else path]


def parse_function(text: str) -> str:
    """Check a function's name, ``module:function`` or ``path/to/file.py:function``, and return it.

    Raises
    ------
    InputError
        If it has another form.
    """
    text = text.strip()
    if not re.fullmatch(FUNCTION, text):
        raise InputError(
            f"{text!r} names no function; write module:function, such as my_layers:objects for "
            "the function objects in my_layers.py"
        )
    return text


def parse_lambdas(text: str) -> dict[str, str]:
    """Read ``layer=module:function,other=module:function`` into a dict from layer to function.

    Raises
    ------
    InputError
        If it has another form, or names a layer twice.
    """
    found: dict[str, str] = {}
    for part in split_list(text):
        layer, sign, function = part.rpartition("=")
        if not (layer.strip() and sign):
            raise InputError(f"{part!r} is not of the form layer=module:function")
        if layer.strip() in found:
            raise InputError(f"the layer {layer.strip()!r} occurs twice in {text!r}")
        found[layer.strip()] = parse_function(function)
    return found
