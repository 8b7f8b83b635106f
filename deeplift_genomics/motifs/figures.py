"""Figures as files, in PNG and SVG: the same bytes for the same content."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 150
# Without these, names inside an SVG file and the time of writing would differ from run to run.
_STYLE: dict[Any, Any] = {
    "svg.hashsalt": "deeplift_genomics",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8,
}
_METADATA = {"svg": {"Date": None, "Creator": None}, "png": {"Software": None}}


def plain_style() -> AbstractContextManager[None]:
    """Return a context in which figures have the style of this package, whatever the user's is."""
    from matplotlib import style

    # a matplotlibrc file of the user, or in the current folder, would change the figures
    return style.context(_STYLE, after_reset=True)


def new_figure(width: float, height: float) -> Figure:
    """Return an empty figure, in inches.

    Python deletes it when it is no longer used, because pyplot does not know it.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def save(figure: Figure, folder: Path, name: str) -> list[str]:
    """Write a figure as SVG and PNG, and return the names of both files."""
    names = []
    for suffix, metadata in _METADATA.items():
        names.append(f"{name}.{suffix}")
        figure.savefig(folder / names[-1], metadata=metadata)
    return names
