"""Make a small ChromBPNet of the demo's genome: python make_chrombpnet.py OUTDIR.

It needs the development requirements and takes some minutes on one core. README.md beside this file
describes what is made, and how.
"""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import numpy as np
import tensorflow as tf
import tf_keras
from numpy.typing import NDArray
from tf_keras import layers

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from make_demo import SEED
from matrices import fetch_motifs
from peaks import call_peaks
from simulate import CONTIGS, Simulation, simulate
from train import BACKGROUND_WINDOWS, HELD_OUT, JITTER, Place, places

from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.files.atomic import atomic_path

WINDOW, OUTPUT = 500, 300  # bp; ChromBPNet has 2,114 and 1,000
FIRST, PROFILE = 21, 75  # bp, widths of the first convolution and of the profile's, as ChromBPNet
FILTERS, DILATIONS = 32, (2, 4, 8, 16)  # ChromBPNet has 512 and 8 of them
BIAS_FILTERS, BIAS_DILATIONS = 8, (2, 4)  # ChromBPNet has 128 and 4 of them
EPOCHS, BIAS_EPOCHS = 30, 15
BATCH = 32
LEARNING_RATE = 4e-3
COUNTS_WEIGHT = 40.0  # of the squared error of log-counts, against the likelihood of the profile

# The preference of transposase Tn5 (Goryshin et al., PNAS 95:10716, 1998), a palindrome; a base
# that fits it makes a cut in its middle so many times as likely
PREFERENCE = "GNTYWRANC"
IUPAC = {"G": "G", "T": "T", "Y": "CT", "W": "AT", "R": "AG", "A": "A", "C": "C", "N": "ACGT"}
FACTOR = 1.7

Cuts = dict[str, NDArray[np.int64]]


def simulate_cuts(simulation: Simulation, seed: int) -> Cuts:
    """Draw the cuts at each base, from the demo's rates and the enzyme's preference."""
    rng = np.random.default_rng(seed)
    wanted = np.array([[base in IUPAC[letter] for base in "ACGT"] for letter in PREFERENCE])
    reach = len(PREFERENCE) // 2
    cuts = {}
    for chrom, codes in simulation.sequences.items():
        bases = np.pad(one_hot(codes[None], np.int64)[0], ((reach, reach), (0, 0)))
        fits = sum(
            (bases[at : at + len(codes)] * wanted[at]).sum(axis=1) for at in range(len(PREFERENCE))
        )
        likely = FACTOR ** np.asarray(fits, float)
        cuts[chrom] = rng.poisson(simulation.rates[chrom].sum(axis=1) * likely / likely.mean())
    return cuts


def build(name: str, outputs: str, filters: int, dilations: tuple[int, ...]) -> tf_keras.Model:
    """Build an untrained model: sequence (WINDOW, 4) -> profile's logits (OUTPUT) and counts."""
    sequence = layers.Input((WINDOW, 4), name="sequence")
    x = layers.Conv1D(filters, FIRST, activation="relu", name=f"{name}_1st_conv")(sequence)
    for number, dilation in enumerate(dilations, 1):
        step = layers.Conv1D(
            filters, 3, dilation_rate=dilation, activation="relu", name=f"{name}_{number}conv"
        )(x)
        x = layers.Cropping1D(dilation, name=f"{name}_{number}crop")(x)
        x = layers.Add(name=f"{name}_{number}add")([step, x])
    wide = layers.Conv1D(1, PROFILE, name=f"{name}_prof_out_precrop")(x)
    spare = (wide.shape[1] - OUTPUT) // 2
    cropped = layers.Cropping1D(spare, name=f"{name}_prof_out")(wide)
    profile = layers.Flatten(name=f"{outputs}logits_profile_predictions")(cropped)
    pooled = layers.GlobalAveragePooling1D(name=f"{name}_gap")(x)
    counts = layers.Dense(1, name=f"{outputs}logcount_predictions")(pooled)
    return tf_keras.Model(sequence, [profile, counts], name=name)


def join(bias: tf_keras.Model, without_bias: tf_keras.Model) -> tf_keras.Model:
    """Join both as ChromBPNet does: logits are added, counts are added before their logarithm."""
    sequence = layers.Input((WINDOW, 4), name="sequence")
    of_bias, of_dna = bias(sequence), without_bias(sequence)
    profile = layers.Add(name="logits_profile_predictions")([of_dna[0], of_bias[0]])
    both = layers.Concatenate(name="both_logcounts")([of_dna[1], of_bias[1]])
    counts = layers.Lambda(
        lambda x: tf.math.reduce_logsumexp(x, axis=-1, keepdims=True), name="logcount_predictions"
    )(both)
    return tf_keras.Model(sequence, [profile, counts], name="chrombpnet")


def examples(
    simulation: Simulation, cuts: Cuts, where: list[Place]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return windows, one-hot (N, WINDOW, 4), and the cuts (N, OUTPUT) of their central part."""
    codes, found = [], []
    for chrom, middle in where:
        start, first = middle - WINDOW // 2, middle - OUTPUT // 2
        codes.append(simulation.sequences[chrom][start : start + WINDOW])
        found.append(cuts[chrom][first : first + OUTPUT])
    return one_hot(np.stack(codes), np.float32), np.stack(found).astype(np.float32)


def log_counts(cuts: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log(1 + cuts), (N, 1), of cuts (N, OUTPUT)."""
    return np.log1p(cuts.sum(axis=1))[:, None]


def multinomial_nll(cuts: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the negative log-likelihood (N,) of where cuts fell, but for a constant."""
    return -tf.reduce_sum(cuts * tf.nn.log_softmax(logits), axis=1)


def moved(where: list[Place], rng: np.random.Generator) -> list[Place]:
    """Return the places, each moved a little at random."""
    shifts = rng.integers(-JITTER, JITTER + 1, len(where)).tolist()
    return [(chrom, at + shift) for (chrom, at), shift in zip(where, shifts, strict=True)]


def train(
    model: tf_keras.Model,
    draw: Callable[[], tuple[NDArray[np.float32], NDArray[np.float32]]],
    epochs: int,
    rng: np.random.Generator,
) -> None:
    """Train a model on windows that are drawn anew for each epoch, half of them turned over."""
    steps = epochs * -(-len(draw()[0]) // BATCH)
    schedule = tf_keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(
        tf_keras.optimizers.Adam(schedule, clipnorm=5.0),
        loss=[multinomial_nll, "mse"],
        loss_weights=[1.0, COUNTS_WEIGHT],
    )
    for epoch in range(epochs):
        x, cuts = draw()
        turned = rng.random(len(x)) < 0.5
        x[turned], cuts[turned] = x[turned, ::-1, ::-1], cuts[turned, ::-1]
        losses = model.fit(x, [cuts, log_counts(cuts)], batch_size=BATCH, verbose=0).history
        print(model.name, epoch + 1, round(losses["loss"][-1], 3), flush=True)


def make(simulation: Simulation, cuts: Cuts, seed: int) -> Iterator[tuple[str, tf_keras.Model]]:
    """Yield the file name and the model: the bias, both together, and without the bias."""
    tf.config.threading.set_intra_op_parallelism_threads(1)  # so that sums have one order
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf_keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    rng = np.random.default_rng(seed)
    peaks = call_peaks(simulation.reads)
    at_peaks, between = (
        [place for place in found if place[0] not in HELD_OUT]
        for found in places(simulation, peaks, WINDOW // 2 + JITTER)
    )
    between = between[:BACKGROUND_WINDOWS]

    bias = build("bias", "", BIAS_FILTERS, BIAS_DILATIONS)
    train(bias, lambda: examples(simulation, cuts, moved(between, rng)), BIAS_EPOCHS, rng)
    yield "bias.h5", bias

    bias.trainable = False
    without = build("wo_bias_bpnet", "wo_bias_bpnet_", FILTERS, DILATIONS)
    both = join(bias, without)
    everywhere = at_peaks + between
    train(both, lambda: examples(simulation, cuts, moved(everywhere, rng)), EPOCHS, rng)
    yield "chrombpnet.h5", both
    yield "chrombpnet_nobias.h5", without


def evaluate(model: tf_keras.Model, simulation: Simulation, cuts: Cuts) -> dict[str, float]:
    """Return the performance on the contig that was not trained on.

    Pearson's r of log-counts over peaks and places between, and the mean over peaks of that of
    the predicted shares and the cuts.
    """
    peaks = call_peaks(simulation.reads)
    at_peaks, between = (
        [place for place in found if place[0] in HELD_OUT]
        for found in places(simulation, peaks, WINDOW // 2)
    )
    x, observed = examples(simulation, cuts, at_peaks + between)
    logits, counts = model.predict(x, batch_size=BATCH, verbose=0)
    shares = tf.nn.softmax(logits).numpy()[: len(at_peaks)]
    pairs = zip(shares, observed, strict=False)
    return {
        "counts_r": round(float(np.corrcoef(counts[:, 0], log_counts(observed)[:, 0])[0, 1]), 3),
        "profile_r": round(float(np.mean([np.corrcoef(a, b)[0, 1] for a, b in pairs])), 3),
    }


def main() -> None:
    """Read the arguments and make the files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="OUTDIR", help="where to write the files")
    folder = parser.parse_args().folder
    simulation = simulate(fetch_motifs(), SEED)
    assert set(simulation.sequences) == set(CONTIGS)
    cuts = simulate_cuts(simulation, SEED)
    found: dict[str, Any] = {}
    for name, model in make(simulation, cuts, SEED):
        with atomic_path(folder / name) as temporary:
            # its name decides the format
            plain = temporary.with_suffix(".h5")
            model.save(plain, include_optimizer=False)
            plain.replace(temporary)
        found[name] = evaluate(model, simulation, cuts)
    with atomic_path(folder / "performance.json") as temporary:
        temporary.write_text(json.dumps(found, indent=2) + "\n", encoding="ascii")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
