"""Models and files that the tests of effects share."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from keras import layers

from deeplift_genomics.dna.sequence import encode, one_hot, reverse_complement
from deeplift_genomics.effects.inserts import Insert
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.motifs.names import MOTIFS
from deeplift_genomics.motifs.patterns import read_motifs
from deeplift_genomics.settings.motif_sections import Effects
from deeplift_genomics.windows.file import Windows, write_windows

FEW = Effects(backgrounds=20, scrambled=99, test_backgrounds=4)


def detector(length: int, found: Sequence[tuple[str, float]]) -> keras.Model:
    """Build a model whose counts add up what each motif does, and whose profile peaks at motifs."""
    x0 = layers.Input((length, 4), name="sequence")
    kernels = [
        one_hot(encode(text), "float32")
        for motif, _ in found
        for text in (motif, reverse_complement(motif))
    ]
    width = max(map(len, kernels))
    convolution = layers.Conv1D(len(kernels), width, padding="same", activation="relu")
    x = convolution(x0)
    padded = [np.pad(kernel, ((0, width - len(kernel)), (0, 0))) for kernel in kernels]
    biases = [2.0 - len(kernel) for kernel in kernels]  # 2 for a perfect match, 0 two bases off
    convolution.set_weights([np.stack(padded, axis=-1), np.array(biases)])
    profile = layers.Conv1D(2, 1, name="profile")
    profiles = profile(x)
    profile.set_weights([np.full((1, len(kernels), 2), 1.5), np.zeros(2)])
    counts = layers.Dense(1, name="counts")
    totals = counts(layers.GlobalMaxPooling1D()(x))
    effects = [effect / 2 for _, effect in found for _ in range(2)]
    counts.set_weights([np.array(effects)[:, None], np.zeros(1)])
    return keras.Model(x0, [profiles, totals])


def windows_file(path: Path, n: int, length: int, **controls: np.ndarray) -> Path:
    """Write random windows, with controls (n, ...) if there are any."""
    start = np.arange(n) * length
    windows = Windows(
        chrom=np.full(n, "chr1", object),
        start=start,
        end=start + length,
        summit=start + length // 2,
        name=np.full(n, ".", object),
        strand=np.full(n, ".", object),
        codes=np.random.default_rng(2).integers(0, 4, (n, length), dtype=np.int8),
        attributes={"window_length": length},
    )

    def add(file: object) -> None:
        for name, values in controls.items():
            file[f"controls/{name}"] = values  # type: ignore[index]
            file[f"controls/{name}"].attrs["input"] = name  # type: ignore[index]

    write_windows(path, windows, add)
    return path


def labels_file(path: Path, motifs: Path, *, target: str = "counts", turned: bool = False) -> Path:
    """Write a motif table in which every pattern is a motif of its own."""
    rows = [
        (f"M-{item.name}", target, item.name, item.sign, turned, 0, item.n_seqlets, item.consensus)
        + ("", "", "", None, "single", "")
        for item in read_motifs(motifs)
    ]
    write_table(path, MOTIFS, rows)
    return path


def motif(sequence: str, name: str = "pos_0", certain: float = 0.85) -> Insert:
    """Return an insert of this consensus, whose other bases are equally rare."""
    codes = encode(sequence)
    rare = np.full((len(codes), 4), (1 - certain) / 3)
    ppm = np.where(one_hot(codes).astype(bool), certain, rare)
    return Insert(name, name, np.where((codes == 4)[:, None], 0.25, ppm), codes)


def instances_file(path: Path, places: Sequence[tuple[str, int, int, str]]) -> Path:
    """Write a table of instances at these places: chrom, start, end, motif."""
    rows = [
        (*place, "pos_0", "+", 1.0, 1.0, 1.0, "A" * (place[2] - place[1]), ".", 0, "", "", None)
        for place in places
    ]
    write_table(path, INSTANCES, rows)
    return path
