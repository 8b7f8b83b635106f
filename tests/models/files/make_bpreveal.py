"""Make the files of BPReveal: a solo and a combined model; see README.md.

Usage: python3.12 make_bpreveal.py FOLDER
"""

import json
import sys

import keras
import numpy as np
from bpreveal import models, training

FOLDER = sys.argv[1]
HEADS = [
    {"head-name": "patchcap", "num-tasks": 2, "use-bias-counts": True},
    {"head-name": "sox2", "num-tasks": 1, "use-bias-counts": False},
]
SIZES = {"outputLength": 20, "numFilters": 4, "numLayers": 2, "inputFilterWidth": 7}
SIZES |= {"inputLength": 42, "outputFilterWidth": 5}


def main():
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, (2, SIZES["inputLength"]))
    expected = {"sequences": ["".join("ACGT"[code] for code in row) for row in codes]}
    solo = models.soloModel(**SIZES, headList=HEADS, modelName="solo")
    simple = {"name": "simple", "types": ["linear", "sigmoid"]}
    transformation = models.transformationModel(solo, simple, simple, HEADS)
    combined, _, _ = models.combinedModel(**SIZES, headList=HEADS, biasModel=transformation)
    made = {"solo": solo, "transformation": transformation, "combined": combined}
    for model in made.values():
        for variable in model.variables:
            variable.assign(rng.normal(size=variable.shape) * 0.4)
        weights = [{"profile-loss-weight": 1, "counts-loss-weight": 10, **head} for head in HEADS]
        losses, loss_weights = training.buildLosses(weights)
        model.compile(optimizer="adam", loss=losses, loss_weights=loss_weights)
    for name in ("solo", "combined"):  # which has the transformation inside
        model = made[name]
        model.save(f"{FOLDER}/{name}.keras")
        values = model.predict(np.eye(4)[codes], verbose=0)
        expected[f"{name}.keras"] = {
            head: value.astype(float).tolist() for head, value in zip(model.output_names, values)
        }
    with open(f"{FOLDER}/expected.json", "w") as file:
        json.dump(expected, file)


main()
