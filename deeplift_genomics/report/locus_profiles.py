"""What the model predicts along a page's loci, and what was measured there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.report.examples import ExampleLocus
from deeplift_genomics.report.locus_numbers import Packed, pack
from deeplift_genomics.scores.predictions import PredictedTrack, read_predictions


def read_profiles(path: Path, loci: Sequence[ExampleLocus]) -> list[list[dict[str, Any]]]:
    """Return what the model predicts along each locus, and what was measured there.

    Returns
    -------
    list of list of dict
        For each locus, its tracks: label; unit; start, the first base of the first position, from
        the first base that is shown; bin, bases of a position; predicted and observed, packed
        values of each strand, or None.
    """
    tracks = read_predictions(path, [locus.row for locus in loci])
    found = (
        [_profile(track, index, locus) for track in tracks] for index, locus in enumerate(loci)
    )
    return [[profile for profile in profiles if profile] for profiles in found]


def _profile(track: PredictedTrack, index: int, locus: ExampleLocus) -> dict[str, Any] | None:
    """Return a track along one locus: its positions in the part that is shown, if there are any."""
    values = track.predicted if track.predicted is not None else track.observed
    n = 0 if values is None else values.shape[-1]
    origin = locus.window.start + track.offset
    first = max(0, (locus.shown.start - origin) // track.bin_width)
    last = min(n, -((origin - locus.shown.end) // track.bin_width))

    if first >= last:
        return None

    def strands(given: NDArray[np.float32] | None) -> list[Packed] | None:
        return None if given is None else [pack(row[first:last]) for row in given[index]]

    return {
        "label": track.label,
        "unit": track.unit,
        "start": origin + first * track.bin_width - locus.shown.start,
        "bin": track.bin_width,
        "predicted": strands(track.predicted),
        "observed": strands(track.observed),
    }
