"""Fuzz targets: the readers of bigWig files."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

import numpy as np
import pyBigWig

from deeplift_genomics.dna.bigwig import Track
from tests.fuzz.mutations import BINARY, mutate
from tests.fuzz.runner import Target

CONTIGS = {"chr1": 3000, "chr2": 500}


def _content() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "track.bw")
        track = pyBigWig.open(str(path), "w")
        track.addHeader(list(CONTIGS.items()))
        for name, length in CONTIGS.items():
            at = np.arange(0, length, 3)
            values = (at % 7).astype(float)
            track.addEntries([name] * len(at), at.tolist(), (at + 1).tolist(), values.tolist())
        track.close()
        return path.read_bytes()


def tracks() -> Target:
    content = _content()

    def make(rng: random.Random, folder: Path) -> None:
        (folder / "track.bw").write_bytes(mutate(rng, content, BINARY))

    def read(folder: Path) -> None:
        with Track(folder / "track.bw") as track:
            track.find_contigs(list(CONTIGS))
            for name in CONTIGS:
                for start in range(0, 400, 100):
                    track.values(name, start, 60)

    return Target(make, read)
