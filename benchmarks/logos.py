"""A benchmark of logos: seconds for the files of 60 patterns, on one core.

Run as ``python -m benchmarks.logos results/demo/counts.modisco.h5``, with any motif file that holds
patterns. It draws them again and again until there are 60. CPU time is printed beside the clock's,
so that other work on the machine matters less. The goal is 60 seconds.
"""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import h5py

from deeplift_genomics.motifs.logos import draw_logos

PATTERNS = 60
GOAL = 60.0  # seconds


def main() -> None:
    """Print the time, the number of files and their size."""
    with tempfile.TemporaryDirectory() as folder:
        motifs = Path(shutil.copy(sys.argv[1], folder))
        with h5py.File(motifs, "a") as file:
            group = file["pos_patterns"]
            number = len(group)
            for more in range(number, PATTERNS):
                group.copy(group[f"pattern_{more % number}"], f"pattern_{more}")
        clock, cpu = time.perf_counter(), time.process_time()
        names = draw_logos(motifs, Path(folder, "logos"))
        clock, cpu = time.perf_counter() - clock, time.process_time() - cpu
        size = sum(Path(folder, "logos", name).stat().st_size for name in names)
    print(
        f"{len(names)} files ({size / 1e6:.0f} MB): {clock:.1f} s by the clock, {cpu:.1f} s of CPU"
    )
    print(f"    goal: {GOAL:.0f} s of CPU, {'reached' if cpu <= GOAL else 'not reached'}")


if __name__ == "__main__":
    main()
