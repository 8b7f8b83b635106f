"""Time and memory of a track of many bases: python -m benchmarks.tracks [WINDOWS [LENGTH]].

The score file is synthetic: windows side by side, written a few rows at a time.
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import h5py
import numpy as np
import pyBigWig

from deeplift_genomics.scores.file import TEXT
from deeplift_genomics.scores.tracks import write_track

ROWS = 1024  # windows written at a time


def write_scores(path: Path, n: int, length: int) -> None:
    """Write the parts of a score file that a track is made from, and the others empty."""
    rng = np.random.default_rng(0)
    some = rng.normal(scale=0.01, size=(ROWS, length, 4)).astype(np.float32)
    bases = np.eye(4, dtype=np.int8)[rng.integers(0, 4, (ROWS, length))]
    start = np.arange(n) * length
    with h5py.File(path, "w") as file:
        file.attrs["deeplift_genomics_type"], file.attrs["format_version"] = "scores", 2
        file.attrs["contig_lengths"] = json.dumps({"chr1": int(n * length)})
        chunks = {"chunks": (16, length, 4), "compression": "gzip", "compression_opts": 1}
        scores = file.create_dataset("hyp_scores", (n, length, 4), np.float32, **chunks)
        sequences = file.create_dataset("input_seqs", (n, length, 4), np.int8, **chunks)
        for first in range(0, n, ROWS):
            rows = min(ROWS, n - first)
            scores[first : first + rows] = some[:rows]
            sequences[first : first + rows] = bases[:rows]
        for name, values in (("coords_start", start), ("coords_end", start + length)):
            file[name] = values
        file["summit"], file["target"] = start + length // 2, np.zeros(n, dtype=np.float32)
        for name, text in (("coords_chrom", "chr1"), ("name", "peak"), ("strand", ".")):
            file.create_dataset(name, data=np.full(n, text, dtype=object), dtype=TEXT)


def main(n: int, length: int) -> None:
    """Make a track, and print what it took."""
    with tempfile.TemporaryDirectory() as folder:
        scores, track = Path(folder, "scores.h5"), Path(folder, "track.bw")
        write_scores(scores, n, length)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        begin = time.perf_counter()
        bases = write_track(scores, track, "centre")
        seconds = time.perf_counter() - begin
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        with pyBigWig.open(str(track)) as file:
            levels = file.header()["nLevels"]
        size = track.stat().st_size / 1e6
    print(
        f"{bases} bases: {seconds:.0f} s, {most:.0f} MB of memory ({before:.0f} MB before), "
        f"{size:.0f} MB, {levels} zoom levels"
    )


if __name__ == "__main__":
    main(*(int(float(text)) for text in [*sys.argv[1:], *("60e3", "1000")[len(sys.argv) - 1 :]]))
