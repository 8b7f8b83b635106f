"""The central window, in which motifs are searched for, and whether it has scores."""

from __future__ import annotations

import logging
from pathlib import Path

import h5py

from deeplift_genomics.errors import InputError
from deeplift_genomics.scores.span import scored
from deeplift_genomics.settings.motif_window import central_bases
from deeplift_genomics.settings.sections import SHORTEST_MOTIF_WINDOW

log = logging.getLogger(__name__)


def central(length: int, window: int, path: str | Path) -> tuple[int, int]:
    """Return the first base of the central window and the base after its last, as modisco-lite."""
    if length < SHORTEST_MOTIF_WINDOW:
        raise InputError(
            f"{path} has windows of {length} bp; TF-MoDISco needs at least {SHORTEST_MOTIF_WINDOW}."
        )
    if window > length:
        log.warning(
            "The motif window of %d bp is longer than the windows of %s; all of their %d bp are "
            "used.",
            window,
            path,
            length,
        )
    return central_bases(length, window)


def require_scored(file: h5py.File, first: int, last: int) -> None:
    """Raise InputError unless scores were computed for all bases of the central window."""
    span, middle = scored(file), file["input_seqs"].shape[1] // 2
    if span.start <= first and last <= span.stop:
        return
    largest = 2 * min(middle - span.start, span.stop - middle)
    smaller = f", or motifs.window to {largest}" if largest >= SHORTEST_MOTIF_WINDOW else ""
    raise InputError(
        f"{file.filename} has scores of the bases {span.start} to {span.stop} of its windows, and "
        f"motifs.window takes {first} to {last}. In 'attribution.options' set span to "
        f"[{first}, {last}]{smaller}."
    )
