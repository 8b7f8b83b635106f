"""Letters, bars, a band and marks on Matplotlib axes whose unit is one base.

Letters are those of the logo files (`drawn_logo`): four paths for any number of bases, in colours
that every reader can tell apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET
from deeplift_genomics.views.drawn_logo import Box, letter_paths, limits
from deeplift_genomics.views.letters import LETTER_COLOURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BAND = "#9aa0a6"
MARK = "#3c4043"
_LANE = 0.13  # height of a lane of marks, as a share of that of the letters
_PER_LETTER = 0.0085  # width of a letter of a mark's label, as a share of that of the axes


class Mark(NamedTuple):
    """A stretch that is marked above the letters, on the axes' scale, with its label and colour."""

    start: float
    end: float
    label: str
    colour: str = MARK


def add_letters(
    ax: Axes,
    heights: NDArray[np.float64],
    first: float,
    colours: Mapping[str, str] = LETTER_COLOURS,
) -> None:
    """Add letters of heights (n, 4) to axes; those of base i are centred on `first` + i."""
    from matplotlib.patches import PathPatch

    low, high = limits(heights)
    box = Box(first - 0.5, low, high, low, high, 1.0)
    for base, path in letter_paths(heights, box):
        ax.add_patch(PathPatch(path, facecolor=colours[base], linewidth=0))


def add_bars(
    ax: Axes,
    heights: NDArray[np.float64],
    first: float,
    colours: Mapping[str, str] = LETTER_COLOURS,
) -> None:
    """Add a bar of each base to axes, where letters would be too narrow to read."""
    from matplotlib.collections import LineCollection

    for code, base in enumerate(ALPHABET):
        places = np.flatnonzero(heights[:, code])
        tops = heights[places, code]
        lines = np.zeros((len(places), 2, 2))
        lines[:, :, 0] = (first + places)[:, None]
        lines[:, 1, 1] = tops
        ax.add_collection(LineCollection(list(lines), colors=colours[base], linewidths=0.9))


def add_band(
    ax: Axes, middle: NDArray[np.floating], spread: NDArray[np.floating], first: float
) -> None:
    """Add a band from `middle` - `spread` to `middle` + `spread` (n,), a step for each base."""
    edges = first - 0.5 + np.arange(len(middle) + 1)
    low, high = (np.append(values, values[-1:]) for values in (middle - spread, middle + spread))
    ax.fill_between(edges, low, high, step="post", color=BAND, alpha=0.35, linewidth=0, zorder=0)


def add_marks(ax: Axes, marks: Sequence[Mark]) -> None:
    """Add marks in lanes above what is drawn, and make room for them.

    Marks that overlap, or whose labels would, are in different lanes.
    """
    from matplotlib.patches import Rectangle

    if not marks:
        return
    left, right = ax.get_xlim()
    low, high = ax.get_ylim()
    lane_height = _LANE * (high - low)
    ends: list[float] = []  # where each lane is free
    for mark in sorted(marks):
        first, stop = max(mark.start, left), min(mark.end, right)
        half = max(stop - first, len(mark.label) * _PER_LETTER * (right - left)) / 2
        middle = min(max((first + stop) / 2, left + half), right - half)
        lane = next((i for i, end in enumerate(ends) if end <= middle - half), len(ends))
        ends[lane : lane + 1] = [middle + half]
        bottom = high + lane * lane_height
        bar = Rectangle(
            (first, bottom + 0.1 * lane_height),
            stop - first,
            0.16 * lane_height,
            facecolor=mark.colour,
            linewidth=0,
        )
        ax.add_patch(bar)
        ax.text(
            middle,
            bottom + 0.34 * lane_height,
            mark.label,
            fontsize=7,
            ha="center",
            va="bottom",
            color=MARK,
            clip_on=True,
        )
    ax.set_ylim(low, high + len(ends) * lane_height)


def set_heights(ax: Axes, low: float, high: float) -> None:
    """Set the ends of the vertical axis; axes that share it keep room for what is on the others."""
    for other in ax.get_shared_y_axes().get_siblings(ax):
        if other is not ax and (other.patches or other.collections):
            low, high = min(low, other.get_ylim()[0]), max(high, other.get_ylim()[1])
    ax.set_ylim(low, high)


def tidy(ax: Axes) -> None:
    """Leave the lower and the left edge of axes, with few numbers that are written out."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    ax.spines[["top", "right"]].set_visible(False)
    steps = [1, 2, 5, 10]
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True, steps=steps))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{round(x):,}"))
    ax.yaxis.set_major_locator(MaxNLocator(4, steps=steps))
    ax.tick_params(labelsize=8)
    ax.axhline(0, color="#000000", linewidth=0.6)
