"""A simulated genome, regions on it, and a tiny model."""

from pathlib import Path

import numpy as np

CONTIGS = 24
WINDOW = 200
LINE = 100


def contig_lengths(total: int) -> list[int]:
    """Return lengths that fall from the first contig to the last, like real chromosomes'."""
    weights = np.linspace(5, 1, CONTIGS)
    return [int(share) for share in total * weights / weights.sum()]


def write_genome(path: Path, lengths: list[int], seed: int = 1) -> None:
    """Write independent random bases, with runs of N at both ends of each contig."""
    rng = np.random.default_rng(seed)
    letters = np.frombuffer(b"ACGT", dtype=np.uint8)
    with path.open("wb") as file:
        for number, length in enumerate(lengths, start=1):
            bases = letters[rng.integers(0, 4, length, dtype=np.uint8)]
            edge = min(10_000, length // 20)
            bases[:edge] = bases[-edge:] = ord("N")
            whole = length // LINE * LINE
            rows = np.full((length // LINE, LINE + 1), ord("\n"), dtype=np.uint8)
            rows[:, :LINE] = bases[:whole].reshape(-1, LINE)
            file.write(f">chr{number}\n".encode() + rows.tobytes())
            if whole < length:
                file.write(bases[whole:].tobytes() + b"\n")


def write_regions(path: Path, lengths: list[int], number: int, seed: int = 1) -> None:
    """Write sorted regions of 200 to 1,000 bp anywhere on the genome, as peak callers do."""
    rng = np.random.default_rng(seed)
    shares = np.array(lengths) / sum(lengths)
    contig = np.sort(rng.choice(len(lengths), size=number, p=shares))
    width = rng.integers(200, 1001, number)
    start = (rng.random(number) * (np.array(lengths)[contig] - width)).astype(np.int64)
    order = np.lexsort((start, contig))
    with path.open("w") as file:
        for i, row in enumerate(order):
            file.write(
                f"chr{contig[row] + 1}\t{start[row]}\t{start[row] + width[row]}\tpeak{i + 1}\n"
            )


def write_model(path: Path) -> None:
    """Write a model of one convolution and one head."""
    import keras

    keras.utils.set_random_seed(1)
    layers = keras.layers
    sequence = keras.Input((WINDOW, 4), name="sequence")
    x = layers.Conv1D(4, 7, activation="relu")(sequence)
    counts = layers.Dense(1, name="counts")(layers.GlobalAveragePooling1D()(x))
    keras.Model(sequence, counts).save(path)
