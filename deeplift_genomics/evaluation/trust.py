"""The small evaluation: one answer in the terminal, in minutes, for `check --trust`."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from deeplift_genomics.attribution.suggestions import suggest
from deeplift_genomics.errors import ModelError
from deeplift_genomics.evaluation.chosen import choose_rows
from deeplift_genomics.evaluation.merge import summarise
from deeplift_genomics.evaluation.run import Evaluator
from deeplift_genomics.evaluation.scored import Batch, read_batch
from deeplift_genomics.models.model import Model
from deeplift_genomics.scores.evaluations import EVALUATION
from deeplift_genomics.settings.config import Config
from deeplift_genomics.settings.evaluation_section import ORACLE
from deeplift_genomics.settings.metrics import RANDOM_ORDER
from deeplift_genomics.windows.file import check_length, number_of_windows, read_places

if TYPE_CHECKING:
    import pandas

REGIONS, RETESTED, DRAWS, SEEDS, LEVELS = 5, 2, 3, 1, 3
MOST_TARGETS = 2  # of a model whose targets the user did not name
_WIDTH = 80
_NORMAL = {
    "completeness": "how far contributions miss the difference that they must add up to",
    "comprehensiveness": "fall of the target without the top bases; more is better",
    "agreement": "rank correlation with in-silico mutagenesis; 1 if they order bases alike",
    "reference_error": "error of contributions that comes from the number of references",
    "seeds": "rank correlation with another seed: how much of the order is not chance",
    "reverse_complement": "rank correlation with the other strand",
    "cascading": "rank correlation with random weights: it must fall, to about 0",
}


def small(config: Config) -> Config:
    """Return the settings of the small evaluation."""
    names = list(dict.fromkeys([config.attribution.method, ORACLE]))
    update = {"methods": names, "regions": REGIONS, "retested": RETESTED}
    update |= {"draws": DRAWS, "seeds": SEEDS}
    return config.model_copy(update={"evaluation": config.evaluation.model_copy(update=update)})


def trust_text(
    models: Sequence[Model],
    windows: Path,
    targets: Sequence[str],
    config: Config,
    *,
    free: int = 0,
) -> str:
    """Return how far the method `attribution.method` can be trusted in a few windows, in words.

    Raises
    ------
    ModelError
        If the windows do not fit the model, or it has no target.
    """
    config, name = small(config), config.attribution.method
    first, n = models[0], number_of_windows(windows)
    expected = first.window_length
    check_length(windows, read_places(windows).length, model=first.name, expected=expected)
    targets = (
        list(targets) or [text for item in suggest(first) for text in item.texts][:MOST_TARGETS]
    )
    if not targets:
        raise ModelError(f"{first.name} has no target that can be evaluated.")
    rows = choose_rows(n, config.evaluation.regions, config.evaluation.seed)
    evaluator = Evaluator(models, targets, config, free=free, levels=LEVELS, only=name)
    batch = read_batch(windows, rows)
    numbers = evaluator.run(batch, min(RETESTED, len(rows)))
    import pandas  # Snakemake's rule `check`, which never comes here, has none

    found = pandas.DataFrame(summarise(pandas.DataFrame(numbers), [name, ORACLE], seed=1))
    found.columns = list(EVALUATION.columns)
    shown = "mean, and its 95% interval" if len(rows) > 1 else "its numbers, without intervals"
    lines = [f"{name} in {len(rows)} of {n} windows: {shown}", ""]
    lines += _without_controls(first, batch)
    for text in targets:
        lines += [f"  {text}", *_table(found[found["target"] == text], name, config), ""]
    return "\n".join([*lines, *_note(name)])


def _without_controls(model: Model, batch: Batch) -> Iterator[str]:
    """Yield the lines that say which controls the windows lack, and that they are 0."""
    missing = [item.name for item in model.controls if item.name not in batch.controls]
    if missing:
        yield from textwrap.wrap(
            f"The windows hold no values of the controls {', '.join(missing)}, which are 0 here. "
            "Give --windows of a run with controls to measure with theirs.",
            _WIDTH,
        )
        yield ""


def _table(found: pandas.DataFrame, name: str, config: Config) -> Iterator[str]:
    """Yield the lines of a target."""
    row: Any
    for row in found[found["method"] == name].itertuples():
        number, below = str(row.metric).replace("_", " "), ""
        if row.metric not in _NORMAL or row.metric == "reference_error":
            continue
        meaning = _NORMAL[str(row.metric)]
        if row.metric == "cascading":
            number, meaning = f"random, to {row.level}", _NORMAL["cascading"] if row.x == 1 else ""
        if row.metric == "comprehensiveness":
            others = found[found["metric"] == row.metric].set_index("method")["mean"]
            names = {RANDOM_ORDER: "random order", ORACLE: "in-silico mutagenesis"}
            of_others = [f"{names[key]} {others[key]:.3g}" for key in names if key in others]
            below = "; ".join(of_others)
        yield from _line(number, row.mean, (row.low, row.high), meaning)
        yield from _wrapped(below)
    yield from _references(found[found["method"] == name], config)


def _references(found: pandas.DataFrame, config: Config) -> Iterator[str]:
    """Yield the error by number of references, if the method takes any."""
    needed = found[found["metric"] == "references_needed"]["mean"]
    if needed.empty or not np.isfinite(needed.iloc[0]):
        return
    n = config.references.number
    # |error| falls with the square root of the number
    at_one = found[(found["metric"] == "reference_error") & (found["x"] == 1)].iloc[0]
    mean, *ends = (at_one[key] / np.sqrt(n) for key in ("mean", "low", "high"))
    wanted = float(f"{needed.iloc[0]:.2g}")
    meaning = f"{_NORMAL['reference_error']}, here {n}; 1% needs about {wanted:,.0f}"
    yield from _line("references", mean, (ends[0], ends[1]), meaning)


def _line(word: str, mean: float, ends: tuple[float, float], meaning: str) -> Iterator[str]:
    """Yield the line of a number, and what it means below."""
    interval = f"   {ends[0]:.3g} to {ends[1]:.3g}" if np.isfinite(ends).all() else ""
    yield f"    {word:<28}{mean:>9.3g}{interval}"
    yield from _wrapped(meaning)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=" " * 6, subsequent_indent=" " * 6)


def _note(name: str) -> list[str]:
    text = (
        f"A first look: `snakemake evaluation` compares {name} with other methods in more windows, "
        "and docs/methods.md (Evaluation) says what each number means."
    )
    return textwrap.wrap(text, _WIDTH - 2, initial_indent="  ", subsequent_indent="  ")
