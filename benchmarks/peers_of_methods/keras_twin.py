"""The Keras model of a folder as Xplique takes it, and its twin with two axes of positions."""

from pathlib import Path

import keras
import numpy as np

from benchmarks.attribution.network import Layer, Network


def load(folder: Path) -> keras.Model:
    """Load the model with the sum of its log-counts as the only output, (N, 1)."""
    (path,) = folder.glob("model.*")
    stored = keras.models.load_model(path, compile=False)
    head = Network.read(folder / "network.json").heads["counts"]
    return keras.Model(stored.inputs[0], _total(stored.get_layer(head).output))


def in_two_dimensions(folder: Path) -> keras.Model:
    """Build the same network of sequences (N, L, 1, 4)."""
    network, weights = Network.read(folder / "network.json"), np.load(folder / "weights.npz")
    x0 = keras.Input((network.window_length, 1, 4))
    values = {network.sequence: x0}
    for layer in network.before(["counts"]):
        inputs = [values[name] for name in layer.inputs]
        made = _layer(layer)
        values[layer.name] = made(inputs if len(inputs) > 1 else inputs[0])
        if layer.kind in ("Conv1D", "Dense"):
            kernel, bias = (weights[f"{layer.name}/{what}"] for what in ("kernel", "bias"))
            made.set_weights([kernel[:, None] if layer.kind == "Conv1D" else kernel, bias])
    return keras.Model(x0, _total(values[network.heads["counts"]]))


def _layer(layer: Layer) -> keras.Layer:
    if layer.kind == "Conv1D":
        return keras.layers.Conv2D(
            layer.channels,
            (layer.kernel, 1),
            dilation_rate=(layer.dilation, 1),
            padding=layer.padding,
            activation="relu" if layer.relu else None,
            name=layer.name,
        )
    if layer.kind == "Dense":
        return keras.layers.Dense(layer.channels)
    pooled = keras.layers.GlobalAveragePooling2D
    return {"Add": keras.layers.Add, "GlobalAveragePooling1D": pooled}[layer.kind]()


def _total(counts: keras.KerasTensor) -> keras.KerasTensor:
    summed = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", trainable=False)
    return summed(counts)
