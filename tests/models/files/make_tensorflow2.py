"""Make the files of TensorFlow 2.15 (Keras 2.15); see README.md.

Usage: python3.9 make_tensorflow2.py FOLDER
"""

import json
import sys

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

FOLDER = sys.argv[1]
LENGTH = 30


def functions():
    """Build a model that calls TensorFlow functions, with two inputs and two heads."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    control = layers.Input((1,), name="control_logcount")
    x = layers.Conv1D(3, 5, activation="relu", name="first")(x0)
    y = layers.Conv1D(3, 3, dilation_rate=2, padding="same", activation="relu", name="second")(x)
    x = layers.BatchNormalization(name="norm")(x + y)
    profile = layers.Conv1D(2, 3, name="head")(x)[:, 2:-2]
    profile = tf.reshape(profile, (-1, 40))
    profile = profile - tf.reduce_mean(profile, axis=-1, keepdims=True)
    profile = layers.Activation("linear", name="profile")(profile)
    own = layers.Dense(1, name="own")(tf.reduce_mean(x, axis=1))
    both = tf.concat([own * 0.5, control], axis=-1)
    counts = 1.5 - tf.math.reduce_logsumexp(both, axis=-1, keepdims=True)
    counts = layers.Activation("linear", name="counts")(counts)
    return keras.Model([x0, control], [profile, counts])


def nested():
    """Build a model with a Sequential model inside, and a Lambda layer."""
    x0 = layers.Input((LENGTH, 4), name="sequence")
    inner = keras.Sequential(
        [layers.Conv1D(2, 3, activation="relu", input_shape=(LENGTH, 4))], name="inner"
    )
    x = layers.Lambda(lambda x: tf.reduce_max(x, axis=1), name="best")(inner(x0))
    return keras.Model(x0, layers.Dense(3, activation="sigmoid", name="classes")(x))


def small():
    """Build a model of few operations, because a SavedModel is large."""
    x0 = layers.Input((LENGTH, 4), name="dna")
    control = layers.Input((1,), name="control")
    x = layers.GlobalAveragePooling1D()(layers.Conv1D(2, 3, activation="relu", name="motif")(x0))
    counts = layers.Dense(2, name="counts")(layers.Concatenate()([x, control]))
    classes = layers.Dense(3, activation="softmax", name="classes")(x)
    return keras.Model([control, x0], [counts, classes])


def main():
    rng = np.random.RandomState(0)
    codes = rng.randint(0, 4, (2, LENGTH))
    windows, control = np.eye(4)[codes], np.array([[0.5], [1.0]])
    expected = {"sequences": ["".join("ACGT"[code] for code in row) for row in codes]}
    for make, names in (
        (functions, ["functions.h5", "functions.keras"]),
        (nested, ["nested.h5", "nested.keras"]),
        (small, ["saved_model"]),
    ):
        model = make()
        model.set_weights([rng.uniform(0, 1, w.shape) - 0.3 for w in model.get_weights()])
        for layer in model.layers:
            if isinstance(layer, layers.BatchNormalization):
                layer.moving_variance.assign(layer.moving_variance + 1)
        for name in names:
            model.save(FOLDER + "/" + name)
        inputs = [control if "control" in item.name else windows for item in model.inputs]
        outputs = model.predict(inputs, verbose=0)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        for name in names:
            expected[name] = dict(zip(model.output_names, [item.tolist() for item in outputs]))
    with open(FOLDER + "/expected.json", "w") as handle:
        json.dump(expected, handle)


main()
