"""Figures as files, in PNG, SVG and PDF: the same bytes for the same content."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from io import BytesIO
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
_METADATA: dict[str, dict[str, Any]] = {
    "svg": {"Date": None, "Creator": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None, "Creator": None, "Producer": None},
}


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


def save(
    figure: Figure, folder: Path, name: str, suffixes: Sequence[str] = ("svg", "png")
) -> list[str]:
    """Write a figure in each of the forms ``svg``, ``png``, ``pdf``; return the files' names."""
    names = []
    for suffix in suffixes:
        names.append(f"{name}.{suffix}")
        figure.savefig(folder / names[-1], metadata=_METADATA[suffix])
    return names


def png_bytes(figure: Figure, dots_per_inch: int) -> bytes:
    """Return a figure as the bytes of a PNG file."""
    content = BytesIO()
    figure.savefig(content, format="png", dpi=dots_per_inch, metadata=_METADATA["png"])
    return content.getvalue()
