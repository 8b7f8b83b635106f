"""Models that tests of attribution share, and windows and references for them."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from deeplift_genomics.attribution.explain import Explainer
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.model import Model
from deeplift_genomics.settings.attribution_section import Attribution

LENGTH = 60


def sequences(n: int, r: int, length: int = LENGTH, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    windows = one_hot(rng.integers(0, 4, (n, length)), "float32")
    return windows, one_hot(rng.integers(0, 4, (n, r, length)), "float32")


def randomise(model: keras.Model, seed: int = 3) -> keras.Model:
    """Draw weights, biases and moving averages so large that every unit matters."""
    rng = np.random.default_rng(seed)
    for variable in model.variables:
        if variable.dtype.startswith("float"):
            scale = 1 / np.sqrt(np.prod(variable.shape[:-1])) if len(variable.shape) > 1 else 0.5
            values = rng.normal(size=variable.shape) * scale
            if "variance" in variable.name:
                values = np.abs(values) + 0.5
            variable.assign(values)
    return model


def bpnet(with_controls: bool = False) -> keras.Model:
    """Build a model of two heads, dilated residual layers with cropping, and optional controls."""
    keras.utils.set_random_seed(1)
    x0 = layers.Input((LENGTH, 4), name="sequence")
    x = layers.Conv1D(8, 7, activation="relu")(x0)
    for dilation in (2, 4):
        y = layers.Conv1D(8, 3, dilation_rate=dilation, activation="relu")(x)
        x = layers.Add()([layers.Cropping1D(dilation)(x), y])
    profile = layers.Conv1D(2, 5)(x)
    pooled = layers.GlobalAveragePooling1D()(x)
    inputs = [x0]
    if with_controls:
        control = layers.Input((profile.shape[1], 2), name="control_profile")
        logcount = layers.Input((1,), name="control_logcount")
        profile = layers.Conv1D(2, 1)(layers.Concatenate()([profile, control]))
        pooled = layers.Concatenate()([pooled, logcount])
        inputs = [logcount, x0, control]  # the sequence need not come first
    counts = layers.Dense(2, name="counts")(pooled)
    return randomise(keras.Model(inputs, [layers.Flatten(name="profile")(profile), counts]))


def classifier() -> keras.Model:
    """Build a model of all parts that plain classifiers have, with gates and batch norm."""
    x0 = layers.Input((LENGTH, 4), name="dna")
    x = layers.BatchNormalization()(layers.Conv1D(6, 5, padding="same")(x0))
    x = layers.Multiply()([layers.Activation("elu")(x), layers.Activation("sigmoid")(x)])
    x = layers.MaxPooling1D(3, strides=2)(x)
    x = layers.Conv1D(6, 3, activation="softplus", strides=2)(x)
    x = layers.Average()([layers.AveragePooling1D(2)(x), layers.MaxPooling1D(2)(x)])
    x = layers.Softmax()(layers.Conv1D(6, 3, activation="tanh")(x))
    pooled = [layers.GlobalMaxPooling1D()(x), layers.GlobalAveragePooling1D()(x)]
    x = layers.Concatenate()([*pooled, layers.Flatten()(x[:, 1:-1])])
    x = layers.Dense(5, activation="relu")(layers.Reshape((-1,))(x))
    return randomise(keras.Model(x0, layers.Dense(3, activation="softmax", name="classes")(x)))


def explainer(model: Model, targets: Sequence[str], n_references: int, **options: Any) -> Explainer:
    """Return an `Explainer` with the default settings, but for `options`."""
    defaults = Attribution()
    settings = {name: getattr(defaults, name) for name in ("rules", "tolerance", "float64")}
    return Explainer(model, targets, n_references, **(settings | options))
