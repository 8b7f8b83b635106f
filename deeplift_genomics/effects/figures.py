"""Figures of the effects, in PNG and SVG: the footprint of every motif."""

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
from deeplift_genomics.scores.effects import Footprint, FootprintFile, read_footprints

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

log = logging.getLogger(__name__)

AROUND = 100  # positions drawn on either side of the motif's centre
MOST_PANELS = 8  # strands or tasks of a head that are drawn
WIDTH, PANEL_HEIGHT, MARGIN = 4.5, 1.1, 0.7  # inches
# dark enough on white, and told apart without colour vision (Okabe and Ito)
INSERTED, BACKGROUND = "#0072B2", "#999999"
NAMES = re.compile(r"(pos|neg)_\d+\.footprint(_\d+)?\.(png|svg)")


def draw_figures(effects_path: str | Path, output_folder: str | Path) -> list[str]:
    """Draw the footprint of every motif and return the names of the files.

    They are ``{pattern}.footprint.{png|svg}``; for a model with several profile heads the second
    has ``footprint_1``. A folder of earlier figures is replaced as a whole; one that holds anything
    else is refused. Without a motif, or without a profile head, the folder is empty.

    Raises
    ------
    InputError
        If the effects file is missing, damaged or of another type, or the folder cannot be made or
        holds anything else.
    """
    found = read_footprints(effects_path)
    names: list[str] = []
    with atomic_folder(output_folder, NAMES) as folder, plain_style():
        for i, pattern in enumerate(Progress(found.patterns, what="figures", unit="motif")):
            for number, footprint in enumerate(found.footprints):
                figure = draw_footprint(found, footprint, i)
                suffix = f"_{number}" if number else ""
                names += save(figure, folder, f"{pattern}.footprint{suffix}")
    log.info("%s: %d files for %d motifs", output_folder, len(names), len(found.patterns))
    return names


def draw_footprint(found: FootprintFile, footprint: Footprint, motif: int) -> Figure:
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
