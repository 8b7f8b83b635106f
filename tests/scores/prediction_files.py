"""Shards of predictions, windows and bigWig files with numbers that are easy to make again."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from deeplift_genomics.files.hdf5 import atomic_hdf5, stamp
from deeplift_genomics.scores.file import rows_of_shard
from deeplift_genomics.scores.prediction_writer import Group, PredictionWriter
from deeplift_genomics.scores.predictions import SHARD
from deeplift_genomics.windows.file import Windows, write_windows
from tests.windows.test_controls import bigwig

N, LENGTH, OFFSET, POSITIONS = 70, 40, 5, 30
CONTIGS = {"chr1": 3000, "chr2": 1000}
PROFILE = {"head": "profile", "label": "profile", "offset": OFFSET, "bin_width": 1, "unit": "reads"}
COUNTS = {
    "head": "counts", "label": "counts", "kind": "counts", "offset": OFFSET, "width": POSITIONS,
    "unit": "log(1 + reads)", "track": 0,
}  # fmt: skip
TRACK = {
    "head": "human", "label": "human[3]", "offset": 0, "bin_width": 4, "unit": "value of the track"
}  # fmt: skip
LOGIT = {
    "head": "classes", "label": "classes[0]", "kind": "logit", "offset": 0, "width": LENGTH,
    "unit": "logit",
}  # fmt: skip


class Made(NamedTuple):
    """The predictions of a model: groups, and the values (N, *shape) of each."""

    tracks: list[tuple[dict[str, Any], np.ndarray]]
    values: list[tuple[dict[str, Any], np.ndarray]]


def bpnet(n: int = N) -> Made:
    """Make a profile of two strands, and the total of both."""
    rng = np.random.default_rng(1)
    profile = rng.gamma(0.5, 8, (n, 2, POSITIONS)).astype(np.float32)
    counts = np.log1p(profile.sum(axis=(1, 2)))[:, None].astype(np.float32)
    return Made([(PROFILE, profile)], [(COUNTS, counts)])


def basenji() -> Made:
    """Make one track of 10 bins."""
    values = np.random.default_rng(2).gamma(2, 3, (N, 1, LENGTH // 4)).astype(np.float32)
    return Made([(TRACK, values)], [])


def classifier() -> Made:
    """Make one logit."""
    return Made([], [(LOGIT, np.random.default_rng(3).normal(size=(N, 1)).astype(np.float32))])


def places(n: int = N) -> tuple[np.ndarray, np.ndarray]:
    """Return contig and start of each window; the last ones reach beyond what was measured."""
    chrom = np.array(["chr2" if i % 3 == 0 else "chr1" for i in range(n)], object)
    return chrom, (np.arange(n) * 13) % (950 - LENGTH)


def windows_file(folder: Path, n: int = N) -> Path:
    """Write the windows."""
    chrom, start = places(n)
    words = np.array(["."] * n, object)
    codes = np.zeros((n, LENGTH), np.int8)
    windows = Windows(
        chrom, start, start + LENGTH, start + LENGTH // 2, words, words, codes,
        {"window_length": LENGTH, "fasta": "genome.fa"},
    )  # fmt: skip
    write_windows(folder / "windows.h5", windows)
    return folder / "windows.h5"


def shards(folder: Path, made: Made, n_shards: int, **more: Any) -> list[Path]:
    """Write the shards, a batch of 9 windows at a time."""
    n = len((made.tracks or made.values)[0][1])
    paths = []
    for i in range(n_shards):
        rows = rows_of_shard(n, i, n_shards)
        place = {"shard": i, "n_shards": n_shards, "first_row": rows.start, "n_windows": n}
        place |= {"n_rows": rows.stop - rows.start}
        groups = [[Group(a, tuple(v.shape[1:])) for a, v in of] for of in made]
        paths.append(folder / f"predictions.{i + 1}-of-{n_shards}.h5")
        with atomic_hdf5(paths[-1], sealed=True) as file:
            stamp(file, SHARD, {"model": "m.h5", "fasta": "genome.fa", **place, **more})
            size = rows.stop - rows.start
            writer = PredictionWriter(file, size, tracks=groups[0], values=groups[1])
            for first in range(rows.start, rows.stop, 9):
                some = slice(first, min(first + 9, rows.stop))
                writer.append(*([values[some] for _, values in of] for of in made))
            writer.close()
    return paths


def measured(folder: Path) -> tuple[list[Path], dict[str, np.ndarray]]:
    """Write bigWig files of two strands, and return the reads (bases, strands) of each contig.

    Nothing is measured on the first 200 bases of chr2.
    """
    rng = np.random.default_rng(4)
    reads = {name: rng.poisson(rng.gamma(0.3, 4, (n, 2))) for name, n in CONTIGS.items()}
    reads["chr2"][:200] = 0
    paths = []
    for strand, name in enumerate(("plus", "minus")):
        sign = (1, -1)[strand]
        contigs = {chrom: (sign * x[:, strand]).tolist() for chrom, x in reads.items()}
        contigs["chr2"][:200] = [float("nan")] * 200
        paths.append(bigwig(folder / f"{name}.bw", contigs))
    return paths, reads
