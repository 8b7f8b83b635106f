"""The numbers of an evaluation, by target, metric and method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan
from typing import Any, NamedTuple

from deeplift_genomics.scores.evaluations import Evaluation
from deeplift_genomics.settings.metrics import METRICS, RANDOM_ORDER, barred_by

ISM = "in_silico_mutagenesis"
FEWEST = 5  # regions of which a bootstrap interval can tell methods apart
# standings of a method by a metric
BEST, TIED, BEHIND, BARRED, UNRANKED = "best", "tied", "behind", "barred", "unranked"


class Value(NamedTuple):
    """A mean over `n` regions with its interval, and the mean difference to the best method.

    `x` is NaN, and `level` empty, where there is none; missing ends of intervals are NaN.
    """

    x: float
    level: str
    n: int
    mean: float
    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    behind: float
    behind_low: float
    behind_high: float


@dataclass(frozen=True)
class TargetNumbers:
    """The numbers of one target.

    Attributes
    ----------
    target
        Name of the target.
    methods
        Name of each method -> what the evaluation says of it, in the user's order.
    values
        Metric -> method -> its values along `x`; of one number, a list of one.
    """

    target: str
    methods: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Mapping[str, Sequence[Value]]]

    @property
    def subject(self) -> str:
        """The method that the page answers for: the first one."""
        return next(iter(self.methods))

    def title(self, method: str) -> str:
        """Return the name of a method for readers."""
        if method == RANDOM_ORDER:
            return "random order"
        return str(self.methods.get(method, {}).get("title") or method)

    def of(self, metric: str) -> Mapping[str, Sequence[Value]]:
        """Return the values of a metric by method, in the order of the methods."""
        return self.values.get(metric, {})

    def last(self, metric: str, method: str) -> Value | None:
        """Return the one value of a method, or the last one of its curve; None without."""
        found = self.of(metric).get(method)
        return found[-1] if found else None

    def at(self, metric: str, method: str, x: float) -> Value | None:
        """Return the value of a method at the place of a curve that is nearest to `x`."""
        found = self.of(metric).get(method)
        return min(found, key=lambda value: abs(value.x - x)) if found else None

    def standing(self, metric: str) -> dict[str, str]:
        """Return the standing of each method by a metric of one number, or the end of a curve.

        A method is as good as the best if its mean is the same, or the interval of their paired
        difference holds 0, or has fewer regions than `FEWEST`. What is left of the scores in a
        randomised model ranks nothing: all that is near 0 is chance.
        """
        found = {}
        ranked: dict[str, Value] = {}
        better = METRICS[metric].better if METRICS[metric].part != "sanity" else ""
        for method in self.of(metric):
            value = self.last(metric, method)
            assert value is not None  # `of` has methods with values only
            if metric in barred_by(str(self.methods.get(method, {}).get("picked_by", ""))):
                found[method] = BARRED
            elif method not in self.methods or not better or isnan(value.mean):
                found[method] = UNRANKED
            else:
                ranked[method] = value
        if ranked:
            choose = max if better == "more" else min
            best = choose(ranked, key=lambda name: ranked[name].mean)
            most = ranked[best].mean
            found |= {name: _against_best(value, most) for name, value in ranked.items()}
            found[best] = BEST
        return {method: found[method] for method in self.of(metric)}


def _against_best(value: Value, best: float) -> str:
    """Return whether a value that is not the best is as good, or behind."""
    if value.mean == best or value.behind == 0 or value.n < FEWEST:
        return TIED
    return TIED if value.behind_low <= 0 <= value.behind_high else BEHIND


def numbers_of(evaluation: Evaluation) -> list[TargetNumbers]:
    """Return the numbers of each target, in the order of the evaluation."""
    found: dict[str, dict[str, dict[str, list[Value]]]] = {}
    table = evaluation.table
    columns = [table[name].tolist() for name in ("target", "method", "metric")]
    values = zip(*(table[name].tolist() for name in Value._fields), strict=True)
    for target, method, metric, value in zip(*columns, values, strict=True):
        methods = found.setdefault(target, {}).setdefault(metric, {})
        methods.setdefault(method, []).append(Value(*value))
    order = {name: place for place, name in enumerate(evaluation.methods)}
    return [
        TargetNumbers(
            target,
            evaluation.methods,
            {
                metric: {
                    method: sorted(own, key=lambda value: value.x)
                    for method, own in sorted(
                        methods.items(), key=lambda item: order.get(item[0], len(order))
                    )
                }
                for metric, methods in metrics.items()
            },
        )
        for target, metrics in found.items()
    ]
