"""Figures of the effects, in PNG and SVG: footprints of motifs, heat maps of pairs."""

from __future__ import annotations

import logging
import re
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.atomic import atomic_folder
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.scores.effects import PATTERN, Footprint, Pair, ToDraw, read_to_draw
from deeplift_genomics.views.figures import new_figure, plain_style, save

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

log = logging.getLogger(__name__)

AROUND = 100  # positions drawn on either side of the motif's centre
MOST_PANELS = 8  # strands or tasks of a head that are drawn
WIDTH, PANEL_HEIGHT, MARGIN, LEGEND, TITLE_LINE = 4.5, 1.1, 0.7, 0.2, 0.15  # inches
TITLE_WIDTH = 58  # characters that fit into a line
# dark enough on white, and told apart without colour vision (Okabe and Ito)
INSERTED, BACKGROUND = "#0072B2", "#999999"
NAMES = re.compile(rf"{PATTERN}\.(footprint(_\d+)?|{PATTERN}\.spacing)\.(png|svg)")


def draw_figures(effects_path: str | Path, output_folder: str | Path) -> list[str]:
    """Draw the footprint of every motif and the heat map of every pair; return the files' names.

    They are ``{pattern}.footprint.{png|svg}``, for a model with several profile heads also
    ``footprint_1`` and so on, and ``{pattern}.{pattern}.spacing.{png|svg}``. A folder of earlier
    figures is replaced as a whole; one that holds anything else is refused. Without a motif the
    folder is empty.

    Raises
    ------
    InputError
        If the effects file is missing, damaged or of another type, or the folder cannot be made or
        holds anything else.
    """
    found = read_to_draw(effects_path)
    names: list[str] = []
    with atomic_folder(output_folder, NAMES) as folder, plain_style():
        for i, pattern in enumerate(Progress(found.patterns, what="figures", unit="motif")):
            for number, footprint in enumerate(found.footprints):
                figure = draw_footprint(found, footprint, i)
                suffix = f"_{number}" if number else ""
                names += save(figure, folder, f"{pattern}.footprint{suffix}")
        for pair in found.pairs:
            name = f"{found.patterns[pair.left]}.{found.patterns[pair.right]}.spacing"
            names += save(draw_spacing(found, pair), folder, name)
    log.info("%s: %d files for %d motifs", output_folder, len(names), len(found.patterns))
    return names


def draw_footprint(found: ToDraw, footprint: Footprint, motif: int) -> Figure:
    """Return a figure of the mean profile with the motif and without, a panel for each strand."""
    inserted, plain = footprint.inserted[motif, 0], footprint.background
    panels = min(len(plain), MOST_PANELS)
    more = f" (the first {panels} of {len(plain)})" if len(plain) > panels else ""
    title = f"{found.motifs[motif]}, {footprint.head}{more}"
    figure = _titled_figure(title, MARGIN + LEGEND + PANEL_HEIGHT * panels)
    axes = figure.subplots(panels, 1, sharex=True, squeeze=False)[:, 0]
    for column, panel in enumerate(axes):
        _draw_panel(panel, inserted[column], plain[column])
        panel.set_ylabel("share" if len(plain) == 1 else f"share\n(column {column})")
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False
    )
    axes[-1].set_xlabel("position from the centre, where the motif is")
    return figure


def _draw_panel(axes: Axes, inserted: NDArray[np.float32], plain: NDArray[np.float32]) -> None:
    """Draw one strand around the centre of the profile."""
    middle = len(plain) // 2
    shown = slice(max(0, middle - AROUND), middle + AROUND + 1)
    position = np.arange(len(plain))[shown] - middle
    axes.plot(position, plain[shown], color=BACKGROUND, linewidth=1, label="background")
    axes.plot(position, inserted[shown], color=INSERTED, linewidth=1, label="with the motif")
    axes.set_ylim(bottom=0)
    axes.margins(x=0)
    axes.tick_params(length=2)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw_spacing(found: ToDraw, pair: Pair) -> Figure:
    """Return a figure with the heat map of a pair: orientations and distances."""
    from matplotlib.ticker import MaxNLocator

    values = pair.interaction
    names = f"{found.motifs[pair.left]} and {found.motifs[pair.right]}"
    figure = _titled_figure(f"{names}: {pair.preference}", MARGIN + PANEL_HEIGHT)
    axes = figure.add_subplot()
    most = float(np.abs(values).max()) or 1.0
    image = axes.imshow(values, cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto")
    # "%g": a power of ten that all ticks have in common would stand in the title
    figure.colorbar(image, ax=axes, format="%g").set_label("beyond the sum")
    axes.set_yticks(range(len(found.orientations)), labels=found.orientations)
    axes.set_ylabel("strands")
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True, min_n_ticks=1))
    axes.set_xlabel("bases between the two motifs")
    return figure


def _titled_figure(title: str, height: float) -> Figure:
    """Return an empty figure with a title, higher by the lines that the title takes."""
    lines = textwrap.wrap(title, TITLE_WIDTH)
    figure = new_figure(WIDTH, height + TITLE_LINE * (len(lines) - 1))
    figure.suptitle("\n".join(lines), fontsize="medium", parse_math=False)
    return figure
