"""The merge of the shards of an evaluation: means, intervals, and differences of methods.

Intervals are percentiles of the mean over windows that are drawn again with replacement (Efron,
Tibshirani 1993, "An introduction to the bootstrap", chapter 13), from the same draws for a method
and for its differences to the first one and to the best one in the same windows.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplift_genomics.effects.statistics import CONFIDENCE, RESAMPLES, bootstrap
from deeplift_genomics.errors import InputError
from deeplift_genomics.evaluation.motifs_found import motif_rows, read_all_scores
from deeplift_genomics.evaluation.numbers import SHARD, read_numbers
from deeplift_genomics.files.shards import checked_shards
from deeplift_genomics.scores.evaluations import write_evaluation
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.metrics import METRICS, RANDOM_ORDER, barred_by

if TYPE_CHECKING:
    import pandas

log = logging.getLogger(__name__)
_OF_SHARDS = ("n_shards", "n_windows")


def merge_evaluation(
    paths: Sequence[str | Path], output: str | Path, table: str | Path, config: Config
) -> None:
    """Join all shards of an evaluation, and write its numbers as HDF5 and as a table.

    Known motifs are looked for in the scores of all windows, by the settings `motifs` and
    `annotation`.

    Raises
    ------
    InputError
        If a shard is missing, damaged or of another run.
    """
    import pandas

    ordered, attributes = checked_shards(paths, SHARD, "the evaluation")
    numbers = pandas.concat([read_numbers(path) for path in ordered], ignore_index=True)
    try:
        methods = json.loads(attributes["methods"])
        seed = int(attributes["evaluation_seed"])
    except (KeyError, TypeError, ValueError):
        raise InputError(f"{ordered[0]} is damaged: it does not name its methods.") from None
    numbers = without_barred(numbers, methods)
    stored = {key: value for key, value in attributes.items() if key not in _OF_SHARDS}
    stored |= {"n_regions": attributes["n_windows"], "n_windows": attributes["n_in_file"]}
    stored |= {"confidence": CONFIDENCE, "resamples": RESAMPLES}
    del stored["n_in_file"]
    rows = [*summarise(numbers, list(methods), seed=seed)]
    rows += motif_rows(*read_all_scores(ordered, SHARD), config)
    write_evaluation(output, table, stored, rows)


def without_barred(
    numbers: pandas.DataFrame, methods: dict[str, dict[str, Any]]
) -> pandas.DataFrame:
    """Return the numbers without those of a method by the metric that it picks its scores by."""
    for name, about in methods.items():
        if picked_by := about["picked_by"]:
            barred = barred_by(picked_by)
            log.info("%s picks its scores by %s, and is not compared by it", name, picked_by)
            numbers = numbers[~((numbers["method"] == name) & numbers["metric"].isin(barred))]
    return numbers


def summarise(
    numbers: pandas.DataFrame, methods: Sequence[str], *, seed: int
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the evaluation: those of each target, method, metric and point in turn.

    Parameters
    ----------
    numbers
        One row for each window, in the columns of `numbers.Number`.
    methods
        Names in order; differences are told to the first.
    """
    known = numbers[np.isfinite(numbers["value"])]
    targets = list(dict.fromkeys(numbers["target"]))
    keys = ["target", "method", "metric", "x", "level"]
    series = {
        tuple(None if value != value else value for value in key): some.set_index("window")["value"]
        for key, some in known.groupby(keys, dropna=False, sort=True)
    }
    ranks = [targets, [*methods, RANDOM_ORDER], list(METRICS)]

    def place(key: tuple) -> tuple:
        at = [names.index(name) for names, name in zip(ranks, key[:3], strict=True)]
        return *at, -1.0 if key[3] is None else key[3], key[4]

    for key in sorted(series, key=place):
        target, _, metric, x, level = key
        values = series[key].sort_index()
        own = _interval(values.to_numpy(), seed)
        number = np.nan if x is None else float(x)
        others = [(target, name, metric, x, level) for name in methods]
        best = _best([other for other in others if other in series], series)
        to = ((target, methods[0], metric, x, level), best)
        apart = [_apart(series, key, other, seed=seed) for other in to]
        yield *key[:3], number, level, len(values), *own, *apart[0], *apart[1]


def _best(keys: Sequence[tuple], series: Mapping[tuple, pandas.Series]) -> Any:
    """Return the key of the best method of those with one metric; None if it ranks none."""
    better = METRICS[keys[0][2]].better if keys else ""
    if not better:
        return None
    return (max if better == "more" else min)(keys, key=lambda key: series[key].mean())


def _apart(
    series: Mapping[tuple, pandas.Series], key: tuple, other: Any, *, seed: int
) -> tuple[float, float, float]:
    """Return the mean difference of two methods in the same windows, and its interval."""
    if other is None or other == key or other not in series:
        return (np.nan,) * 3
    pairs = series[key].to_frame("own").join(series[other].rename("other"), how="inner")
    if pairs.empty:
        return (np.nan,) * 3
    return _interval((pairs["own"] - pairs["other"]).sort_index().to_numpy(), seed)


def _interval(values: np.ndarray, seed: int) -> tuple[float, float, float]:
    """Return the mean of values (n,), and the ends of its interval; one value has none."""
    if len(values) == 1:
        return float(values[0]), np.nan, np.nan
    found = bootstrap(values[:, None], seed)
    return float(found.mean[0]), float(found.low[0]), float(found.high[0])
