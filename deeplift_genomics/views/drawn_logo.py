"""One sequence logo as a figure: letters, axes and their numbers, all as paths.

A figure of a few paths is written several times as fast as one with matplotlib's axes and texts,
and looks the same wherever it is opened: no font is needed to see it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET
from deeplift_genomics.views.figures import new_figure
from deeplift_genomics.views.letters import LETTER_COLOURS

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.path import Path

# in inches
PER_BASE, HEIGHT, MARGIN = 0.22, 1.8, 0.08
BELOW, NUMBER, UNIT = 0.24, 0.11, 0.12  # room for positions; heights of the texts
TICK, GAP, LINE = 0.028, 0.05, 0.008
MOST_TICKS, EVERY = 5, 5  # numbers on the left axis; bases from a numbered one to the next
BITS = "bits"
FONT = "DejaVu Sans"


class Box(NamedTuple):
    """The place where letters stand: its edges and the width of a base (inches), and its values."""

    left: float
    bottom: float
    top: float
    low: float
    high: float
    per_base: float = PER_BASE

    def height_of(self, value: float) -> float:
        """Return the height at which a value stands, in inches."""
        share = (value - self.low) / (self.high - self.low)
        return self.bottom + share * (self.top - self.bottom)


def draw(
    heights: NDArray[np.float64], unit: str, colours: Mapping[str, str] = LETTER_COLOURS
) -> Figure:
    """Draw the logo of letter heights (W, 4); negative letters hang from the axis, upright.

    The higher a letter, the further from the axis it stands. Bits are drawn from 0 to 2, all other
    units from the lowest to the highest stack of letters.

    Parameters
    ----------
    heights
        Letter heights in the order A C G T, finite.
    unit
        Name of the heights, beside the axis; it may have two lines.
    colours
        Base -> colour.

    Returns
    -------
    matplotlib.figure.Figure
        It is as wide as its letters and its labels need, 0.22 inches for each base.
    """
    box, texts = _lay_out(heights, unit)
    width = len(heights)
    figure = new_figure(box.left + PER_BASE * width + MARGIN, HEIGHT)
    figure.set_layout_engine("none")
    for base, path in letter_paths(heights, box):
        _add(figure, path, colours[base], base)
    zero = box.height_of(0)
    lines = [_bar(box.left, zero - LINE / 2, PER_BASE * width, LINE)]
    lines += [_bar(box.left - LINE, box.bottom, 2 * LINE, box.top - box.bottom)]
    for position in range(EVERY, width + 1, EVERY):
        middle = box.left + PER_BASE * (position - 0.5)
        lines.append(_bar(middle - LINE / 2, box.bottom - 2 * TICK, LINE, TICK))
        texts.append(_text(str(position), NUMBER, (middle, box.bottom - 3 * TICK), "top"))
    lines += [
        _bar(box.left - LINE - TICK, box.height_of(value) - LINE / 2, TICK, LINE)
        for value in _ticks(box.low, box.high, unit)[0]
    ]
    _add(figure, _joined([*lines, *texts]), "#000000", "axes")
    return figure


def draw_bare(
    heights: NDArray[np.float64], size: tuple[float, float], colours: Mapping[str, str]
) -> Figure:
    """Draw letters (W, 4) as `draw` does, with the axis that they stand on and nothing else.

    Parameters
    ----------
    size
        Width of a base, and height of the figure (inches).
    """
    low, high = limits(heights)
    per_base, height = size
    box = Box(0, LINE, height - LINE, low, high, per_base)
    figure = new_figure(per_base * len(heights), height)
    figure.set_layout_engine("none")
    for base, path in letter_paths(heights, box):
        _add(figure, path, colours[base], base)
    zero = _bar(0, box.height_of(0) - LINE / 2, per_base * len(heights), LINE)
    _add(figure, zero, "#000000", "axes")
    return figure


def limits(heights: NDArray[np.float64]) -> tuple[float, float]:
    """Return the lowest and the highest end of the stacks of letters, with zero."""
    low = float(np.minimum(heights, 0).sum(axis=1).min(initial=0))
    high = float(np.maximum(heights, 0).sum(axis=1).max(initial=0))
    return low, high if high > low else low + 1


def _lay_out(heights: NDArray[np.float64], unit: str) -> tuple[Box, list[Path]]:
    """Return the place of the letters, and the texts on its left side."""
    low, high = (0.0, 2.0) if unit == BITS else limits(heights)
    values, labels, power = _ticks(low, high, unit)
    side = f"{unit}\n(×{power})" if power else unit
    unit_lines = side.split("\n")
    numbers = max((_size(label, NUMBER)[0] for label in labels), default=0.0)
    left = MARGIN + UNIT * 1.25 * len(unit_lines) + GAP + numbers + GAP + TICK
    box = Box(left, BELOW, HEIGHT - MARGIN, low, high)
    texts = [
        _text(label, NUMBER, (left - LINE - TICK - GAP / 2, box.height_of(value)), "right")
        for value, label in zip(values, labels, strict=True)
    ]
    middle = (box.bottom + box.top) / 2
    for number, line in enumerate(unit_lines):
        place = (MARGIN + UNIT * (1 + 1.25 * number), middle)
        texts.append(_text(line, UNIT, place, "upwards"))
    return box, texts


def _ticks(low: float, high: float, unit: str) -> tuple[list[float], list[str], str]:
    """Return the values of the ticks, their labels, and the power of ten taken out of them."""
    from matplotlib.ticker import MaxNLocator

    if unit == BITS:
        return [0.0, 1.0, 2.0], ["0", "1", "2"], ""
    found = MaxNLocator(MOST_TICKS, steps=[1, 2, 5, 10]).tick_values(low, high)
    values = [float(value) for value in found if low <= value <= high]
    step = float(found[1] - found[0])
    exponent = int(np.floor(np.log10(max(-low, high)) + 1e-9))
    power = exponent if exponent < -2 or exponent > 3 else 0
    digits = max(0, power - int(np.floor(np.log10(step) + 1e-9)))
    labels = [f"{value / 10.0**power + 0.0:.{digits}f}".replace("-", "−") for value in values]
    small = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
    return values, labels, f"10{str(power).translate(small)}" if power else ""


def letter_paths(heights: NDArray[np.float64], box: Box) -> Iterator[tuple[str, Path]]:
    """Yield for each base all its letters as one path."""
    order = np.argsort(heights, axis=1, kind="stable")
    stacked = np.take_along_axis(heights, order, axis=1)
    size = np.abs(stacked)
    lower = np.minimum(heights, 0).sum(axis=1, keepdims=True) + np.cumsum(size, axis=1) - size
    scale = (box.top - box.bottom) / (box.high - box.low)
    for code, base in enumerate(ALPHABET):
        glyph = _glyph(base)
        columns, places = np.nonzero((order == code) & (size > 0))
        if not len(columns):
            continue
        origin = np.stack(
            [
                box.left + box.per_base * columns,
                box.bottom + scale * (lower[columns, places] - box.low),
            ],
            axis=1,
        )
        stretch = np.stack(
            [np.full(len(columns), box.per_base), scale * size[columns, places]], axis=1
        )
        vertices = glyph.vertices[None] * stretch[:, None] + origin[:, None]
        yield base, _path(vertices.reshape(-1, 2), np.tile(glyph.codes, len(columns)))


@lru_cache
def _glyph(base: str) -> Any:
    """Return a letter as a path that fills the square from 0 to 1."""
    path, box = _outline(base, bold=True)
    return _path((path.vertices - box.min) / box.size, path.codes)


@lru_cache(maxsize=1000)
def _outline(text: str, *, bold: bool = False) -> tuple[Any, Any]:
    """Return a text as a path whose font has the size 1, and the box around it."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import TextPath

    font = FontProperties(family=FONT, weight="bold" if bold else "normal")
    found = TextPath((0, 0), text, size=1, prop=font)
    codes = np.array(found.codes)
    vertices = np.array(found.vertices)
    # a closing point has no place of its own; one at the origin would count in the extents
    closing = np.flatnonzero(codes == 79)
    vertices[closing] = vertices[closing - 1]
    path = _path(vertices, codes)
    return path, path.get_extents()


def _size(text: str, size: float) -> tuple[float, float]:
    """Return width and height of a text, in inches."""
    width, height = _outline(text)[1].size * size
    return float(width), float(height)


def _text(text: str, size: float, place: tuple[float, float], side: str) -> Path:
    """Return a text at a place.

    `side` says what of it is there: the middle of its "top", of its "right" side, or of its
    baseline, if it is read "upwards".
    """
    path, box = _outline(text)
    vertices = (path.vertices - (box.x0, 0)) * size
    width = (box.x1 - box.x0) * size
    digit = 0.73 * size  # height of the font's digits
    if side == "right":
        vertices = vertices - (width, digit / 2)
    elif side == "top":
        vertices = vertices - (width / 2, digit)
    else:
        vertices = np.stack([-vertices[:, 1], vertices[:, 0] - width / 2], axis=1)
    return _path(vertices + place, path.codes)


def _bar(left: float, bottom: float, width: float, height: float) -> Path:
    """Return a rectangle."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]) * (width, height)
    return _path(corners + (left, bottom), np.array([1, 2, 2, 2, 79], dtype=np.uint8))


def _joined(paths: list[Any]) -> Path:
    """Return several paths as one."""
    return _path(
        np.concatenate([path.vertices for path in paths]),
        np.concatenate([path.codes for path in paths]),
    )


def _path(vertices: NDArray[np.float64], codes: NDArray[np.uint8]) -> Path:
    from matplotlib.path import Path

    return Path(vertices, codes)


def _add(figure: Figure, path: Path, colour: str, name: str) -> None:
    """Add a path, whose unit is the inch, to a figure; `name` is its group in an SVG file."""
    from matplotlib.patches import PathPatch

    patch = PathPatch(path, facecolor=colour, linewidth=0, transform=figure.dpi_scale_trans)
    patch.set_gid(name)
    figure.add_artist(patch)
