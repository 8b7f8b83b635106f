"""How a model is to be loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LoadOptions:
    """What the user allows and gives, beyond the model's files.

    Attributes
    ----------
    allow_lambda
        Whether code of Lambda layers from the file may be run.
    lambdas
        Lambda layer -> ``module:function`` or ``file.py:function`` to use in its place.
    custom_objects
        ``module:function``; the function returns name -> class or function of the user's own
        layers.
    """

    allow_lambda: bool = False
    lambdas: Mapping[str, str] = field(default_factory=dict)
    custom_objects: str | None = None
