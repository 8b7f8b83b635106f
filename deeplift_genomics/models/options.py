"""Options of loading a model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class LoadOptions:
    """The user's permissions, functions and facts, beyond the model's files.

    Attributes
    ----------
    allow_lambda
        Whether code of Lambda layers from the file may run.
    lambdas
        Lambda layer -> ``module:function`` or ``file.py:function``, which replaces it.
    custom_objects
        ``module:function``; the function returns name -> class or function, for the user's own
        layers.
    window_length
        Length of the windows (bp), for models whose sequence input has an open length.
    inputs
        Input -> what it is given, for models with more than one sequence: ``control``,
        ``reverse_complement_of:NAME`` of another input, or the path of a FASTA file with one
        sequence. See `settings.input_forms`.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> options = dg.LoadOptions(custom_objects="my_layers:objects", window_length=2114)
    >>> options.allow_lambda
    False
    """

    allow_lambda: bool = False
    lambdas: Mapping[str, str] = field(default_factory=dict)
    custom_objects: str | None = None
    window_length: int | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
