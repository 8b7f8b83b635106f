"""Make the files of Keras 2.2.4; see README.md. Usage: python3.7 make_keras2.py FOLDER."""

import json
import sys

import keras
import numpy as np
import tensorflow as tf
from keras import layers
from keras.layers import Add, Concatenate, Conv1D, Cropping1D, Dense, Flatten, Input, Lambda

FOLDER = sys.argv[1]
LENGTH = 30


def branch(name, filters):
    """Build a nested model with a frozen part: weights are not saved in the order of layers."""
    x0 = Input((LENGTH, 4), name=name + "_sequence")
    x = Conv1D(filters, 5, activation="relu", name=name + "_first")(x0)
    y = Conv1D(filters, 3, dilation_rate=2, activation="relu", name=name + "_dilated")(x)
    x = Add(name=name + "_add")([Cropping1D(2, name=name + "_crop")(x), y])
    x = layers.BatchNormalization(name=name + "_norm")(x)
    profile = Flatten(name=name + "_profile")(Conv1D(1, 3, name=name + "_head")(x))
    pooled = layers.GlobalAveragePooling1D(name=name + "_pool")(x)
    counts = Dense(1, name=name + "_counts")(pooled)
    model = keras.Model(x0, [profile, counts], name=name)
    model.get_layer(name + "_first").trainable = False
    return model


def chrombpnet():
    """Join bias and accessibility: add profiles, and combine log-counts in a Lambda."""
    x0 = Input((LENGTH, 4), name="sequence")
    bias, accessibility = branch("bias", 2), branch("accessibility", 3)
    bias.trainable = False
    profiles, counts = zip(bias(x0), accessibility(x0))
    profile = Add(name="logits_profile_predictions")(list(profiles))
    both = Concatenate(name="both_counts")(list(counts))
    joined = Lambda(
        lambda x: tf.reduce_logsumexp(x, axis=-1, keepdims=True), name="logcount_predictions"
    )(both)
    return keras.Model(x0, [profile, joined])


def multinomial_nll(observed, logits):
    """Return a loss that Keras does not know."""
    return -tf.reduce_sum(tf.nn.log_softmax(logits) * observed)


def fill(model):
    rng = np.random.RandomState(0)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            fill(layer)
            continue
        values = [rng.uniform(-1, 1, weight.shape) for weight in layer.get_weights()]
        if layer.__class__.__name__ == "BatchNormalization":
            values[3] = values[3] + 1.5
        layer.set_weights(values)


def main():
    model = chrombpnet()
    fill(model)
    model.compile("adam", loss=[multinomial_nll, "mse"], loss_weights=[1, 2.5])
    model.save(FOLDER + "/chrombpnet.h5", include_optimizer=True)
    with open(FOLDER + "/chrombpnet.json", "w") as handle:
        handle.write(model.to_json())
    model.save_weights(FOLDER + "/chrombpnet_weights.h5")
    codes = np.random.RandomState(1).randint(0, 4, (2, LENGTH))
    outputs = [item.tolist() for item in model.predict(np.eye(4)[codes])]
    found = dict(zip(["logits_profile_predictions", "logcount_predictions"], outputs))
    expected = {
        "sequences": ["".join("ACGT"[code] for code in row) for row in codes],
        "chrombpnet.h5": found,
        "chrombpnet.json+chrombpnet_weights.h5": found,
    }
    with open(FOLDER + "/expected.json", "w") as handle:
        json.dump(expected, handle)


main()
