"""How a model is written down, in the sample sheet and on the command line.

A model is a file, a SavedModel folder, or ``architecture.json+weights.h5`` for the two files of a
Keras architecture and its weights. A function of the user's is ``module:function``, or
``path/to/file.py:function``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from deeplift_genomics.errors import InputError
from deeplift_genomics.files import digest

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


def model_files(model: str | Path) -> list[Path]:
    """The files that a model is made of, sorted: for a folder those that a SavedModel has."""
    files = []
    for path in model_paths(model):
        if path.is_dir():
            inside = [path / name for name in ("saved_model.pb", "keras_metadata.pb")]
            for part in ("variables", "assets"):
                inside += [item for item in (path / part).rglob("*") if item.is_file()]
            files += sorted(item for item in inside if item.is_file())
        else:
            files.append(path)
    return files


def model_digest(model: str | Path) -> str:
    """SHA-256 of a model's file; of a folder or pair that of all names, in order, and contents."""
    paths = model_paths(model)
    if len(paths) == 1 and not paths[0].is_dir():
        return digest(paths[0])
    digests = {}
    for path in paths:
        for file in model_files(path):
            digests[str(file.relative_to(path) if path.is_dir() else file.name)] = digest(file)
    listed = "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))
    return hashlib.sha256(listed.encode()).hexdigest()


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


def code_files(functions: Iterable[str], folder: str | Path = ".") -> list[Path]:
    """The Python files in `folder` that the functions come from; those installed elsewhere not."""
    files: list[Path] = []
    for function in functions:
        module = function.rpartition(":")[0]
        if module.endswith(".py"):
            files.append(Path(folder, module))
        else:
            stem = Path(folder, *module.split("."))
            files += [stem.with_suffix(".py"), stem / "__init__.py"]
    return sorted({path for path in files if path.is_file()})
