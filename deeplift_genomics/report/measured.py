"""What happens without a motif, and with it: the effects of a group of motifs, as one number."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from deeplift_genomics.report.folds_of_change import (
    OUTPUT,
    SHAPE,
    TARGET,
    Scale,
    scale_of_measure,
)
from deeplift_genomics.report.sample_run import SampleRun, TargetRun
from deeplift_genomics.scores.effects import ABLATION, INSERTION
from deeplift_genomics.settings.choices import MOST_STRANDS

__all__ = ["ABLATION", "INSERTION", "Measured", "measure"]
SEEN = "has an effect"


class Measured(NamedTuple):
    """The effect of one or several motifs.

    Attributes
    ----------
    scale
        What changes, and in which unit.
    change, low, high
        Mean change, in the unit of the files, and its 95% interval; NaN where the mean is over
        several motifs or heads.
    n
        Number of instances (ablation) or backgrounds (insertion) over which it is a mean.
    seen
        Whether the change of any of the motifs is larger than that of its controls.
    verdict
        That of the motif with the largest n.
    target
        The target in whose table it is, as written in the sheet.
    """

    scale: Scale
    change: float
    low: float
    high: float
    n: int
    seen: bool
    verdict: str
    target: str

    @property
    def in_words(self) -> str:
        """What changes and by how much, such as "the predicted signal falls by 41%"."""
        if self.scale.what.startswith("share"):
            return f"{100 * self.change:.0f}% of the predicted profile moves elsewhere"
        return f"the {self.scale.what} {self.scale.in_words(self.change)}"

    @property
    def interval(self) -> str:
        """The interval in words, such as "38% to 44%"; ``""`` without one."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return ""
        small, large = sorted((self.low, self.high), key=abs)
        words = [self.scale.in_words(small), self.scale.in_words(large)]
        verb = re.match(r"(falls? by|rises?) ", words[1])
        if verb and words[0].startswith(verb[0]):
            words = [text.removeprefix(verb[0]) for text in words]
        return f"{words[0]} to {words[1]}"


def measure(run: SampleRun, motifs: Sequence[str], experiment: str) -> Measured | None:
    """Return the effect of some motifs; None if none of them was measured.

    It is the change of the predicted signal where the model predicts one: by a target of counts, or
    by the outputs of a counts head, whatever the target. Otherwise it is the change of the target
    itself, or, of a profile, the share of it that moves. Several motifs have the mean over all
    their instances or backgrounds.

    Parameters
    ----------
    motifs
        Labels of the motifs.
    experiment
        `ABLATION` or `INSERTION`.
    """
    found = [item for motif in motifs if (item := _of_motif(run, motif, experiment))]
    if not found:
        return None
    first = min(found, key=lambda item: item.scale.logs is None).scale
    alike = [item for item in found if item.scale == first]
    if len(alike) == 1:
        return alike[0]
    total = sum(item.n for item in alike)
    change = sum(item.n * item.change for item in alike) / total
    main = max(alike, key=lambda item: item.n)
    return main._replace(
        change=change,
        low=math.nan,
        high=math.nan,
        n=total,
        seen=any(item.seen for item in alike),
    )


def _of_motif(run: SampleRun, motif: str, experiment: str) -> Measured | None:
    """Return the effect of one motif by the best measure that there is."""
    candidates = [
        item
        for target in run.targets
        for item in _candidates(run, target, motif, experiment)
        if item.n and math.isfinite(item.change)
    ]
    return min(candidates, key=lambda item: _preference(item, run), default=None)


def _preference(item: Measured, run: SampleRun) -> tuple[int, int]:
    """Return the place of a measure: signals, then other logarithms, values, and shapes last."""
    signal = item.scale.logs is not None and item.scale.what == "predicted signal"
    kind = 0 if signal else 3 if item.scale.what.startswith("share") else 1
    if kind == 1 and item.scale.logs is None:
        # a value of the profile's scale tells a reader less than the share that moves
        kind = 4 if "profile" in item.target else 2
    texts = [target.text for target in run.targets]
    return kind, texts.index(item.target)


def _candidates(
    run: SampleRun, target: TargetRun, motif: str, experiment: str
) -> Iterator[Measured]:
    """Yield the effect of a motif by each kind of measure in the table of one target."""
    rows = [
        row
        for row in run.effects[target.text]
        if row["motif"] == motif and row["experiment"] == experiment
    ]
    by_head: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        by_head.setdefault((row["measure"], row["head"]), []).append(row)
    for (kind, head), group in by_head.items():
        scale = scale_of_measure(
            kind, head, target=target.text, heads=run.heads, unit=target.words.scale
        )
        if kind == OUTPUT and (scale.logs is None or len(group) > MOST_STRANDS):
            continue
        if kind in (TARGET, SHAPE) and len(group) > 1:
            continue
        yield _mean(scale, group, target.text)


def _mean(scale: Scale, rows: Sequence[dict[str, Any]], target: str) -> Measured:
    """Return the mean of rows of one motif: one, or the strands of a head."""
    one = len(rows) == 1
    low, high = (rows[0][name] if one else None for name in ("low", "high"))
    means = [math.nan if row["mean"] is None else row["mean"] for row in rows]
    return Measured(
        scale,
        sum(means) / len(means),
        math.nan if low is None else low,
        math.nan if high is None else high,
        n=rows[0]["n"] or 0,
        seen=any(row["verdict"] == SEEN for row in rows),
        verdict=rows[0]["verdict"],
        target=target,
    )
