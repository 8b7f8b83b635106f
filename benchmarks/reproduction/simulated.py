"""The sequences of the paper's simulation: what is embedded in them, and matches of its motifs."""

from __future__ import annotations

import csv
import gzip
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.dna.references import FLAT_COMPOSITION
from deeplift_genomics.dna.sequence import encode, one_hot

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("DEEPLIFT_GENOMICS_TEST_DATA", ROOT / ".." / "shared" / "data"))
MOTIFS = {"TAL1": "TAL1_known1", "GATA1": "GATA_disc1"}
TASKS = ("both motifs", "GATA1", "TAL1")
# the motifs that a task's label depends on
OF_TASK = (("TAL1", "GATA1"), ("GATA1",), ("TAL1",))
GROUPS = {"both": (1, 1, 1), "GATA1 only": (0, 1, 0), "TAL1 only": (0, 0, 1), "neither": (0, 0, 0)}
BEST = 5  # matches of a motif in each sequence
STRONG = 7.0  # log-odds of a strong match, natural logarithm
PRIOR = 0.001  # added to each probability, so that one mismatch does not rule a match out
_PLACED = re.compile(r"pos-(\d+)_(\w+)-([ACGT]+)")


def require_data() -> None:
    """End the program unless the folder of the data is there."""
    if not DATA.is_dir():
        sys.exit(f"{DATA} not found; set DEEPLIFT_GENOMICS_TEST_DATA to the folder of the data")


@dataclass(frozen=True)
class Simulated:
    """Sequences of the simulation.

    Attributes
    ----------
    codes : (N, 200)
        The sequences.
    labels : (N, 3)
        Whether the sequence is positive for each task.
    places
        Of each sequence, motif -> places of its embedded instances.
    log_odds
        Motif -> (width, 4): log of the probability of each base over that of the background.
    """

    codes: NDArray[np.int8]
    labels: NDArray[np.int64]
    places: list[dict[str, list[tuple[int, int]]]]
    log_odds: dict[str, NDArray[np.float64]]

    def group(self, name: str) -> NDArray[np.bool_]:
        """Tell which sequences hold what the group's name says, (N,)."""
        return (self.labels == GROUPS[name]).all(axis=1)


@dataclass(frozen=True)
class Matches:
    """The best matches of a motif in each sequence.

    Attributes
    ----------
    start, log_odds : (N, BEST)
        Where they start, and how strong they are.
    width
        Width of the motif.
    """

    start: NDArray[np.int64]
    log_odds: NDArray[np.float64]
    width: int


def read(most: int | None = None) -> Simulated:
    """Return the test set, or the first `most` of it, in the order of the file."""
    folder = DATA / "simulation"
    with gzip.open(folder / "sequences.simdata.gz", "rt") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    with gzip.open(folder / "test.txt.gz", "rt") as handle:
        chosen = set(handle.read().split())
    tested = [row for row in rows if row["seqName"] in chosen][:most]
    return Simulated(
        np.stack([encode(row["sequence"]) for row in tested]),
        np.array([[int(row[f"task{i}"]) for i in (1, 2, 3)] for row in tested]),
        [_places(row["embeddings"]) for row in tested],
        _log_odds([row["embeddings"] for row in rows]),
    )


def best_matches(simulated: Simulated, motif: str) -> Matches:
    """Return the best matches of a motif on the strand on which motifs were embedded."""
    weights = simulated.log_odds[motif]
    bases = one_hot(simulated.codes, np.float64)
    stretches = np.lib.stride_tricks.sliding_window_view(bases, len(weights), axis=1)
    found = np.einsum("npbw,wb->np", stretches, weights)
    start = np.argsort(-found, axis=1, kind="stable")[:, :BEST]
    return Matches(start, np.take_along_axis(found, start, axis=1), len(weights))


def _places(text: str) -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {motif: [] for motif in MOTIFS}
    for start, name, bases in _PLACED.findall(text):
        motif = next(key for key, value in MOTIFS.items() if value == name)
        found[motif].append((int(start), int(start) + len(bases)))
    return found


def _log_odds(embedded: list[str]) -> dict[str, NDArray[np.float64]]:
    """Return the matrices, estimated from all embedded instances."""
    instances: dict[str, list[str]] = {name: [] for name in MOTIFS.values()}
    for text in embedded:
        for _, name, bases in _PLACED.findall(text):
            instances[name].append(bases)
    matrices = {}
    for motif, name in MOTIFS.items():
        counts = one_hot(np.stack([encode(bases) for bases in instances[name]]), float).sum(axis=0)
        share = (counts / len(instances[name]) + PRIOR) / (1 + 4 * PRIOR)
        matrices[motif] = np.log(share / np.array(FLAT_COMPOSITION))
    return matrices
