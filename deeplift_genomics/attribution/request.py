"""What a user asks `check` about a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.settings.config import Config


@dataclass(frozen=True)
class Request:
    """A question about a model: can a run with these options explain it?

    Attributes
    ----------
    targets
        Names of targets; those that suit the heads if empty.
    config
        The settings: `references`, `attribution` and `motifs.window` count.
    loading
        What is allowed and given for loading the models.
    controls
        BigWig files of the controls, strands in order.
    signal
        Number of bigWig files of the measured signal.
    operations
        Whether to name each operation and its rule.
    motifs
        Whether motifs are searched for, in the central bases by `motifs.window`.
    """

    targets: Sequence[str]
    config: Config
    loading: LoadOptions
    controls: Sequence[str] = ()
    signal: int = 0
    operations: bool = False
    motifs: bool = False
