"""Sequence logos of the patterns of a motif file, in PNG and SVG."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.sequence import ALPHABET
from deeplift_genomics.files.atomic import atomic_folder
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.figures import new_figure, plain_style, save
from deeplift_genomics.motifs.letters import LETTER_COLOURS
from deeplift_genomics.motifs.patterns import Pattern, read_motifs, trimmed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

log = logging.getLogger(__name__)

FLANK = 2  # bases drawn on either side of the pattern's core
INCHES_PER_BASE, MARGIN, HEIGHT = 0.22, 0.8, 1.8
NAMES = re.compile(r"(pos|neg)_\d+\.(cwm|hcwm|pfm)\.(fwd|rc)\.(png|svg)")


def draw_logos(
    motifs_path: str | Path,
    output_folder: str | Path,
    colours: Mapping[str, str] = LETTER_COLOURS,
) -> list[str]:
    """Draw every pattern and return the names of the files, in the order of the patterns.

    For each pattern the CWM, the hypothetical CWM (hcwm) and the PFM in bits (pfm), forward (fwd)
    and reverse complement (rc), as ``{pattern}.{cwm|hcwm|pfm}.{fwd|rc}.{png|svg}``. A logo shows
    the core of the pattern and 2 bases on either side (`patterns.trimmed`). A folder of earlier
    logos is replaced as a whole; a folder that holds anything else is refused. Without a pattern
    the folder is empty. The same motif file gives the same bytes.

    Raises
    ------
    InputError
        If the motif file is missing, cut short or of another type, or the folder cannot be
        made or holds anything but logos.
    """
    patterns = read_motifs(motifs_path)
    names: list[str] = []
    with atomic_folder(output_folder, NAMES) as folder, plain_style():
        for pattern in Progress(patterns, what="logos", unit="pattern"):
            for name, heights, unit in _logos(pattern):
                names += save(draw(heights, unit, colours), folder, name)
    log.info("%s: %d files for %d patterns", output_folder, len(names), len(patterns))
    return names


def _logos(pattern: Pattern) -> Iterator[tuple[str, NDArray[np.float64], str]]:
    """Yield name, letter heights (W, 4) and axis label of the six logos of a pattern."""
    core = trimmed(pattern, flank=FLANK)
    bits = core.ppm * core.information_content()[:, None]
    for kind, heights, unit in (
        ("cwm", core.cwm, "contribution"),
        ("hcwm", core.hypothetical_cwm, "hypothetical\ncontribution"),
        ("pfm", bits, "bits"),
    ):
        yield f"{pattern.name}.{kind}.fwd", heights, unit
        yield f"{pattern.name}.{kind}.rc", heights[::-1, ::-1], unit


def draw(
    heights: NDArray[np.float64], unit: str, colours: Mapping[str, str] = LETTER_COLOURS
) -> Figure:
    """Return a figure with the logo of letter heights (W, 4); negative ones hang from the axis."""
    import logomaker
    import pandas

    width = len(heights)
    figure = new_figure(MARGIN + INCHES_PER_BASE * width, HEIGHT)
    axes = figure.add_subplot()
    logomaker.Logo(
        pandas.DataFrame(heights, columns=list(ALPHABET)),
        ax=axes,
        color_scheme=dict(colours),
        flip_below=False,
        show_spines=False,
    )
    axes.spines["left"].set_visible(True)
    axes.axhline(0, color="black", linewidth=0.5)
    axes.set_xticks(range(4, width, 5), labels=[str(base + 1) for base in range(4, width, 5)])
    axes.tick_params(length=2)
    axes.set_ylabel(unit)
    if unit == "bits":
        axes.set_ylim(0, 2)
        axes.set_yticks([0, 1, 2])
    return figure
