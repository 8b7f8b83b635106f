"""Weights of talgata.keras and some windows with shuffled references, as plain arrays.

usage: python make_inputs.py TALGATA.keras SIMULATION_FOLDER WEIGHTS.npz SEQUENCES.npz
"""

import csv
import gzip
import sys
from pathlib import Path

import numpy as np

from deeplift_genomics import dinucleotide_shuffle
from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.graph.backend import keras

GROUPS = ("gata_tal1", "gata_only", "tal1_only", "empty")


def windows_and_references(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return a window of each group, (4, 200, 4), and 10 shuffles of each, (4, 10, 200, 4)."""
    with gzip.open(folder / "test.txt.gz", "rt") as handle:
        chosen = set(handle.read().split())
    with gzip.open(folder / "sequences.simdata.gz", "rt") as handle:
        rows = [row for row in csv.DictReader(handle, delimiter="\t") if row["seqName"] in chosen]
    first = [next(row for row in rows if row["seqName"].startswith(group)) for group in GROUPS]
    windows = one_hot(np.stack([encode(row["sequence"]) for row in first]))
    return windows, dinucleotide_shuffle(windows, 10, seed=1)


def main(model: str, folder: str, weights: str, sequences: str) -> None:
    layers = keras.models.load_model(model, compile=False).layers
    np.savez(
        weights,
        **{
            f"{i}_{j}": values
            for i, layer in enumerate(layers)
            for j, values in enumerate(layer.get_weights())
        },
    )
    windows, shuffled = windows_and_references(Path(folder))
    np.savez(sequences, windows=windows, shuffled=shuffled)


if __name__ == "__main__":
    main(*sys.argv[1:])
