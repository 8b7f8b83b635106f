"""Checks that each layer has its own weights.

Keras gives the arrays of an ``.h5`` file to layers by their order, not by name. If that order has
changed since the file was written, layers of equal shape would get each other's weights.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import h5py
import numpy as np

from deeplift_genomics.errors import ModelError

# layers whose kernel has a direction that depends on the backend; those Keras 2 did not convert
_TURNED = ("Conv1D", "Conv2D", "Conv3D", "Conv2DTranspose", "Conv3DTranspose")
_LEFT = ("SeparableConv1D", "SeparableConv2D", "DepthwiseConv2D", "ConvLSTM2D")


def check_hdf5(name: str, model: Any, path: Path) -> None:
    """Check that each layer has the arrays of its own name in an ``.h5`` file; else load by name.

    Raises
    ------
    ModelError
        If names do not tell to which layers arrays belong.
    """
    with h5py.File(path, "r") as file:
        group = file["model_weights"]
        saved = {layer: _names(group[layer], "weight_names") for layer in _names(group)}
    saved = {layer: arrays for layer, arrays in saved.items() if arrays}
    own = {layer.name: _arrays(layer) for layer in model.layers if layer.weights}
    if list(own) != list(saved):
        if set(own) != set(saved):
            raise _misplaced(name, f"layers {', '.join(saved)} in the file, {', '.join(own)} made")
        model.load_weights(path, by_name=True)
    for layer in model.layers:
        if not getattr(layer, "layers", None) or layer.name not in own:
            continue
        expected, found = (
            [_owner(array) for array in arrays] for arrays in (own[layer.name], saved[layer.name])
        )
        if expected != found and set(expected) == set(found):
            raise _misplaced(name, f"the weights within {layer.name} are in another order")


def _misplaced(name: str, why: str) -> ModelError:
    """Return the error for weights whose layers are not known."""
    return ModelError(
        f"{name} cannot be loaded: it is unclear which weights belong to which layer ({why}). "
        "In the Python that made it, save it as a SavedModel folder: "
        "tf.saved_model.save(model, 'model')."
    )


def _names(group: h5py.Group, attribute: str = "layer_names") -> list[str]:
    """Return a list of names; Keras splits long lists into numbered attributes."""
    parts = [attribute] if attribute in group.attrs else []
    while not parts or parts[0] != attribute:
        if f"{attribute}{len(parts)}" not in group.attrs:
            break
        parts.append(f"{attribute}{len(parts)}")
    found = [item for part in parts for item in group.attrs[part]]
    return [item.decode() if isinstance(item, bytes) else str(item) for item in found]


def _arrays(layer: Any) -> list[str]:
    """Return the paths of a layer's arrays in the order in which Keras 1 and 2 save them."""
    weights = [*layer.trainable_weights, *layer.non_trainable_weights]
    return [getattr(item, "path", item.name) for item in weights]


def _owner(array: str) -> str:
    """Return the layer in an array's path: ``model/conv/kernel`` or ``conv/kernel:0`` -> conv."""
    parts = array.split("/")
    return parts[-2] if len(parts) > 1 else array.rsplit("_", 1)[0]


def turn_kernels(name: str, model: Any) -> None:
    """Reverse convolution kernels: those of Theano run in the other direction.

    Raises
    ------
    ModelError
        If a layer computes something else with TensorFlow: a convolution that Keras 2 did not
        convert, or one with "same" padding, which Theano adds equally on both sides.
    """
    for layer in getattr(model, "layers", []):
        turn_kernels(name, layer)
        kind = type(layer).__name__
        sizes = np.atleast_1d(getattr(layer, "kernel_size", 1))
        odd = (sizes % 2 == 1).all() and np.max(getattr(layer, "strides", 1)) == 1
        same = getattr(layer, "padding", None) == "same" and not (kind in _TURNED and odd)
        if kind in _LEFT or same:
            raise ModelError(
                f"{name} was trained with Theano, and its layer {layer.name} ({kind}"
                f"{', same padding' if same else ''}) computes something else with TensorFlow."
            )
        if kind in _TURNED:
            kernel = np.asarray(layer.kernel)
            layer.kernel.assign(np.flip(kernel, axis=tuple(range(kernel.ndim - 2))))
