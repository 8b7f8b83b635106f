"""Makes the models and bigWig files of `.test/folds`: python -m tests.workflow.make_folds"""

from pathlib import Path

import keras
import numpy as np
import pyBigWig
from keras import layers

from tests.conftest import ROOT

FOLDER = ROOT / ".test" / "folds"
LENGTH, PROFILE = 60, 40
# the demo's contigs, under the names that other sources give them
CONTIGS = {"1": 400000, "2": 300000, "3": 200000, "4": 150000}
AROUND = 100  # bp of each summit that have reads


def save_fold(path: Path, seed: int) -> None:
    keras.utils.set_random_seed(seed)
    sequence = layers.Input((LENGTH, 4), name="sequence")
    bias = layers.Input((PROFILE, 2), name="control_profile")
    logcounts = layers.Input((2,), name="control_logcounts")
    promoter = layers.Input((8, 4), name="promoter")
    x = layers.Conv1D(6, 9, padding="same", activation="relu")(sequence)
    cropped = layers.Cropping1D((LENGTH - PROFILE) // 2)(x)
    profile = layers.Conv1D(2, 1, name="profile")(layers.Concatenate()([cropped, bias]))
    beside = [logcounts, layers.GlobalMaxPooling1D()(promoter)]
    pooled = layers.Concatenate()([layers.GlobalAveragePooling1D()(x), *beside])
    # so that the controls have a say in the scores, which they have not by way of a sum
    hidden = layers.Dense(4, activation="softplus")(pooled)
    counts = layers.Dense(2, name="logcounts")(hidden)
    keras.Model([sequence, bias, logcounts, promoter], [profile, counts]).save(path)


def write_bigwigs(folder: Path) -> None:
    """Write made-up reads of both strands around the summits of the regions."""
    rng = np.random.default_rng(0)
    rows = [line.split("\t") for line in (folder / "regions.narrowPeak").read_text().splitlines()]
    summits = [(row[0].removeprefix("chr"), int(row[1]) + int(row[9])) for row in rows]
    for strand in ("plus", "minus"):
        with pyBigWig.open(str(folder / f"{strand}.bw"), "w") as file:
            file.addHeader(list(CONTIGS.items()))
            for contig in CONTIGS:
                near = [at + np.arange(-AROUND, AROUND) for name, at in summits if name == contig]
                bases = np.unique(np.concatenate(near))
                at = np.sort(rng.choice(bases, len(bases) // 3, replace=False))
                values = rng.integers(1, 5, len(at)).astype(float)
                ends = (at + 1).tolist()
                file.addEntries([contig] * len(at), at.tolist(), ends=ends, values=values)


if __name__ == "__main__":
    for seed, name in enumerate(("fold 0.keras", "fold1.h5")):
        save_fold(FOLDER / name, seed)
    write_bigwigs(FOLDER)
