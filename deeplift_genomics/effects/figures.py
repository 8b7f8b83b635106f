"""Figures of the effects, in PNG and SVG: footprints of motifs, heat maps of pairs."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.atomic import atomic_folder
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.figures import new_figure, plain_style, save
from deeplift_genomics.scores.effects import PATTERN, Footprint, Pair, ToDraw, read_to_draw

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

log = logging.getLogger(__name__)

AROUND = 100  # positions drawn on either side of the motif's centre
MOST_PANELS = 8  # strands or tasks of a head that are drawn
WIDTH, PANEL_HEIGHT, MARGIN = 4.5, 1.1, 0.7  # inches
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
    """Return a figure with a panel for each strand: the mean profile with the motif and without."""
    inserted, plain = footprint.inserted[motif, 0], footprint.background
    panels = min(len(plain), MOST_PANELS)
    figure = new_figure(WIDTH, MARGIN + PANEL_HEIGHT * panels)
    axes = figure.subplots(panels, 1, sharex=True, squeeze=False)[:, 0]
    for strand, panel in enumerate(axes):
        _draw_panel(panel, inserted[strand], plain[strand])
        if len(plain) > 1:
            panel.set_ylabel(f"share\n({footprint.head}, {strand})", parse_math=False)
        else:
            panel.set_ylabel(f"share\n({footprint.head})", parse_math=False)
    title = found.motifs[motif]
    if len(plain) > panels:
        title += f" (the first {panels} of {len(plain)})"
    axes[0].set_title(title, parse_math=False)
    axes[0].legend(frameon=False, loc="upper right")
    axes[-1].set_xlabel("position from the motif's centre")
    return figure


def _draw_panel(axes: Axes, inserted: NDArray[np.float32], plain: NDArray[np.float32]) -> None:
    """Draw one strand around the centre of the profile."""
    middle = len(plain) // 2
    shown = slice(max(0, middle - AROUND), middle + AROUND)
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
    values = pair.interaction
    figure = new_figure(WIDTH, MARGIN + PANEL_HEIGHT)
    axes = figure.add_subplot()
    most = float(np.abs(values).max()) or 1.0
    image = axes.imshow(values, cmap="PuOr_r", vmin=-most, vmax=most, aspect="auto")
    bar = figure.colorbar(image, ax=axes)
    bar.set_label("beyond the sum")
    axes.set_yticks(range(len(found.orientations)), labels=found.orientations)
    axes.set_xlabel("bases between the two motifs")
    title = f"{found.motifs[pair.left]} and {found.motifs[pair.right]}: {pair.preference}"
    axes.set_title(title, parse_math=False)
    return figure
