"""The networks in Keras: the yardstick, and any model of its kind as a list of layers.

Run as ``python -m benchmarks.attribution.keras_side FOLDER [MODEL]``: it writes to FOLDER the
network, its weights and the outputs of its heads for the first window. Without MODEL it makes the
yardstick.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.attribution.network import Layer, Network
from deeplift_genomics.graph.backend import keras


def yardstick() -> Any:
    """Build a random BPNet of 2,114 bp: 64 filters, 8 dilated residual layers, valid padding."""
    layers = keras.layers
    keras.utils.set_random_seed(0)
    some = {"bias_initializer": keras.initializers.RandomNormal(stddev=0.05, seed=1)}
    conv = {"padding": "valid", "activation": "relu", **some}
    sequence = x = keras.Input((2114, 4), name="sequence")
    x = layers.Conv1D(64, 21, name="first", **conv)(x)
    for i in range(1, 9):
        y = layers.Conv1D(64, 3, dilation_rate=2**i, name=f"dilated_{i}", **conv)(x)
        x = layers.add([y, layers.Cropping1D((x.shape[1] - y.shape[1]) // 2)(x)])
    profile = layers.Conv1D(1, 75, padding="valid", name="profile_convolution", **some)(x)
    profile = layers.Flatten(name="profile")(profile)
    assert profile.shape == (None, 1000)
    counts = layers.Dense(1, name="counts", **some)(layers.GlobalAveragePooling1D()(x))
    return keras.Model(sequence, [profile, counts])


def describe(model: Any) -> tuple[Network, dict[str, np.ndarray]]:
    """Return the layers and weights of a Keras model."""
    found: list[Layer] = []
    arrays: dict[str, np.ndarray] = {}
    for layer in model.layers[1:]:
        inputs = layer.input if isinstance(layer.input, list) else [layer.input]
        shape = layer.output.shape
        said: dict[str, Any] = {"length": shape[1] if len(shape) == 3 else 1, "channels": shape[-1]}
        kind = type(layer).__name__
        if kind in ("Conv1D", "Dense"):
            activation = keras.activations.serialize(layer.activation)
            if activation not in ("relu", "linear"):
                raise ValueError(f"{layer.name} has the activation {activation}")
            kernel, bias = layer.get_weights()
            arrays |= {f"{layer.name}/kernel": kernel, f"{layer.name}/bias": bias}
            said |= {"relu": activation == "relu", "weights": kernel.size}
        if kind == "Conv1D":
            said |= {"kernel": layer.kernel_size[0], "dilation": layer.dilation_rate[0]}
            said |= {"padding": layer.padding}
        elif kind == "Cropping1D":
            said |= {"crop": tuple(layer.cropping)}
        elif kind not in ("Dense", "Add", "GlobalAveragePooling1D", "Flatten"):
            raise ValueError(f"layer {layer.name} is a {kind}, which the twin does not know")
        names = tuple(item._keras_history.operation.name for item in inputs)
        found.append(Layer(layer.name, kind, names, **said))
    outputs = [(item._keras_history.operation.name, item.shape) for item in model.outputs]
    heads = {"profile" if np.prod(shape[1:]) > 16 else "counts": name for name, shape in outputs}
    assert len(heads) == 2
    return Network(model.inputs[0].shape[1], model.layers[0].name, heads, found), arrays


def main() -> None:
    """Write the files that the module's docstring lists."""
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        model = keras.models.load_model(sys.argv[2], compile=False)
    else:
        model = yardstick()
        model.save(folder / "model.keras")
    network, arrays = describe(model)
    network.write(folder / "network.json")
    np.savez(folder / "weights.npz", **arrays)
    windows = np.load(folder / "sequences.npy")[:1].astype(np.float32)
    names = [item._keras_history.operation.name for item in model.outputs]
    listed = keras.Model(model.inputs, model.outputs)  # a model may name its outputs in a dict
    values = dict(zip(names, listed.predict(windows, verbose=0), strict=True))
    np.savez(folder / "expected.npz", **{head: values[n] for head, n in network.heads.items()})


if __name__ == "__main__":
    main()
