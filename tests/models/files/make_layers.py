"""Make the matrix of files: layer by layer, as TensorFlow 2.3 to 2.15 saves them; see README.md.

Usage: python make_layers.py FOLDER
"""

import json
import sys

import numpy as np
import tensorflow as tf

FOLDER = sys.argv[1]
LENGTH = 20
VERSION = tuple(int(part) for part in tf.__version__.split(".")[:2])
K = tf.keras.layers


@tf.keras.utils.register_keras_serializable("lab")
class ReLU(K.Layer):
    """A layer of the user's own, named like one of Keras."""

    def call(self, x):
        return tf.maximum(x, 0.3 * x)


def conv(x, **options):
    return K.MaxPooling1D(4)(K.Conv1D(4, 5, **options)(x))


def attention(x):
    y = conv(x)
    return K.Attention()([y, y])


def multihead(x):
    y = conv(x)
    return K.MultiHeadAttention(2, 3)(y, y)


def transformer(x):
    y = conv(x)
    y = K.LayerNormalization()(y + K.MultiHeadAttention(2, 3)(y, y))
    z = K.Dense(4)(K.Dense(6, activation=tf.nn.gelu)(y))
    return K.LayerNormalization(epsilon=1e-6)(K.Add()([y, z]))


def time_distributed(x):
    inner = tf.keras.Sequential([K.Conv1D(3, 3, input_shape=(5, 4)), K.GlobalMaxPooling1D()])
    return K.TimeDistributed(inner)(K.Reshape((4, 5, 4))(x))


def functions(x):
    y = K.Conv1D(4, 5)(x)[:, 2:-2]
    y = tf.nn.relu(y) * 2.0 - tf.reduce_mean(y, axis=1, keepdims=True)
    return tf.concat([y, tf.square(y)], axis=-1)


def siamese(x):
    inner = tf.keras.Sequential(
        [K.Conv1D(3, 5, activation="relu", input_shape=(LENGTH, 4)), K.GlobalMaxPooling1D()]
    )
    return K.Concatenate()([inner(x), inner(x[:, ::-1, ::-1])])


TWICE = lambda y: y * 2 + tf.reduce_max(y, axis=1, keepdims=True)  # noqa: E731
BODIES = {
    "separable": lambda x: K.SeparableConv1D(4, 5)(x),
    "depthwise": lambda x: K.DepthwiseConv2D((3, 1))(K.Reshape((LENGTH, 4, 1))(x)),
    "lstm": lambda x: K.LSTM(3, unroll=True)(conv(x)),
    "gru": lambda x: K.Bidirectional(K.GRU(2, unroll=True, return_sequences=True))(conv(x)),
    "attention": attention,
    "multihead": multihead,
    "transformer": transformer,
    "time_distributed": time_distributed,
    "thresholded": lambda x: K.ThresholdedReLU(0.1)(conv(x)),
    "locally": lambda x: K.LocallyConnected1D(2, 3)(conv(x)),
    "sync": lambda x: K.experimental.SyncBatchNormalization()(conv(x)),
    "exponential": lambda x: conv(x, activation=tf.exp),
    "functions": functions,
    "siamese": siamese,
    "repeated": lambda x: K.Conv1D(4, 3)(K.Conv1D(4, 3)(K.Conv1D(4, 3)(x))),
    "lambda": lambda x: K.Lambda(
        lambda y: y * 2 + tf.reduce_max(y, axis=1, keepdims=True), name="twice"
    )(conv(x)),
    "mixed": lambda x: conv(x, dtype=tf.keras.mixed_precision.Policy("mixed_float16")),
    "own": lambda x: ReLU(name="own")(K.Conv1D(4, 5)(x)),
    "norm_training": lambda x: K.BatchNormalization(name="norm")(conv(x), training=True),
    "dropout_training": lambda x: K.Dropout(0.5, name="drop")(conv(x), training=True),
}
if VERSION < (2, 4):  # functions are layers of another kind there
    BODIES = {name: BODIES[name] for name in ("functions", "siamese", "repeated")}
FOLDERS = ("transformer", "lstm")


def build(body):
    x0 = K.Input((LENGTH, 4), name="sequence")
    x = K.Flatten()(body(x0))
    return tf.keras.Model(x0, K.Dense(2, name="out", dtype="float32")(x))


def fill(model, rng):
    for weight in model.weights:
        values = rng.uniform(0, 1, weight.shape) - 0.4
        weight.assign(values + 1 if "variance" in weight.name else values)


def main():
    rng = np.random.RandomState(0)
    codes = rng.randint(0, 4, (2, LENGTH))
    expected = {"sequences": ["".join("ACGT"[code] for code in row) for row in codes]}
    for name, body in BODIES.items():
        tf.keras.backend.clear_session()
        model = build(body)
        fill(model, rng)
        values = model.predict(np.eye(4, dtype="float32")[codes]).tolist()
        # to 2.11, a .keras file is HDF5
        files = [name + ".keras"] if VERSION >= (2, 12) or name == "repeated" else []
        files.append(name + ".h5")
        if name in FOLDERS and not (name == "lstm" and VERSION == (2, 4)):  # its own error
            files.append(name)
        if name == "repeated" and VERSION >= (2, 12):
            files.append("again.keras")  # after .h5, whose form its layers keep
        for file in files:
            model.save(FOLDER + "/" + file)
            expected[file] = {"out": values}
    model = build(BODIES["repeated"])  # its weights alone
    fill(model, rng)
    with open(FOLDER + "/pair.json", "w") as handle:
        handle.write(model.to_json())
    pairs = ["pair.h5"] + (["pair.weights.h5"] if VERSION >= (2, 12) else [])
    values = model.predict(np.eye(4, dtype="float32")[codes]).tolist()
    for file in pairs:
        model.save_weights(FOLDER + "/" + file)
        expected["pair.json+" + file] = {"out": values}
    with open(FOLDER + "/expected.json", "w") as handle:
        json.dump(expected, handle)


main()
