"""The words of the answer of `check`, in 80 columns."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import NamedTuple

from deeplift_genomics.attribution.request import Request
from deeplift_genomics.attribution.suggestions import meaning_of, suggest, without_middle
from deeplift_genomics.attribution.targets import find_targets
from deeplift_genomics.attribution.trial import MOST_REFERENCES, Trial
from deeplift_genomics.errors import ModelError
from deeplift_genomics.files.words import first_few, shortened
from deeplift_genomics.models.model import Model, show
from deeplift_genomics.settings.methods import DEFAULT
from deeplift_genomics.settings.scored import chosen_method
from deeplift_genomics.settings.strict import as_plain
from deeplift_genomics.settings.target_names import TargetName
from deeplift_genomics.windows.controls import files_needed

_WIDTH = 80
_FIRST, _VALUE, _SHARE = 24, 9, 13  # widest columns of the table; the meaning takes what is left


class _Row(NamedTuple):
    """What to write, what it means, and the value and completeness of the trial."""

    write: str
    meaning: str
    value: str = ""
    share: str = ""


_HEADING = _Row("target", "explains", "value", "completeness")


def answer(model: Model, folds: Sequence[str], request: Request, trials: Sequence[Trial]) -> str:
    """Return whether a model can be explained, and what to write for it into the sample sheet.

    `model` is the first of the folds, which are alike.
    """
    rows = list(_rows(model, request.targets, trials))
    lines = [_headline(folds, request, trials), ""]
    turned = "" if model.layout == "(L, 4)" else f", which the model takes as {model.layout}"
    lines += _fact("windows", f"{model.window_length} bp{turned}")
    for item in model.made:
        lines += _fact("input", f"{item.name} {show(item.shape)}: {item.what}")
    lines += _fact("controls", _controls(model, request.controls))
    sound = any(trial.values for trial in trials)
    below = "none of these targets can be explained"
    if sound:
        below = "write targets into the sample sheet's column `heads`, separated by commas:"
    lines += [*_fact("heads", below), "", *_table([_HEADING, *rows])]
    if sound:
        indent = " " * 2
        lines += [
            "",
            *textwrap.wrap(
                _note(request), _WIDTH - 2, initial_indent=indent, subsequent_indent=indent
            ),
        ]
    return "\n".join(lines)


def _headline(folds: Sequence[str], request: Request, trials: Sequence[Trial]) -> str:
    names = first_few(folds, 3)
    refused = {text for trial in trials for text in trial.refused}
    sound = all(trial.values for trial in trials)
    if not refused:
        return f"{names} can be explained."
    if sound:
        return f"{names} can be explained, but not every target."
    return f"{names} cannot be explained."


def _note(request: Request) -> str:
    references, attribution = request.config.references, request.config.attribution
    chosen = chosen_method(as_plain(request.config))
    text, by = "Tried on a made-up window", f"the rules {attribution.rules}"
    if chosen.references:
        one = min(references.number, MOST_REFERENCES) == 1
        shuffles = f"{MOST_REFERENCES} of its shuffles"
        text += f" against {f'one reference ({references.kind})' if one else shuffles}"
    if chosen.name != DEFAULT:
        by = chosen.method.title
    text += f", by {by} in {'double' if attribution.float64 else 'single'} precision."
    if not chosen.method.complete:
        return f"{text} Its contributions need not add up, so there is no completeness."
    allowed = chosen.options.held_to or attribution.tolerance
    return (
        f"{text} Completeness is the largest residual as a share of the contributions; a run "
        f"allows {allowed:g}."
    )


def _fact(word: str, text: str) -> list[str]:
    """Return a line, or more, that begin with a word."""
    return textwrap.wrap(text, _WIDTH, initial_indent=f"  {word:<10}", subsequent_indent=" " * 12)


def _controls(model: Model, files: Sequence[str]) -> str:
    """Return which files the column `controls` takes."""
    if not model.controls:
        return "none"
    inputs = ", ".join(f"{item.name} {show(item.shape)}" for item in model.controls)
    if files:
        return f"{inputs}: filled from {', '.join(files)}, strands in this order"
    number = files_needed({item.name: item.shape for item in model.controls})
    if number is None:
        return f"{inputs}: zero; they cannot be filled from bigWig files"
    example = "control.bw" if number == 1 else "plus.bw,minus.bw"
    if number > 2:
        example = ",".join(f"strand{i}.bw" for i in range(number))
    return (
        f"{inputs}: write {number} bigWig file{'s' if number > 1 else ''} into the column "
        f"`controls`{', strands in the order of the training' if number > 1 else ''}, such as "
        f"{example}; without, zero"
    )


# --- the table of targets --------------------------------------------------------------------


def _rows(model: Model, named: Sequence[str], trials: Sequence[Trial]) -> Iterator[_Row]:
    """Yield the targets that were named, and those of all other heads."""
    seen = set()
    tried = [text for text in named if text in trials[0].values or text in trials[0].refused]
    for text in tried:
        meaning = ""
        with suppress(ModelError):  # of a head that is not there
            (target,) = find_targets(model, [text]).values()
            seen |= {head.name for head in target.heads}
            meaning = (
                f"sum or difference: {', '.join(f'{h.name} {show(h.shape)}' for h in target.heads)}"
            )
            if isinstance(target.name, TargetName):
                meaning = meaning_of([target.name], target.heads[0])
        yield _row(text, meaning, [text], trials)
    if len(tried) < len(named):
        meaning = "of those that differ in the unit alone, the first and the last were tried"
        yield _Row(f"({len(named)} targets)", meaning)
    others = [item for item in suggest(model) if item.head.name not in seen]
    for item, left_out in without_middle(others):
        if left_out:
            yield _Row("...", f"{left_out} more heads like these (--verbose names them)")
        yield _row(" to ".join(item.texts) or "-", item.meaning, item.texts, trials)


def _row(write: str, meaning: str, texts: Sequence[str], trials: Sequence[Trial]) -> _Row:
    """Return the row of targets that were tried, or not."""
    refused = [trial.refused[text] for trial in trials for text in texts if text in trial.refused]
    if refused:
        return _Row(write, f"{meaning + ': ' if meaning else ''}refused. {_reason(refused[0])}")
    found = [trial.values[text] for trial in trials for text in texts if text in trial.values]
    if not found:
        return _Row(write, meaning, "not tried" if texts else "")
    if not any(tried.contributes for tried in found):
        meaning += "; no base of the window changes it"
    share = max((tried.share for tried in found if not math.isnan(tried.share)), default=math.nan)
    told = "-" if math.isnan(share) else f"{share:.0e}"
    return _Row(write, meaning, f"{found[0].value:.4g}", told)


def _reason(message: str) -> str:
    """Return the reason of a refusal in a line or two."""
    before = message.partition("\nNothing was computed")[0]  # after it, lines are advice
    listed = [line.strip() for line in before.splitlines() if line.startswith("  ")]
    text = "; ".join(listed) if listed else message
    return shortened(text.partition("': ")[2] if text.startswith("Target '") else text, 200)


def _table(rows: Sequence[_Row]) -> Iterator[str]:
    """Yield the lines of a table, whose first two columns take more than one line if they must."""
    firsts = [_first_column(row.write) for row in rows]
    width = max(len(line) for lines in firsts for line in lines if len(line) <= _FIRST)
    left_over = _WIDTH - 4 - width - 2 - 1 - _VALUE - _SHARE
    for row, first in zip(rows, firsts, strict=True):
        second = textwrap.wrap(row.meaning, left_over) or [""]
        if any(len(line) > width for line in first):  # on lines of its own
            yield from (f"    {line}" for line in first)
            first = []
        for i in range(max(len(first), len(second))):
            left = first[i] if i < len(first) else ""
            middle = second[i] if i < len(second) else ""
            right = f"{row.value:>{_VALUE}}{row.share:>{_SHARE}}" if i == 0 else ""
            yield f"    {left:<{width}}  {middle:<{left_over}} {right}".rstrip()


def _first_column(text: str) -> list[str]:
    """Return the lines of "first to last", in two if it is long."""
    return [text] if len(text) <= _FIRST else text.replace(" to ", " to\n").split("\n")
