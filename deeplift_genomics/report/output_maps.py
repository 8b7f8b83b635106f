"""Maps of the loci that the user names: output position against base, the colour the contribution.

A map is cut to the bases that contribute, and several bases or positions share a cell where there
are more of them than can be seen. A cell shows its contribution of the largest size.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.locus import Locus
from deeplift_genomics.report.drawn import rounded
from deeplift_genomics.report.render import Placeholder, Plots
from deeplift_genomics.report.words import number
from deeplift_genomics.scores.outputs import OutputMap, read_outputs

COLUMNS, ROWS = 280, 150  # cells of a map, at most
STEPS = 8  # of colour on either side of 0
_OUTSIDE = 0.01  # of the summed size of contributions, that may be left out on either side
_STRONG = 0.998  # share of the cells that have a colour of their own; the others have the strongest


def drawn_maps(path: Path, plots: Plots) -> list[dict[str, Any]]:
    """Return the maps of a sample with their titles, in the order of its outputs.h5."""
    return [_drawn(one, plots) for one in read_outputs(path)]


def _drawn(one: OutputMap, plots: Plots) -> dict[str, Any]:
    """Return one map: its title, its drawing and how far it adds up."""
    positions, width = one.arrays["positions"], one.bin_width
    first = one.start + one.offset + int(positions[0]) * width
    outputs = Locus(one.contig, first, first + len(positions) * width)
    residual = float(np.abs(one.arrays["residual"]).max(initial=0))
    return {
        "locus": one.locus,
        "outputs": str(outputs),
        "positions": len(positions),
        "label": one.label,
        "drawing": draw(one, outputs, plots),
        "residual": number(residual),
        "largest": number(float(np.abs(finite(one)).max(initial=0))),
    }


def draw(one: OutputMap, outputs: Locus, plots: Plots) -> Placeholder:
    """Return the drawing of a map, as `kinds.outputs` in ``assets/outputs.js`` reads it."""
    values = finite(one)
    shown = _contributing(np.abs(values).sum(axis=0))
    values = values[:, shown]
    wide = -(-values.shape[1] // COLUMNS)
    cells = strongest(values, -(-len(values) // ROWS), wide)
    sizes = np.abs(cells)
    most = float(np.quantile(sizes, _STRONG)) or float(sizes.max(initial=0)) or 1.0
    start = one.start + shown.start
    data = {
        "contig": one.contig,
        "bases": [start + 1, start + values.shape[1]],
        "outputs": [outputs.start + 1, outputs.end],
        "rows": as_text(cells / most),
        "steps": STEPS,
        "most": most,
        "track": rounded(strongest(values.mean(axis=0)[None], 1, wide)[0]),
    }
    text = (
        f"Contributions of the bases of {Locus(one.contig, start, start + values.shape[1])} to the "
        f"positions {outputs} of {one.label}, one row for each. The largest is of base "
        f"{_place(finite(one), one)}."
    )
    return plots.add("outputs", data, text)


def finite(one: OutputMap) -> NDArray[np.float64]:
    """Return the contributions of a map, 0 where they are no numbers."""
    return np.nan_to_num(one.contributions.astype(np.float64), posinf=0.0, neginf=0.0)


def strongest(values: NDArray, high: int, wide: int) -> NDArray[np.float64]:
    """Return the number of the largest size in each cell of `high` rows and `wide` columns.

    >>> strongest(np.array([[1.0, -2.0, 0.5], [0.0, 1.0, 0.0]]), 2, 2)
    array([[-2. ,  0.5]])
    """
    rows, columns = values.shape
    filled = np.pad(values.astype(np.float64), ((0, -rows % high), (0, -columns % wide)))
    cells = filled.reshape(-(-rows // high), high, -(-columns // wide), wide)
    flat = cells.transpose(0, 2, 1, 3).reshape(*cells.shape[::2], high * wide)
    where = np.abs(flat).argmax(axis=-1)[..., None]
    return np.take_along_axis(flat, where, axis=-1)[..., 0]


def as_text(shares: NDArray[np.float64]) -> list[str]:
    """Return a text for each row, a letter for each cell: "a" is the lowest step.

    >>> as_text(np.array([[-1.0, 0.0, 0.5, 3.0]]))
    ['aimq']
    """
    steps = np.clip(np.round(shares * STEPS), -STEPS, STEPS).astype(int) + STEPS
    return ["".join(chr(ord("a") + step) for step in row) for row in steps.tolist()]


def _contributing(sizes: NDArray[np.float64]) -> slice:
    """Return the bases from the first to the last that contribute, but for a small share."""
    total = sizes.cumsum()
    if not len(total) or not total[-1]:
        return slice(0, len(total))
    ends = np.searchsorted(total / total[-1], [_OUTSIDE, 1 - _OUTSIDE])
    return slice(int(ends[0]), int(ends[1]) + 1)


def _place(contributions: NDArray, one: OutputMap) -> str:
    """Return the base of the largest contribution, and to which position, as places."""
    row, base = np.unravel_index(np.abs(contributions).argmax(), contributions.shape)
    position = one.start + one.offset + int(one.arrays["positions"][row]) * one.bin_width
    return f"{one.start + int(base) + 1:,} to the position {position + 1:,}"
