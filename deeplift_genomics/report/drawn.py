"""The drawings of a motif: its logos, and where its instances are in their windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.instances.summary import Bins, Summary
from deeplift_genomics.motifs.patterns import Pattern, trimmed
from deeplift_genomics.report.render import Placeholder, Plots
from deeplift_genomics.report.sample_run import Member

CWM, HYPOTHETICAL, PFM = "contributions", "hypothetical contributions", "base frequencies"
_STEPS = 500  # into which the height of a logo is divided: less than a pixel of any


def matrix_of(member: Member, kind: str) -> NDArray[np.float64]:
    """Return a matrix (W, 4) of a pattern, trimmed and turned as its motif reads."""
    core: Pattern = trimmed(member.pattern)
    values = {CWM: core.cwm, HYPOTHETICAL: core.hypothetical_cwm, PFM: core.ppm}[kind]
    return values[::-1, ::-1] if member.label.turned else values


def logo(plots: Plots, member: Member, kind: str = CWM, *, unit: str = "") -> Placeholder:
    """Return the logo of a pattern, as its motif reads; with a unit, it has axes.

    Base frequencies are kept as they are; the page draws their information.
    """
    values = matrix_of(member, kind)
    data: dict[str, Any] = {"found": member.label.turned}
    if kind == PFM:
        data["frequencies"] = np.round(values, 3).tolist()
    else:
        data["heights"] = rounded(values)
    if unit:
        data["unit"] = unit
    label = member.label
    text = f"{label.motif}, {kind} to {label.target}, {label.pattern}: {label.consensus}"
    return plots.add("logo", data, text)


def rounded(values: NDArray[np.floating]) -> list[Any]:
    """Return numbers rounded to what can be seen of them in a drawing.

    >>> rounded(np.array([0.123456, -98.7654]))
    [0.1, -98.8]
    """
    largest = float(np.abs(values).max(initial=0))
    if not largest:
        return np.zeros_like(values).tolist()
    places = int(np.ceil(-np.log10(largest / _STEPS)))
    return (np.round(np.asarray(values, np.float64), places) + 0.0).tolist()


def histogram(
    plots: Plots, bins: Bins, summary: Summary, *, label: str, more: Mapping[str, Any]
) -> Placeholder:
    """Return the histogram of positions around the centres of the regions.

    Parameters
    ----------
    label
        Alternative text.
    more
        Further numbers of the drawing, such as the labels of its axes.
    """
    data = {
        "start": bins.start,
        "step": bins.step,
        "counts": summary.positions.tolist(),
        "mark": 0,
        **more,
    }
    return plots.add("histogram", data, label)
