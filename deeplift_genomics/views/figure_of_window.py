"""The figure of one window: contributions as letters, the spread over references, and seqlets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.locus import Locus, parse_locus
from deeplift_genomics.views.axes import (
    add_band,
    add_bars,
    add_letters,
    add_marks,
    set_heights,
    tidy,
)
from deeplift_genomics.views.marks import marks_of, seqlets_beside
from deeplift_genomics.views.rows import View, view_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LETTERS = 200  # bases that are drawn as letters; more are drawn as bars
_WIDTH, _HEIGHT = 10.0, 2.6  # inches
_MARGIN = 0.06  # above and below the letters, as a share of their height


def draw_window(
    scores: Any,
    region: Any,
    *,
    zoom: Any,
    ax: Axes | None,
    spread: bool,
    seqlets: Any,
) -> Axes:
    """Draw a window of `scores`, a `ScoredWindows`, as its method `plot` describes it."""
    places, length = scores.places, scores.sequences.shape[1]
    view, name = view_of(region, zoom, length=length, n=len(scores), places=places)
    part = slice(view.first, view.stop)
    one = scores[view.row]
    # a method may leave bases out, which are NaN
    heights = np.nan_to_num(np.asarray(one.contributions[0, part], np.float64))
    if ax is None:
        from matplotlib import pyplot

        _, ax = pyplot.subplots(figsize=(_WIDTH, _HEIGHT), layout="constrained")
    first = float(view.first) if places is None else float(places.start[view.row]) + view.first + 1
    draw = add_letters if len(heights) <= MOST_LETTERS else add_bars
    draw(ax, heights, first)
    observed, band = heights.sum(axis=1), _spread(one, part) if spread else None
    if band is not None:
        add_band(ax, observed, band, first)
    ax.set_xlim(first - 0.5, first + len(heights) - 0.5)
    set_heights(ax, *_limits(observed, band))
    tidy(ax)
    target = str(one.attributes.get("target", ""))
    ax.set_ylabel(f"contribution\nto {target}" if target else "contribution", fontsize=9)
    locus = _locus(scores, view)
    about = _about_band(one, band) if spread else ""
    scale = "base of the window, from 0" if locus is None else f"position on {locus.contig}"
    ax.set_xlabel(scale + about, fontsize=8)
    ax.set_title(_title(name, locus), loc="left", fontsize=9)
    source = seqlets
    if seqlets is None and (path := getattr(scores, "path", None)) is not None:
        source = seqlets_beside(path)
    if locus is not None and source is not None and source is not False:
        add_marks(ax, marks_of(source, locus, target))
    return ax


def _locus(scores: Any, view: View) -> Locus | None:
    """Return the place of the bases that are shown; None if it is not known."""
    places = scores.places
    if places is None:
        return None
    start = int(places.start[view.row])
    return Locus(str(places.chrom[view.row]), start + view.first, start + view.stop)


def _title(name: str, locus: Locus | None) -> str:
    """Return what is shown: the region and the place, or the place alone if that is its name."""
    if locus is None:
        return name
    return str(locus) if parse_locus(name) else f"{name}, {locus}"


def _spread(one: Any, part: slice) -> NDArray[np.float64] | None:
    """Return the standard deviation of contributions over references; None if it is not known.

    It is the standard error times the root of the number of references.
    """
    error = one.standard_error
    if error is None or not np.isfinite(error[0, part]).any():
        return None
    return np.nan_to_num(error[0, part].astype(np.float64)) * np.sqrt(_number_of_references(one))


def _number_of_references(one: Any) -> int:
    """Return R, from what has this axis, or else from the attributes."""
    if one.reference_target is not None:
        return one.reference_target.shape[1]
    return int(one.attributes.get("reference_number", 1))


def _limits(observed: NDArray[np.float64], band: NDArray[np.float64] | None) -> tuple[float, float]:
    """Return the lower and the upper end of the axis."""
    wide = np.zeros(len(observed)) if band is None else band
    low = min(0.0, float((observed - wide).min(initial=0)))
    high = max(0.0, float((observed + wide).max(initial=0)))
    room = _MARGIN * (high - low) or 1.0
    return low - room, high + room


def _about_band(one: Any, band: NDArray[np.float64] | None) -> str:
    """Return what is said of the band below the axis, or that there is none."""
    if band is None:
        return "; how much references differ is not known"
    n = _number_of_references(one)
    return f"; grey: ± 1 standard deviation over {n} references"
