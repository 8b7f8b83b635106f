"""Options of loading a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LoadOptions:
    """The user's permissions and functions, beyond the model's files.

    Attributes
    ----------
    allow_lambda
        Whether code of Lambda layers from the file may run.
    lambdas
        Lambda layer -> ``module:function`` or ``file.py:function``, which replaces it.
    custom_objects
        ``module:function``; the function returns name -> class or function, for the user's own
        layers.
    """

    allow_lambda: bool = False
    lambdas: Mapping[str, str] = field(default_factory=dict)
    custom_objects: str | None = None
