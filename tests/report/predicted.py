"""Predictions of a small sample, and reads that agree with them as well as a test wants."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from deeplift_genomics.scores.prediction_merge import merge_predictions
from deeplift_genomics.windows.file import read_places
from tests.scores.prediction_files import COUNTS, PROFILE, Made, shards
from tests.windows.test_controls import bigwig

OFFSET, POSITIONS = 50, 400
PLACE = {"offset": OFFSET, "width": POSITIONS}


def made(n: int) -> Made:
    """Make profiles with a peak each, and the total of both strands."""
    rng = np.random.default_rng(5)
    middle, reads = rng.uniform(100, 300, (n, 2, 1)), rng.gamma(4, 50, (n, 1, 1))
    shape = np.exp(-0.5 * ((np.arange(POSITIONS) - middle) / 15) ** 2) + 0.002
    profile = (reads * shape / shape.sum(axis=-1, keepdims=True)).astype(np.float32)
    counts = np.log1p(profile.sum(axis=(1, 2)))[:, None].astype(np.float32)
    return Made([(PROFILE | {"offset": OFFSET}, profile)], [(COUNTS | PLACE, counts)])


def write_predictions(sample: Any, rates: np.ndarray | None = None) -> None:
    """Write predictions.h5 of a made sample; of one with a signal, reads drawn at `rates`.

    Rates are (n, 2, POSITIONS); by default they are what is predicted.
    """
    places = read_places(sample.path("windows"))
    n = len(places.start)
    predicted = made(n)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files: list[Path] = []
        if sample.row["signal"]:
            files = _write_reads(folder, places, predicted.tracks[0][1] if rates is None else rates)
        merge_predictions(
            shards(folder, predicted, 1),
            sample.path("windows"),
            sample.path("predictions"),
            signal=files,
        )


def _write_reads(folder: Path, places: Any, rates: np.ndarray) -> list[Path]:
    """Draw reads of both strands and write them as bigWig."""
    rng = np.random.default_rng(6)
    contigs = {str(name): int(places.start[places.chrom == name].max()) + 600
               for name in dict.fromkeys(places.chrom)}  # fmt: skip
    reads = {name: np.zeros((2, length)) for name, length in contigs.items()}
    for chrom, start, rate in zip(places.chrom, places.start + OFFSET, rates, strict=True):
        reads[chrom][:, start : start + POSITIONS] = rng.poisson(rate)
    return [
        bigwig(folder / f"{name}.bw", {chrom: x[strand].tolist() for chrom, x in reads.items()})
        for strand, name in enumerate(("plus", "minus"))
    ]
