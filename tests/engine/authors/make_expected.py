"""Make expected.npz with the authors' own code; see README.md. Runs on Python 3.7.

usage: python make_expected.py WEIGHTS.npz SEQUENCES.npz OUTPUT.npz
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
from deeplift.conversion import kerasapi_conversion
from deeplift.layers import NonlinearMxtsMode
from keras import layers

RULES = {
    "rescale": NonlinearMxtsMode.Rescale,
    "reveal_cancel": NonlinearMxtsMode.RevealCancel,
    "genomics_default": NonlinearMxtsMode.DeepLIFT_GenomicsDefault,
}


def build(weights):
    """Build the network of talgata.keras in Keras 2.2.4, with its weights."""
    model = keras.models.Sequential(
        [
            layers.Conv1D(50, 11, input_shape=(200, 4)),
            layers.Activation("relu"),
            layers.Conv1D(50, 11),
            layers.Activation("relu"),
            layers.AveragePooling1D(180),
            layers.Flatten(),
            layers.Dense(50),
            layers.Activation("relu"),
            layers.Dropout(0.5),
            layers.Dense(3),
            layers.Activation("sigmoid"),
        ]
    )
    for index, layer in enumerate(model.layers):
        values = [weights[key] for key in sorted(weights.files) if key.split("_")[0] == str(index)]
        layer.set_weights(values)
    model.compile("sgd", "mse")
    return model


def explain(path, mode, task, windows, references):
    """Return multipliers (N, R, 200, 4) of one task before its sigmoid."""
    model = kerasapi_conversion.convert_model_from_saved_files(
        path, nonlinear_mxts_mode=mode, verbose=False
    )
    function = model.get_target_multipliers_func(find_scores_layer_idx=0, target_layer_idx=-2)
    n, r = references.shape[:2]
    found = function(
        task_idx=task,
        input_data_list=[np.repeat(windows, r, axis=0)],
        input_references_list=[references.reshape(n * r, 200, 4)],
        batch_size=50,
        progress_update=None,
    )
    return np.array(found).reshape(references.shape)


def main(weights_path, sequences_path, output):
    given = np.load(sequences_path)
    windows = given["windows"].astype(float)
    model = build(np.load(weights_path))
    path = str(Path(tempfile.mkdtemp()) / "model.h5")
    model.save(path)
    flat = np.broadcast_to([0.3, 0.2, 0.2, 0.3], (len(windows), 1, 200, 4)).astype(float)
    kept = {}
    for kind, references in (("flat", flat), ("shuffled", given["shuffled"].astype(float))):
        for rule, mode in RULES.items():
            for task in range(3):
                m = explain(path, mode, task, windows, references)
                hypothetical = m - (references * m).sum(axis=-1, keepdims=True)
                name = f"{kind}/{rule}/{task}"
                kept[name] = hypothetical.mean(axis=1).astype(np.float32)
    kept["predictions"] = model.predict(windows)
    np.savez_compressed(output, **kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
