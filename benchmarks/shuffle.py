"""A benchmark of dinucleotide shuffles: 2,114 bp, per second on one core, after compilation.

Run as ``python -m benchmarks.shuffle``. Rates use CPU time, so that other work on the machine
matters less; the rate by wall time is printed, too. The goal is 60,000 per second.
"""

import statistics
import time

import numpy as np

from deeplift_genomics.dna.shuffle import shuffle_codes

LENGTH = 2114  # bp, the window of BPNet and ChromBPNet
WINDOWS = 250
REFERENCES = 20
ROUNDS = 15
GOAL = 60_000


def main() -> None:
    """Print the median and the range over rounds."""
    codes = np.random.default_rng(0).integers(0, 4, (WINDOWS, LENGTH)).astype(np.int8)
    shuffle_codes(codes[:1], 1, 0)
    by_cpu, by_clock = [], []
    for seed in range(ROUNDS):
        clock, cpu = time.perf_counter(), time.process_time()
        shuffle_codes(codes, REFERENCES, seed)
        by_cpu.append(WINDOWS * REFERENCES / (time.process_time() - cpu))
        by_clock.append(WINDOWS * REFERENCES / (time.perf_counter() - clock))
    for name, rates in (("CPU time", by_cpu), ("clock", by_clock)):
        print(
            f"{name:>8}: median {statistics.median(rates):,.0f} shuffles of {LENGTH:,} bp per "
            f"second, range {min(rates):,.0f} to {max(rates):,.0f} over {ROUNDS} rounds"
        )
    reached = "reached" if statistics.median(by_cpu) >= GOAL else "not reached"
    print(f"    goal: {GOAL:,} per second, {reached}")


if __name__ == "__main__":
    main()
