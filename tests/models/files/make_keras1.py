"""Make the files of Keras 1.2.2 on Theano; see README.md. Usage: python3.7 make_keras1.py FOLDER.

Their `backend` is not recorded: tests write it into a copy.
"""

import json
import os
import sys

os.environ["KERAS_BACKEND"] = "theano"
os.environ["THEANO_FLAGS"] = "cxx=,optimizer=None,device=cpu"
import numpy as np
import theano.ifelse  # noqa: F401  (Keras 1 uses it without importing it)
from keras import layers
from keras.models import Model, Sequential

FOLDER = sys.argv[1]
LENGTH = 30


def sequential():
    return Sequential(
        [
            layers.Convolution1D(3, 5, activation="relu", input_shape=(LENGTH, 4)),
            layers.BatchNormalization(),
            layers.Convolution1D(4, 3, subsample_length=2, bias=False),
            layers.Activation("relu"),
            layers.MaxPooling1D(pool_length=4, stride=2),
            layers.Dropout(0.2),
            layers.Flatten(),
            layers.Dense(5, activation="relu", W_regularizer="l2"),
            layers.Dense(2, activation="sigmoid", name="classes"),
        ]
    )


def merged():
    x0 = layers.Input((LENGTH, 4), name="dna")
    first, second = (
        layers.Convolution1D(3, 5, border_mode="same", name=name)(x0) for name in ("one", "two")
    )
    total = layers.merge([first, second], mode="sum", name="total")
    x = layers.merge([first, total], mode="concat", concat_axis=-1)
    x = layers.GlobalMaxPooling1D()(x)
    heads = [layers.Dense(1, name="a_counts")(x), layers.Dense(2, name="b_counts")(x)]
    return Model(input=x0, output=heads)


def main():
    rng = np.random.RandomState(0)
    codes = rng.randint(0, 4, (2, LENGTH))
    expected = {"sequences": ["".join("ACGT"[code] for code in row) for row in codes]}
    for name, make, heads in (
        ("sequential.h5", sequential, ["classes"]),
        ("merged.h5", merged, ["a_counts", "b_counts"]),
    ):
        model = make()
        model.set_weights([rng.uniform(0, 1, w.shape) - 0.3 for w in model.get_weights()])
        for layer in model.layers:
            if isinstance(layer, layers.BatchNormalization):
                values = layer.get_weights()
                layer.set_weights([*values[:3], values[3] + 1])
        model.save(FOLDER + "/" + name)
        outputs = model.predict(np.eye(4)[codes])
        outputs = outputs if isinstance(outputs, list) else [outputs]
        expected[name] = dict(zip(heads, [item.tolist() for item in outputs]))
    with open(FOLDER + "/expected.json", "w") as handle:
        json.dump(expected, handle)


main()
