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
class HeadInfo:
    """A head of the model.

    Attributes
    ----------
    name
        Its name.
    shape
        Without the batch axis; None is an axis of open size.
    kind
        ``profile``, ``counts``, ``logits`` or ``tracks``.
    explained_before
        The activation before which it is explained, such as ``sigmoid``; None without one.
    ends_in
        Types of the last operations before what is explained, such as ``Softplus``.
    """

    name: str
    shape: tuple[int | None, ...]
    kind: str
    explained_before: str | None = None
    ends_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class ModelInfo:
    """What is known of a sample's models without loading them.

    Attributes
    ----------
    window_length
        Bases that the model reads.
    controls
        Name of a control input -> its shape without the batch axis.
    heads
        The heads, in the order of the model.
    """

    window_length: int
    controls: dict[str, tuple[int, ...]]
    heads: tuple[HeadInfo, ...] = ()


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
        heads = tuple(map(_head, content["heads"]))
        return ModelInfo(_size(content["window_length"]), controls, heads)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            f"{path} is not a model description ({type(error).__name__}: {str(error)[:100]}). Make "
            f"it with: deeplift-genomics check MODEL --output {path}"
        ) from error


def _head(item: Mapping[str, Any]) -> HeadInfo:
    """Return a head; raise ValueError, KeyError or TypeError if it is not as it was written."""
    before = item.get("explained_before")
    return HeadInfo(
        str(item["name"]),
        tuple(None if size is None else _size(size) for size in item["shape"]),
        str(item["kind"]),
        None if before is None else str(before),
        tuple(map(str, item.get("ends_in", ()))),
    )


def _size(value: object) -> int:
    """Return the size of an axis, or raise ValueError."""
    if not isinstance(value, int) or not 0 < value < 1 << 31:
        raise ValueError(f"{value!r} is not the size of an axis")
    return value
