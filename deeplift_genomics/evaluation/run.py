"""The evaluation of a shard of the windows: every method, every number of each window."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.evaluation.cost import Cost
from deeplift_genomics.evaluation.numbers import Numbers
from deeplift_genomics.evaluation.ranking import central
from deeplift_genomics.evaluation.replacing import add_curves
from deeplift_genomics.evaluation.sanity import MOST_LEVELS, randomised_correlations
from deeplift_genomics.evaluation.scored import Batch, Scorer, observed, with_method
from deeplift_genomics.evaluation.stability import (
    correlations,
    over_seeds,
    over_shifts,
    over_strands,
    reference_numbers,
    standard_errors,
)
from deeplift_genomics.evaluation.truth import Sites, truth_numbers
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.choices import SINGLE_KINDS
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.evaluation_section import ORACLE


class Evaluator:
    """The evaluation of some windows, collected in `numbers`.

    Parameters
    ----------
    models
        The model, or its folds, of which the first is evaluated.
    targets
        Names of targets.
    config
        The settings: `evaluation`, `attribution`, `references` and `motifs.window` count.
    free
        Free bytes of the GPU; 0 for a CPU.
    levels
        Largest number of layers whose weights are randomised, of those that a model has.
    only
        The only method that is scored again and again; all if not given.
    """

    def __init__(
        self,
        models: Sequence[Model],
        targets: Sequence[str],
        config: Config,
        *,
        free: int = 0,
        levels: int = MOST_LEVELS,
        only: str | None = None,
    ) -> None:
        self.models, self.targets, self.config, self.free = models, targets, config, free
        self._levels, self._only = levels, only
        self.numbers = Numbers()
        # target -> method -> hypothetical contributions of the central bases (n, W, 4)
        self.hypothetical: dict[str, dict[str, NDArray]] = {text: {} for text in targets}
        self._span = config.motifs.window
        # method -> target -> contributions (n, L)
        self._kept: dict[str, dict[str, NDArray]] = {}

    def run(self, batch: Batch, retested: int, sites: Sites | None = None) -> Numbers:
        """Evaluate windows, the first `retested` of which are scored again and again."""
        again = batch.first(retested)
        # all of them first: what a model cannot do is told before anything is computed
        scorers = {name: self._scorer(name) for name in self.config.evaluation.all_methods}
        for name in Progress(list(scorers), what="score", unit="method"):
            self._score(name, scorers.pop(name), batch=batch, again=again)
        add_curves(self.numbers, self.models[0], self._kept, batch, config=self.config)
        for name, by_target in self._kept.items():
            for text, values in by_target.items():
                self._compare(name, text, values, batch)
                if sites is not None:
                    self._truth(name, text, values, sites=sites, rows=batch.rows)
        if len(again):
            self._folds(again)
            self._sanity(again)
        return self.numbers

    def _scorer(self, name: str) -> Scorer:
        """Return the scorer of a method on the first model."""
        config = with_method(self.config, name)
        return Scorer(self.models[0], self.targets, config, free=self.free)

    def _score(self, name: str, scorer: Scorer, *, batch: Batch, again: Batch) -> None:
        """Score the windows with a method, and again to see what that depends on."""
        scores, costs = scorer(batch)
        self._kept[name] = {text: observed(found) for text, found in scores.items()}
        if scorer.chosen.method.gives == "bases":
            some = central(batch.codes.shape[1], self._span)
            for text, found in scores.items():
                self.hypothetical[text][name] = found.hypothetical[:, some]
        self._costs(name, scorer, batch=batch, costs=costs)
        self._completeness(name, batch, scores)
        if len(again) and self._only in (None, name):
            first = {text: values[: len(again)] for text, values in self._kept[name].items()}
            self._retest(name, scorer, again, first)
        self._references(name, scorer, batch, scores)

    def _costs(self, name: str, scorer: Scorer, *, batch: Batch, costs: Sequence[Cost]) -> None:
        """Add what windows cost, but those that are computed first, when TensorFlow starts."""
        counted, rows = costs[scorer.at_once :], batch.rows[scorer.at_once :]
        if not counted:  # no others: once more
            counted, rows = scorer(batch)[1], batch.rows
        for row, cost in zip(rows, counted, strict=True):
            for text in self.targets:
                values = {"seconds": cost.seconds / len(self.targets), "memory": cost.memory}
                self.numbers.add((text, name, int(row)), values)

    def _completeness(self, name: str, batch: Batch, scores: dict[str, Scores]) -> None:
        """Add how far contributions miss the difference that they must add up to."""
        for text, found in scores.items():
            if found.residual is None or found.mass is None:
                continue
            share = np.abs(found.residual) / np.maximum(found.mass, np.finfo(np.float32).tiny)
            self._add_each(name, "completeness", {text: share.max(axis=1)}, batch)

    def _retest(self, name: str, scorer: Scorer, again: Batch, kept: dict[str, NDArray]) -> None:
        """Add the correlations with other seeds, moved windows and the other strand."""
        base, number = self.config.references.seed, self.config.evaluation.seeds
        chosen, random = scorer.chosen, self.config.references.kind not in SINGLE_KINDS
        drawn = chosen.stochastic

        def make(seed: int) -> Scorer:
            if not drawn:
                return scorer
            config = with_method(self.config, name, seed)
            return Scorer(self.models[0], self.targets, config, free=self.free)

        if number and (drawn or (chosen.references and random)):
            seeds = range(base + 1, base + 1 + number)
            found = over_seeds(make, again, kept, seeds=seeds, span=self._span)
            self._add_each(name, "seeds", found, again)
        for by, of_shift in over_shifts(scorer, again, kept, self._span).items():
            self._add_each(name, "shift", of_shift, again, x=float(by))
        self._add_each(
            name, "reverse_complement", over_strands(scorer, again, kept, self._span), again
        )

    def _references(
        self, name: str, scorer: Scorer, batch: Batch, scores: dict[str, Scores]
    ) -> None:
        """Add the error by number of references, from each reference's contributions."""
        n = scorer.n_references
        if n < 2 or scorer.chosen.stochastic:
            return
        known: dict[str, tuple[NDArray, NDArray]] = {
            text: (observed(found), found.standard_error)
            for text, found in scores.items()
            if found.standard_error is not None
        }
        if not known:
            batch = batch.first(self.config.evaluation.retested)
            if not len(batch):
                return
            config = with_method(self.config, name)
            one = Scorer(self.models[0], self.targets, config, free=self.free, n_references=1)
            known = standard_errors(one, batch, n)
        for text, (values, errors) in known.items():
            for row, value, error in zip(batch.rows, values, errors, strict=True):
                if found := reference_numbers(value, error, n):
                    place = text, name, int(row)
                    self.numbers.curve(place, "reference_error", found[0])
                    self.numbers.add(place, {"references_needed": found[1]})

    def _compare(self, name: str, text: str, values: NDArray, batch: Batch) -> None:
        """Add the agreement with in-silico mutagenesis."""
        if name == ORACLE or ORACLE not in self._kept:
            return
        other = {text: self._kept[ORACLE][text]}
        self._add_each(name, "agreement", correlations({text: values}, other, self._span), batch)

    def _truth(
        self, name: str, text: str, values: NDArray, *, sites: Sites, rows: NDArray[np.intp]
    ) -> None:
        """Add how well contributions find known sites."""
        for row, of_window in zip(rows.tolist(), values, strict=True):
            if spans := sites.of_windows.get(row):
                self.numbers.add((text, name, row), truth_numbers(of_window, spans))

    def _folds(self, again: Batch) -> None:
        """Add the mean correlation with the other folds."""
        if len(self.models) < 2:
            return
        tested = [name for name in self._kept if self._only in (None, name)]
        for name in Progress(tested, what="other folds", unit="method"):
            kept = {text: values[: len(again)] for text, values in self._kept[name].items()}
            found = []
            for model in self.models[1:]:
                scorer = Scorer(model, self.targets, with_method(self.config, name), free=self.free)
                found.append(correlations(kept, scorer.contributions(again), self._span))
            mean = {text: np.mean([one[text] for one in found], axis=0) for text in kept}
            self._add_each(name, "folds", mean, again)

    def _sanity(self, again: Batch) -> None:
        """Add the correlations with models whose weights are random."""
        for text in self.targets:
            kept = {
                name: of[text][: len(again)]
                for name, of in self._kept.items()
                if self._only in (None, name)
            }
            found = randomised_correlations(
                self.models[0],
                text,
                self.config,
                again,
                kept=kept,
                free=self.free,
                most=self._levels,
            )
            for method, level, values in found:
                x, layer = float(level.number), level.layer
                self._add_each(method, level.metric, {text: values}, again, x=x, level=layer)

    def _add_each(
        self,
        name: str,
        metric: str,
        values: dict[str, NDArray],
        batch: Batch,
        *,
        x: float = float("nan"),
        level: str = "",
    ) -> None:
        """Add one number of each window, target by target."""
        for text, of_windows in values.items():
            for row, value in zip(batch.rows, of_windows, strict=True):
                self.numbers.add((text, name, int(row)), {metric: value}, x=x, level=level)
