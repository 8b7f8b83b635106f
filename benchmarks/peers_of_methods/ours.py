"""The scores of this package: ``python -m benchmarks.peers_of_methods.ours FOLDER WINDOWS CASE...``.

It writes ours.npz to FOLDER, with a name for each case and level.
"""

import sys
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers_of_methods.cases import CASES, Case, read_sequences, references_of
from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.attribution.scores import Scores
from deeplift_genomics.models.load import load_model


def main() -> None:
    """Score the windows with all cases."""
    folder, number, labels = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    windows, shuffles = read_sequences(folder, number)
    (path,) = folder.glob("model.*")
    model, found = load_model(path), {}
    for label in labels:
        case, start = CASES[label], time.time()
        for level, options in case.levels.items():
            scores = attribute(
                model,
                windows,
                references_of(case, windows, shuffles),
                "counts",
                float64=True,
                method=case.method,
                options=options,
            )["counts"]
            found[f"{label}/{level}"] = viewed(scores, case)
        print(f"{label}: {time.time() - start:.0f} s", file=sys.stderr, flush=True)
    np.savez(folder / "ours.npz", **found)


def viewed(scores: Scores, case: Case) -> NDArray:
    """Return what of the scores is compared."""
    if case.view == "hypothetical":
        return scores.hypothetical
    if case.view == "contributions":
        return scores.contributions
    return scores.contributions.sum(axis=-1)


if __name__ == "__main__":
    main()
