"""The logo files of all patterns of a motif file, in PNG, SVG and PDF."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.files.atomic import atomic_folder
from deeplift_genomics.files.processes import in_processes
from deeplift_genomics.files.progress import Progress
from deeplift_genomics.motifs.patterns import Pattern, read_motifs, trimmed
from deeplift_genomics.views.drawn_logo import BITS, draw
from deeplift_genomics.views.figures import plain_style, save
from deeplift_genomics.views.letters import LETTER_COLOURS

log = logging.getLogger(__name__)

FLANK = 2  # bases drawn on either side of the pattern's core
FEWEST = 8  # patterns that are drawn in about the time in which a process starts
SUFFIXES = ("svg", "png", "pdf")
NAMES = re.compile(r"(pos|neg)_\d+\.(cwm|hcwm|pfm)\.(fwd|rc)\.(png|svg|pdf)")


class _Job(NamedTuple):
    """The logos of one pattern: name, letter heights and unit of each, colours and folder."""

    logos: list[tuple[str, NDArray[np.float64], str]]
    colours: Mapping[str, str]
    folder: Path


def draw_logos(
    motifs_path: str | Path,
    output_folder: str | Path,
    colours: Mapping[str, str] = LETTER_COLOURS,
    threads: int = 1,
) -> list[str]:
    """Draw every pattern and return the names of the files, in the order of the patterns.

    For each pattern the CWM, the hypothetical CWM (hcwm) and the PFM in bits (pfm), forward (fwd)
    and reverse complement (rc), as ``{pattern}.{cwm|hcwm|pfm}.{fwd|rc}.{png|svg|pdf}``. A logo
    shows the core of the pattern and 2 bases on either side (`patterns.trimmed`). A folder of
    earlier logos is replaced as a whole; a folder that holds anything else is refused. Without a
    pattern the folder is empty. The same motif file gives the same bytes, whatever `threads`.

    Parameters
    ----------
    motifs_path
        From the motifs step.
    output_folder
        The folder to make.
    colours
        Base -> colour.
    threads
        Most processes that draw at the same time (`files.processes.in_processes`).

    Raises
    ------
    InputError
        If the motif file is missing, cut short or of another type, or the folder cannot be
        made or holds anything but logos.
    SystemFaultError
        If a process is killed from outside.
    """
    patterns = read_motifs(motifs_path)
    names: list[str] = []
    processes = max(1, min(threads, ceil(len(patterns) / FEWEST)))
    with atomic_folder(output_folder, NAMES) as folder:
        jobs = [_Job(list(_logos(pattern)), dict(colours), folder) for pattern in patterns]
        drawn = in_processes(_draw_pattern, jobs, processes)
        for of_pattern in Progress(drawn, what="logos", unit="pattern", total=len(jobs)):
            names += of_pattern
    log.info("%s: %d files for %d patterns", output_folder, len(names), len(patterns))
    return names


def _draw_pattern(job: _Job) -> list[str]:
    """Draw the logos of one pattern and return the names of their files."""
    with plain_style():
        return [
            file
            for name, heights, unit in job.logos
            for file in save(draw(heights, unit, job.colours), job.folder, name, SUFFIXES)
        ]


def _logos(pattern: Pattern) -> Iterator[tuple[str, NDArray[np.float64], str]]:
    """Yield name, letter heights (W, 4) and axis label of the six logos of a pattern."""
    core = trimmed(pattern, flank=FLANK)
    bits = core.ppm * core.information_content()[:, None]
    for kind, heights, unit in (
        ("cwm", core.cwm, "contribution"),
        ("hcwm", core.hypothetical_cwm, "hypothetical\ncontribution"),
        ("pfm", bits, BITS),
    ):
        yield f"{pattern.name}.{kind}.fwd", heights, unit
        yield f"{pattern.name}.{kind}.rc", heights[::-1, ::-1], unit
