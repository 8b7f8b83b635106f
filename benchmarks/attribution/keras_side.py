"""The networks in Keras: one with random weights, or any of their kind, as a list of layers.

Run as ``python -m benchmarks.attribution.keras_side FOLDER BUILDER`` or ``... FOLDER MODEL.h5``: it
writes to FOLDER the network, its weights and the outputs of its heads for the first window, and a
model that it builds.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.attribution.keras_models import BUILDERS, build
from benchmarks.attribution.network import Layer, Network
from deeplift_genomics.graph.backend import keras

WEIGHTED = ("Conv1D", "Dense", "MultiHeadAttention", "LayerNormalization")
PLAIN = (
    "Add",
    "Concatenate",
    "Cropping1D",
    "Flatten",
    "GlobalAveragePooling1D",
    "Logsumexp",
    "MaxPooling1D",
    "ReLU",
)


def describe(model: Any) -> tuple[Network, dict[str, np.ndarray]]:
    """Return the layers and weights of a Keras model."""
    found: list[Layer] = []
    arrays: dict[str, np.ndarray] = {}
    for layer in model.operations[1:]:
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        shape = layer.output.shape
        said: dict[str, Any] = {"length": shape[1] if len(shape) == 3 else 1, "channels": shape[-1]}
        kind = type(layer).__name__
        if kind not in (*WEIGHTED, *PLAIN):
            raise ValueError(f"{layer.name} is of the kind {kind}")
        if kind in WEIGHTED:
            arrays |= {f"{layer.name}/{w.path.split('/', 1)[1]}": w.numpy() for w in layer.weights}
            said |= {"weights": sum(w.numpy().size for w in layer.weights if w.ndim > 1)}
        said |= _sizes(kind, layer)
        names = tuple(item._keras_history.operation.name for item in inputs)
        found.append(Layer(layer.name, kind, names, **said))
    outputs = [(item._keras_history.operation.name, item.shape) for item in model.outputs]
    heads = {"profile" if np.prod(shape[1:]) > 16 else "counts": name for name, shape in outputs}
    if len(outputs) == 1:
        heads = {"task": outputs[0][0]}
    assert len(heads) == len(outputs)
    return Network(model.inputs[0].shape[1], model.operations[0].name, heads, found), arrays


def _sizes(kind: str, layer: Any) -> dict[str, Any]:
    """Return what a layer has beside its weights."""
    if kind in ("Conv1D", "Dense"):
        activation = keras.activations.serialize(layer.activation)
        if activation not in ("relu", "linear"):
            raise ValueError(f"{layer.name} has the activation {activation}")
        if kind == "Dense":
            return {"relu": activation == "relu"}
        sizes = {"kernel": layer.kernel_size[0], "dilation": layer.dilation_rate[0]}
        return {"relu": activation == "relu", "padding": layer.padding, **sizes}
    if kind == "Cropping1D":
        return {"crop": tuple(layer.cropping)}
    if kind == "MaxPooling1D":
        return {"pool": layer.pool_size[0]}
    if kind == "MultiHeadAttention":
        return {"attention": (layer.num_heads, layer.key_dim)}
    return {}


def main() -> None:
    """Write the files that the module's docstring lists."""
    folder, asked = Path(sys.argv[1]), sys.argv[2]
    if asked in BUILDERS:
        model = build(asked)
        model.save(folder / "model.keras")
    else:
        model = keras.models.load_model(asked, compile=False)
    network, arrays = describe(model)
    network.write(folder / "network.json")
    np.savez(folder / "weights.npz", **arrays)
    windows = np.load(folder / "sequences.npy")[:1].astype(np.float32)
    outputs = keras.Model(model.inputs, model.outputs)  # a model may name its outputs in a dict
    values = outputs.predict(windows, verbose=0)
    values = dict(
        zip(
            [item._keras_history.operation.name for item in model.outputs],
            values if isinstance(values, list) else [values],
            strict=True,
        )
    )
    np.savez(folder / "expected.npz", **{head: values[n] for head, n in network.heads.items()})


if __name__ == "__main__":
    main()
