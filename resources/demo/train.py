"""The demo's model: a small BPNet with a profile head and a counts head, and its training.

The profile head gives logits over the reads' positions and strands together, the counts head
log(1 + reads); both for the central `OUTPUT` bp of a window of `WINDOW` bp.
"""

import io
import json
import os
import re
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from peaks import Peak, is_clear
from simulate import CONTIGS, Simulation
from tqdm import tqdm

from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.files.atomic import atomic_path

WINDOW = 500  # bp
OUTPUT = 400  # bp
HELD_OUT = ("chr4",)  # never trained on
FILTERS = 32
MOTIF_WIDTH = 21  # bp
DILATIONS = (2, 4, 8, 16)
PROFILE_WIDTH = 25  # bp
JITTER = 60  # bp that a training window may lie off its peak's summit
BACKGROUND_WINDOWS = 500
EPOCHS = 40
BATCH = 32
LEARNING_RATE = 4e-3
COUNTS_WEIGHT = 40.0  # of the squared error of log-counts, against the likelihood of the profile

# (chrom, middle of the window)
Place = tuple[str, int]


def build_model() -> keras.Model:
    """An untrained model: sequence (WINDOW, 4) -> profile (OUTPUT, 2) and counts (1,)."""
    sequence = keras.Input((WINDOW, 4), name="sequence")
    x = keras.layers.Conv1D(FILTERS, MOTIF_WIDTH, padding="same", activation="relu", name="motifs")(
        sequence
    )
    for dilation in DILATIONS:
        step = keras.layers.Conv1D(
            FILTERS,
            3,
            padding="same",
            dilation_rate=dilation,
            activation="relu",
            name=f"dilated_{dilation}",
        )(x)
        x = keras.layers.Add(name=f"residual_{dilation}")([x, step])
    spare = (WINDOW - OUTPUT - PROFILE_WIDTH + 1) // 2
    cropped = keras.layers.Cropping1D(spare, name="crop")(x)
    profile = keras.layers.Conv1D(2, PROFILE_WIDTH, padding="valid", name="profile")(cropped)
    pooled = keras.layers.GlobalAveragePooling1D(name="pool")(x)
    counts = keras.layers.Dense(1, name="counts")(pooled)
    return keras.Model(sequence, {"profile": profile, "counts": counts}, name="demo_bpnet")


def multinomial_nll(reads: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Negative log-likelihood (N,) of where reads (N, OUTPUT, 2) fell, given how many there are.

    Without the multinomial coefficient, which does not depend on the logits.
    """
    shape = (-1, OUTPUT * 2)
    log_share = tf.nn.log_softmax(tf.reshape(logits, shape))
    return -tf.reduce_sum(tf.reshape(reads, shape) * log_share, axis=1)


def places(simulation: Simulation, peaks: list[Peak], margin: int) -> tuple[list[Place], ...]:
    """Summits of all peaks that are `margin` bp from edges and Ns, and places far from any."""
    at_peaks = [(p.chrom, p.summit) for p in peaks if is_clear(p, simulation.sequences, margin)]
    between = []
    for chrom in CONTIGS:
        on_chrom = [peak for peak in peaks if peak.chrom == chrom]
        for left, right in pairwise(on_chrom):
            middle = (left.end + right.start) // 2
            place = Peak(chrom, middle, middle + 1, "", middle, 0, 0)
            far = right.start - left.end > 2 * margin
            if far and is_clear(place, simulation.sequences, margin):
                between.append((chrom, middle))
    return at_peaks, between


def examples(
    simulation: Simulation, where: list[Place]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Windows, one-hot (N, WINDOW, 4), and the reads (N, OUTPUT, 2) of their central part."""
    codes, reads = [], []
    for chrom, middle in where:
        start, first = middle - WINDOW // 2, middle - OUTPUT // 2
        codes.append(simulation.sequences[chrom][start : start + WINDOW])
        reads.append(simulation.reads[chrom][first : first + OUTPUT])
    return one_hot(np.stack(codes), np.float32), np.stack(reads).astype(np.float32)


def log_counts(reads: NDArray[np.float32]) -> NDArray[np.float32]:
    """log(1 + reads on both strands), (N, 1), of reads (N, OUTPUT, 2)."""
    return np.log1p(reads.sum(axis=(1, 2)))[:, None]


def train(simulation: Simulation, peaks: list[Peak], seed: int) -> keras.Model:
    """Train a model on the contigs that are not held out; windows are shifted and turned over."""
    tf.config.threading.set_intra_op_parallelism_threads(1)  # so that sums have one order
    tf.config.threading.set_inter_op_parallelism_threads(1)
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    rng = np.random.default_rng(seed)
    at_peaks, between = (
        [place for place in found if place[0] not in HELD_OUT]
        for found in places(simulation, peaks, WINDOW // 2 + JITTER)
    )
    where = at_peaks + between[:BACKGROUND_WINDOWS]
    steps = EPOCHS * -(-len(where) // BATCH)
    typical = float(np.mean(examples(simulation, where)[1].sum(axis=(1, 2))))
    model = build_model()
    model.compile(
        optimizer=keras.optimizers.Adam(
            keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps), clipnorm=5.0
        ),
        loss={"profile": multinomial_nll, "counts": "mse"},
        loss_weights={"profile": 1.0, "counts": COUNTS_WEIGHT},
    )
    _start_counts_at_mean(model, typical)
    progress = tqdm(range(EPOCHS), desc="train", unit="epoch", disable=None)
    for _ in progress:
        x, reads = _augmented(simulation, where, rng)
        y = {"profile": reads, "counts": log_counts(reads)}
        losses = model.fit(x, y, batch_size=BATCH, verbose=0).history
        progress.set_postfix({name: f"{values[-1]:.3f}" for name, values in losses.items()})
    return model


def _start_counts_at_mean(model: keras.Model, typical: float) -> None:
    layer = model.get_layer("counts")
    layer.bias.assign(np.full(1, np.log1p(typical), np.float32))


def _augmented(
    simulation: Simulation, where: list[Place], rng: np.random.Generator
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Examples at shifted places, half of them as reverse complements."""
    shifts = rng.integers(-JITTER, JITTER + 1, len(where)).tolist()
    x, reads = examples(
        simulation, [(chrom, at + shift) for (chrom, at), shift in zip(where, shifts, strict=True)]
    )
    turned = rng.random(len(where)) < 0.5
    x[turned] = x[turned, ::-1, ::-1]
    reads[turned] = reads[turned, ::-1, ::-1]
    return x, reads


def evaluate(model: keras.Model, simulation: Simulation, peaks: list[Peak]) -> dict[str, Any]:
    """Performance on the held-out contigs.

    Returns
    -------
    dict
        Numbers of windows; Pearson's r of log-counts over all windows and over peaks alone; mean
        over peaks of Pearson's r between predicted and observed profile, and, as the most that
        can be hoped for, between the rate that the reads were drawn from and what was drawn.
    """
    at_peaks, between = (
        [place for place in found if place[0] in HELD_OUT]
        for found in places(simulation, peaks, WINDOW // 2)
    )
    x, reads = examples(simulation, at_peaks + between)
    predicted = model.predict(x, batch_size=BATCH, verbose=0)
    observed = log_counts(reads)[:, 0]
    number = len(at_peaks)
    logits = predicted["profile"].reshape(len(x), -1)[:number]
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    rates = [simulation.rates[chrom][at - OUTPUT // 2 : at + OUTPUT // 2] for chrom, at in at_peaks]
    drawn = reads[:number].reshape(number, -1)
    return {
        "held_out": " ".join(HELD_OUT),
        "peaks": number,
        "background_windows": len(between),
        "parameters": model.count_params(),
        "counts_r": _pearson(predicted["counts"][:, 0], observed),
        "counts_r_peaks": _pearson(predicted["counts"][:number, 0], observed[:number]),
        "profile_r": _mean_pearson(shares, drawn),
        "profile_r_at_best": _mean_pearson(np.stack(rates).reshape(number, -1), drawn),
    }


def _pearson(a: NDArray, b: NDArray) -> float:
    return round(float(np.corrcoef(a, b)[0, 1]), 4)


def _mean_pearson(a: NDArray, b: NDArray) -> float:
    return round(float(np.mean([np.corrcoef(x, y)[0, 1] for x, y in zip(a, b, strict=True)])), 4)


def save_model(model: keras.Model, path: Path) -> None:
    """Save weights and layers without the optimizer; equal weights give equal bytes.

    Keras notes the date in the archive's metadata and addresses in memory as ids of objects that
    layers share, and zip notes a date for every member: all three are replaced.
    """
    plain = build_model()
    plain.set_weights(model.get_weights())
    with atomic_path(path) as temporary:
        plain.save(temporary)
        with zipfile.ZipFile(temporary) as archive:
            members = {name: archive.read(name) for name in sorted(archive.namelist())}
        metadata = json.loads(members["metadata.json"])
        metadata.pop("date_saved", None)
        members["metadata.json"] = json.dumps(metadata).encode()
        members["config.json"] = _number_shared_objects(members["config.json"].decode()).encode()
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, content in members.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
        temporary.write_bytes(packed.getvalue())


def _number_shared_objects(config: str) -> str:
    """Replace ids of shared objects by their order of appearance."""
    numbers: dict[str, int] = {}
    return re.sub(
        r'(?<="shared_object_id": )\d+',
        lambda found: str(numbers.setdefault(found.group(), len(numbers) + 1)),
        config,
    )
