"""Make the files of CREsted's model zoo, small; see README.md.

Borzoi has layers of CREsted's own, so it is exported as a SavedModel.

Usage: python3.12 make_crested.py FOLDER
"""

import json
import sys

import keras
import numpy as np
from crested.tl import zoo

FOLDER = sys.argv[1]
LENGTH = 128


def peaks():
    """Return the models of regions: one value for each class."""
    yield (
        "dilated_cnn",
        zoo.dilated_cnn(LENGTH, 3, first_conv_filters=4, num_filters=4, n_dil_layers=3),
    )
    yield (
        "simple_convnet",
        zoo.simple_convnet(
            LENGTH, 3, num_conv_blocks=1, first_filters=4, filters=4, dense_size=4, bottleneck=2
        ),
    )
    yield "deeptopic_cnn", zoo.deeptopic_cnn(LENGTH, 3, filters=4, dense_out=4)
    yield "legnet", zoo.legnet(LENGTH, 3, stem_filters=4, tower_filters=(4, 6), pool_sizes=(4, 4))


def tracks():
    """Return a model of tracks, (bins, tracks)."""
    yield "borzoi", zoo.borzoi(
        LENGTH, 4, num_conv_blocks=2, num_transformer_blocks=1, num_transformer_heads=4,
        target_length=24, unet_connections=[1, 2], unet_filters=32, start_filters=32, filters=32,
        pointwise_filters=8,
    )  # fmt: skip


def draw(shape, rng):
    """Draw weights; of many, most are 0 and the others short, so that the archive is small."""
    values = rng.normal(size=shape) / np.sqrt(max(1, np.prod(shape[:-1])))
    share = min(1, 300 / values.size)
    if share < 1:
        values = np.round(values * (rng.random(shape) < share) / np.sqrt(share) * 64) / 64
    return values


def main():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (2, LENGTH))
    expected = {"sequences": ["".join("ACGT"[code] for code in row) for row in codes]}
    for name, model, exported in [*((*m, False) for m in peaks()), *((*m, True) for m in tracks())]:
        for variable in model.trainable_variables:
            if len(variable.shape) > 1:
                variable.assign(draw(variable.shape, rng))
            else:
                centre = 1 if "gamma" in variable.path else 0
                variable.assign(centre + rng.normal(size=variable.shape) * 0.2)
        file = name if exported else f"{name}.keras"
        if exported:
            model.export(f"{FOLDER}/{file}", verbose=False)
        else:
            model.save(f"{FOLDER}/{file}")
        values = model.predict(np.eye(4)[codes], verbose=0)
        values = values if isinstance(values, list) else [values]
        expected[file] = [value.astype(float).tolist() for value in values]
    with open(f"{FOLDER}/expected.json", "w") as file:
        json.dump(expected, file)


main()
