"""The description of a method of attribution, and the job that it prepares for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from deeplift_genomics.attribution.targets import Target
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.models.model import Model


@dataclass(frozen=True)
class Job:
    """The work that a method prepares for.

    Attributes
    ----------
    model
        The model, whose graph in the wanted precision is `frozen`.
    targets
        Target as the user wrote it -> target.
    n_windows, n_references
        Windows per batch and references per window.
    float64
        Whether to compute in double precision.
    rules
        Name of a set of rules, for methods that have several.
    """

    model: Model
    targets: Mapping[str, Target]
    n_windows: int
    n_references: int
    float64: bool
    rules: str

    @property
    def frozen(self) -> FrozenGraph:
        """The part of the model's graph for the targets, in double precision or made faster."""
        graph = self.model.frozen
        needed = [tensor for target in self.targets.values() for tensor in target.seeds]
        if self.float64:
            return graph.only(needed).in_float64()
        return graph.made_faster().only(needed)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Windows per batch, references per window, bases per window."""
        return self.n_windows, self.n_references, self.model.window_length

    @property
    def controls(self) -> dict[str, tuple[int, ...]]:
        """Name of each control input -> its shape without batch."""
        return {item.name: item.shape for item in self.model.controls}


@dataclass(frozen=True)
class Method:
    """A row of the table of methods.

    Attributes
    ----------
    title
        The name that score files store as `method`.
    prepare
        Takes a `Job`; returns the compiled function of a batch, whose arrays are named as in
        `Scores`.
    references
        Whether windows are compared with references. Without, there may be none (R = 0).
    gives
        "bases": hypothetical scores of all four bases; "positions": one score for each position,
        which the observed base gets, while the others get 0.
    complete
        Whether contributions add up to the difference in target. They are then held to it, and the
        batch function also returns `residual`, `mass` and `size`.
    stochastic
        Whether the method draws random numbers, so that its scores depend on a seed.
    stores
        The optional arrays of the score file that the method fills, all of which the batch function
        returns.
    """

    title: str
    prepare: Callable[[Job], BatchFunction]
    references: bool
    gives: Literal["bases", "positions"]
    complete: bool
    stochastic: bool
    stores: tuple[str, ...]
