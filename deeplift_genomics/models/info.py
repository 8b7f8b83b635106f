"""model.json: the description of a sample's model, for the steps that must not load the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import InputError
from deeplift_genomics.files.atomic import atomic_path, require_file
from deeplift_genomics.files.system_faults import reading


@dataclass(frozen=True)
class ModelInfo:
    """Window length (bp), and the control inputs: name -> shape without the batch axis."""

    window_length: int
    controls: dict[str, tuple[int, ...]]


def write_model_info(path: str | Path, content: Mapping[str, Any]) -> None:
    """Write model.json; equal models give equal bytes."""
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")


def read_model_info(path: str | Path) -> ModelInfo:
    """Read the part of model.json that the steps without TensorFlow need.

    Raises
    ------
    InputError
        If the file is missing or of another kind.
    """
    path = require_file(path, "model description")
    try:
        with reading(path):
            content = json.loads(path.read_text())
        controls = {
            str(item["name"]): tuple(map(_size, item["shape"])) for item in content["controls"]
        }
        return ModelInfo(_size(content["window_length"]), controls)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(
            f"{path} is not a model description ({type(error).__name__}: {str(error)[:100]}). Make "
            f"it with: deeplift-genomics check MODEL --output {path}"
        ) from error


def _size(value: object) -> int:
    """Return the size of an axis, or raise ValueError."""
    if not isinstance(value, int) or not 0 < value < 1 << 31:
        raise ValueError(f"{value!r} is not the size of an axis")
    return value
