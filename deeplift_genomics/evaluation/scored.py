"""Scores of windows by one method, with what they cost."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.batches import fill_controls
from deeplift_genomics.attribution.configured import configured_explainer
from deeplift_genomics.attribution.scores import Scores, join
from deeplift_genomics.dna.references import make_references
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.evaluation.cost import Cost, measured
from deeplift_genomics.graph.device import shapes_of, values_of, windows_at_once
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.methods import Chosen, split_options
from deeplift_genomics.settings.scored import chosen_method, for_method
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.windows.file import read_places, read_rows


@dataclass(frozen=True)
class Batch:
    """Windows to evaluate: their rows in the windows file, codes (n, L), controls and places."""

    rows: NDArray[np.intp]
    codes: NDArray[np.int8]
    controls: Mapping[str, NDArray]
    places: Sequence[str]

    def __len__(self) -> int:
        return len(self.codes)

    def first(self, number: int) -> Batch:
        """Return the first of them."""
        return self.of(slice(0, number))

    def of(self, some: slice) -> Batch:
        """Return some of them."""
        controls = {name: values[some] for name, values in self.controls.items()}
        return Batch(self.rows[some], self.codes[some], controls, self.places[some])

    def seen_as(self, codes: NDArray[np.int8], controls: Mapping[str, NDArray]) -> Batch:
        """Return the same windows with other bases."""
        return Batch(self.rows, codes, controls, self.places)


def chosen_of(config: Config, name: str) -> Chosen:
    """Return a method with the options that the configuration has for it."""
    return chosen_method(for_method(as_plain(config), name))


def with_method(config: Config, name: str, seed: int | None = None) -> Config:
    """Return the configuration with `name` as its only method, and another seed if one is given."""
    options = split_options(config.attribution.options, config.attribution.method).get(name, {})
    of_method = {"method": name, "methods": [], "options": options}
    found = config.model_copy(
        update={"attribution": config.attribution.model_copy(update=of_method)}
    )
    if seed is None:
        return found
    references = config.references.model_copy(update={"seed": seed})
    return found.model_copy(update={"references": references})


class Scorer:
    """A model compiled for the method `attribution.method` of a configuration.

    Parameters
    ----------
    free
        Free bytes of the GPU; 0 for a CPU.
    n_references
        References per window, if fewer than the configuration says.

    Attributes
    ----------
    chosen
        The method.
    at_once
        Number of windows that are computed together.
    """

    def __init__(
        self,
        model: Model,
        targets: Sequence[str],
        config: Config,
        *,
        free: int = 0,
        n_references: int | None = None,
    ) -> None:
        wanted, number = config.attribution.windows_per_batch, config.references.number
        size = windows_at_once(wanted, free, values_of(shapes_of(model.frozen)), number)
        self._explainer = configured_explainer(
            model, targets, config, size, most_references=n_references
        )
        self.model, self.config, self.chosen = model, config, self._explainer.chosen
        self.n_references = self._explainer.n_references
        self.at_once = self._explainer.batch_size

    def __call__(
        self, batch: Batch, *, seed: int | None = None, reference: int | None = None
    ) -> tuple[dict[str, Scores], list[Cost]]:
        """Return target -> scores of all windows, and the cost of each window.

        Parameters
        ----------
        seed
            Seed of the references; that of the configuration if not given.
        reference
            The only reference to take, of those that the configuration has.
        """
        size, parts, costs = self.at_once, [], []
        for first in range(0, len(batch), size):
            some = batch.of(slice(first, first + size))
            controls = fill_controls(self.model, some.controls, len(some))
            references = self._references(some.codes, seed, reference)
            with measured() as cost:
                parts.append(
                    self._explainer(one_hot(some.codes), references, controls, some.places)
                )
            cost.seconds /= len(some)
            costs += [cost] * len(some)
        return {text: join([part[text] for part in parts]) for text in parts[0]}, costs

    def contributions(self, batch: Batch, *, seed: int | None = None) -> dict[str, NDArray]:
        """Return target -> contributions of the observed bases (n, L)."""
        return {text: observed(scores) for text, scores in self(batch, seed=seed)[0].items()}

    def _references(
        self, codes: NDArray[np.int8], seed: int | None, reference: int | None
    ) -> NDArray[np.float32]:
        """Return the references of windows (n, R, L, 4); none if the method takes none."""
        settings = self.config.references
        if seed is not None:
            settings = settings.model_copy(update={"seed": seed})
        if reference is None:
            return self._explainer.references_of(codes, settings)
        found = make_references(codes, settings.kind, settings.number, settings.seed)
        return found[:, [reference]]


def observed(scores: Scores) -> NDArray[np.float64]:
    """Return the contributions of the observed bases, (n, L)."""
    return scores.contributions.sum(axis=-1, dtype=np.float64)


def described_methods(config: Config) -> str:
    """Return what the evaluation says of each method, as JSON."""
    found: dict[str, dict[str, Any]] = {}
    for name in config.evaluation.all_methods:
        chosen = chosen_of(config, name)
        found[name] = {
            "title": chosen.method.title,
            "options": chosen.options.model_dump(),
            "gives": chosen.method.gives,
            "references": chosen.references,
            "complete": chosen.method.complete,
            "stochastic": chosen.stochastic,
            "picked_by": chosen.picked_by or "",
        }
    return json.dumps(found)


def read_batch(path: str | Path, rows: NDArray[np.intp]) -> Batch:
    """Read windows, one or more, by their rows."""
    places, (codes, controls) = read_places(path), read_rows(path, rows.tolist())
    starts = places.start[rows]
    named = zip(places.chrom[rows], starts, starts + places.length, strict=True)
    return Batch(rows, codes, controls, [f"{chrom}:{a}-{b}" for chrom, a, b in named])
