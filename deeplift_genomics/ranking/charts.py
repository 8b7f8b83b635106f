"""Charts of an evaluation: dots with intervals, and curves with bands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any, NamedTuple

from deeplift_genomics.ranking.numbers import BARRED, ISM, UNRANKED, TargetNumbers, Value
from deeplift_genomics.report.render import Placeholder, Plots
from deeplift_genomics.settings.metrics import METRICS, RANDOM_ORDER

ROW, AXIS = 22, 44  # height of a row of dots, and of what is under them, in pixels
BOUNDS = {RANDOM_ORDER: "random", ISM: "upper"}  # method -> class of its curve behind the others
LOGARITHMIC = {"reference_error"}  # curves whose places are far apart
_LONG = 24  # letters of a unit for which an axis has no room
_TOLD = 3  # places of a curve that its alternative text tells


class Panel(NamedTuple):
    """The curve of one method."""

    title: str
    plot: Placeholder


def dots(plots: Plots, numbers: TargetNumbers, metric: str) -> Placeholder:
    """Return the chart of a metric of one number: a row for each method."""
    about, standing = METRICS[metric], numbers.standing(metric)
    values = {method: value for method in standing if (value := numbers.last(metric, method))}
    names = [numbers.title(method) for method in values]
    marks = [UNRANKED if standing[method] == BARRED else standing[method] for method in values]
    data = {
        "labels": names,
        "values": [_rounded(value.mean) for value in values.values()],
        "low": [_rounded(value.low) for value in values.values()],
        "high": [_rounded(value.high) for value in values.values()],
        "marks": marks,
        "xlabel": about.unit,
        "height": AXIS + ROW * len(values),
        "width": 460,
    }
    told = "; ".join(
        f"{name} {in_words(value)}" for name, value in zip(names, values.values(), strict=True)
    )
    return plots.add("dots", data, f"{about.title} ({numbers.target}), {about.unit}: {told}")


def curves(plots: Plots, numbers: TargetNumbers, metric: str) -> list[Panel]:
    """Return the curves of a metric, one chart for each method, in front of all others."""
    about = METRICS[metric]
    unit = about.unit if len(about.unit) < _LONG else ""
    found = {method: own for method, own in numbers.of(metric).items() if len(own) > 1}
    places = sorted({value.x for own in found.values() for value in own if isfinite(value.x)})
    ends = [
        end
        for own in found.values()
        for value in own
        for end in (value.mean, value.low, value.high)
        if isfinite(end)
    ]
    if not ends:
        return []
    shared = f"curves-{metric}-{numbers.target}"
    plots.keep(
        shared,
        {
            "x": places,
            "low": min(0.0, *ends),
            "high": max(0.0, *ends),
            "log": metric in LOGARITHMIC and all(x > 0 for x in places),
            "series": [_series(method, own, places) for method, own in found.items()],
        },
    )
    return [
        Panel(
            numbers.title(method),
            plots.add(
                "curve",
                {"of": shared, "own": index, "xlabel": about.x, "ylabel": unit},
                f"{numbers.title(method)}, {about.title.lower()} ({numbers.target}): "
                f"{_along(own, about.x)}",
            ),
        )
        for index, (method, own) in enumerate(found.items())
        if method != RANDOM_ORDER
    ]


def in_words(value: Value, digits: int = 3) -> str:
    """Return a number with its interval.

    >>> nan = float("nan")
    >>> in_words(Value(nan, "", 9, 0.61234, 0.55, 0.66, *[nan] * 6))
    '0.612 (0.55 to 0.66)'
    """
    if not isfinite(value.low):
        return short(value.mean, digits)
    return (
        f"{short(value.mean, digits)} ({short(value.low, digits)} to {short(value.high, digits)})"
    )


def short(value: float, digits: int = 3) -> str:
    """Return a number with a few digits for a text.

    >>> short(0.000012345), short(1234.5), short(-0.5), short(float("nan"))
    ('1.23e−05', '1,234', '−0.5', 'not defined')
    """
    if not isfinite(value):
        return "not defined"
    if value and not 1e-4 <= abs(value) < 1e6:
        text = f"{value:.{digits - 1}e}"
    elif abs(value) >= 100:
        text = f"{value:,.0f}"
    else:
        text = f"{value:.{digits}g}"
    return text.replace("-", "−")


def _series(method: str, own: Sequence[Value], places: Sequence[float]) -> Mapping[str, Any]:
    """Return the numbers of one curve at all places, None where there is none."""
    at = {value.x: value for value in own}
    found: dict[str, Any] = {
        part: [_rounded(getattr(at[x], field)) if x in at else None for x in places]
        for part, field in (("values", "mean"), ("low", "low"), ("high", "high"))
    }
    return found | ({"bound": BOUNDS[method]} if method in BOUNDS else {})


def _along(own: Sequence[Value], what: str) -> str:
    """Return a curve in words: its first, its middle and its last place."""
    chosen = own if len(own) <= _TOLD else [own[0], own[len(own) // 2], own[-1]]
    return "; ".join(
        f"{in_words(value)} at {what} {value.level or short(value.x)}" for value in chosen
    )


def _rounded(value: float) -> float | None:
    """Return a number with four digits, None for none: what JSON has and a reader sees."""
    return float(f"{value:.4g}") if isfinite(value) else None
