"""The job that a method of attribution prepares for, and the way from a method to its function."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from importlib import import_module

import numpy as np

from deeplift_genomics.attribution.targets import Target, sinks_of
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.errors import InputError
from deeplift_genomics.graph.device import visible_devices
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.choices import CONVOLUTIONS, FAST
from deeplift_genomics.settings.methods import Chosen


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
    chosen
        The method, with its options.
    rules
        Name of a set of rules, for DeepLIFT.
    seed
        Seed of methods that draw random numbers; see `draws.generator`.
    convolutions
        "fast" or "direct": whether convolutions of many channels are computed by minimal filtering.
    plain
        Whether to compute without rewrites for speed, as the second path does (`second_path`).
    """

    model: Model
    targets: Mapping[str, Target]
    n_windows: int
    n_references: int
    float64: bool
    chosen: Chosen
    rules: str
    seed: int
    convolutions: str = FAST
    plain: bool = False

    @cached_property
    def frozen(self) -> FrozenGraph:
        """The part of the model's graph for the targets, in double precision or made faster."""
        part = self.model.frozen.only(self.sinks)
        if self.float64:
            return part.in_float64()
        if self.plain:
            return part.in_float32()
        return part.made_faster(fewer_products=self.convolutions == FAST)

    @cached_property
    def sinks(self) -> list[str]:
        """Names of the tensors that the targets explain, each once."""
        return sinks_of(self.targets)

    @property
    def key(self) -> Hashable:
        """What determines the compiled function of the model: all fields, and the devices."""
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        del values["model"]
        options = self.chosen.options.model_dump_json()
        values |= {"targets": tuple(self.targets.items()), "chosen": (self.chosen.name, options)}
        return ("attribute", *visible_devices(), *values.items())

    @property
    def shape(self) -> tuple[int, int, int]:
        """Windows per batch, references per window, bases per window."""
        return self.n_windows, self.n_references, self.model.window_length

    @property
    def controls(self) -> dict[str, tuple[int, ...]]:
        """Name of each control input -> its shape without batch."""
        return {item.name: item.shape for item in self.model.controls}


def prepare(job: Job) -> BatchFunction:
    """Compile the function of a batch by the job's method, unless the model has it already.

    Its arrays are named as in `Scores`. It keeps nothing from one call to the next, so that threads
    may share it.

    Raises
    ------
    InputError, ModelError, UnsupportedOperationError
        If the model, an option or the seed does not suit the method.
    """
    if not isinstance(job.seed, int | np.integer) or job.seed < 0:
        raise InputError(f"The seed is {job.seed!r}; expected a whole number of at least 0.")
    if job.convolutions not in CONVOLUTIONS:
        raise InputError(
            f"The convolutions are {job.convolutions!r}; expected {' or '.join(CONVOLUTIONS)}."
        )
    # a function that holds its job does not hold the model that keeps it
    alone = replace(job, model=replace(job.model))
    return job.model.compiled.get(job.key, lambda: _compile(alone))


def _compile(job: Job) -> BatchFunction:
    """Compile the function of a batch."""
    module, _, function = job.chosen.method.prepare.partition(".")
    return getattr(import_module(f"deeplift_genomics.attribution.{module}"), function)(job)
