"""The translation of files of Keras 1 into the form of Keras 2: names of layers and arguments.

Names and shapes of weights are those of Keras 1.0 to 1.2 (its own documentation and source); layers
that are not listed here are refused by name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.lambda_layers import layers_of, name_of

_COMMON = ("name", "trainable", "batch_input_shape", "activation")
_PADDING = {"border_mode": "padding"}
_POOLING = {"pool_length": "pool_size", "stride": "strides", **_PADDING}
_POOLING_2D = {"pool_size": "pool_size", "strides": "strides", **_PADDING}
_CONVOLUTION = {
    "nb_filter": "filters", "filter_length": "kernel_size", "subsample_length": "strides",
    "bias": "use_bias", "atrous_rate": "dilation_rate", **_PADDING,
}  # fmt: skip
_CONVOLUTION_2D = {
    "nb_filter": "filters", "subsample": "strides", "bias": "use_bias",
    "atrous_rate": "dilation_rate", **_PADDING,
}  # fmt: skip

# class of Keras 1 -> class of Keras 2, and the arguments that matter when the model is used
_LAYERS: dict[str, tuple[str, dict[str, str]]] = {
    "Activation": ("Activation", {}),
    "AtrousConvolution1D": ("Conv1D", _CONVOLUTION),
    "AtrousConvolution2D": ("Conv2D", _CONVOLUTION_2D),
    "AveragePooling1D": ("AveragePooling1D", _POOLING),
    "AveragePooling2D": ("AveragePooling2D", _POOLING_2D),
    "BatchNormalization": ("BatchNormalization", {"axis": "axis", "epsilon": "epsilon"}),
    "Convolution1D": ("Conv1D", _CONVOLUTION),
    "Convolution2D": ("Conv2D", _CONVOLUTION_2D),
    "Cropping1D": ("Cropping1D", {"cropping": "cropping"}),
    "Dense": ("Dense", {"output_dim": "units", "bias": "use_bias"}),
    "Dropout": ("Dropout", {"p": "rate"}),
    "ELU": ("ELU", {"alpha": "alpha"}),
    "Flatten": ("Flatten", {}),
    "GaussianDropout": ("GaussianDropout", {"p": "rate"}),
    "GaussianNoise": ("GaussianNoise", {"sigma": "stddev"}),
    "GlobalAveragePooling1D": ("GlobalAveragePooling1D", {}),
    "GlobalAveragePooling2D": ("GlobalAveragePooling2D", {}),
    "GlobalMaxPooling1D": ("GlobalMaxPooling1D", {}),
    "GlobalMaxPooling2D": ("GlobalMaxPooling2D", {}),
    "InputLayer": ("InputLayer", {}),
    "LeakyReLU": ("LeakyReLU", {"alpha": "negative_slope"}),
    "MaxPooling1D": ("MaxPooling1D", _POOLING),
    "MaxPooling2D": ("MaxPooling2D", _POOLING_2D),
    "PReLU": ("PReLU", {"shared_axes": "shared_axes"}),
    "Permute": ("Permute", {"dims": "dims"}),
    "Reshape": ("Reshape", {"target_shape": "target_shape"}),
    "UpSampling1D": ("UpSampling1D", {"length": "size"}),
    "ZeroPadding1D": ("ZeroPadding1D", {"padding": "padding"}),
}
_MERGES = {
    "sum": "Add",
    "mul": "Multiply",
    "ave": "Average",
    "max": "Maximum",
    "concat": "Concatenate",
}
_ORDERS = {"tf": "channels_last", "th": "channels_first"}
_CONVOLUTIONS = ("Conv1D", "Conv2D")


def is_keras1(config: Mapping[str, Any], version: str | None) -> bool:
    """Tell whether a configuration is of Keras 1; files from before 1.2 have no version."""
    return version.startswith("1.") if version else "W_regularizer" in str(config)


def translate(file: str, layer: dict[str, Any]) -> None:
    """Change a model's configuration of Keras 1, and those within it, into that of Keras 2.

    Raises
    ------
    ModelError
        If it has a layer that cannot be translated.
    """
    inner = layer["config"]
    if layer["class_name"] in ("Sequential", "Model"):
        if isinstance(inner, list):
            inner = layer["config"] = {"name": layer.get("name", "sequential"), "layers": inner}
        for item in inner["layers"]:
            translate(file, item)
    elif layer["class_name"] == "Merge" and inner.get("mode") in _MERGES:
        layer["class_name"] = _MERGES[inner["mode"]]
        axis = {"axis": inner["concat_axis"]} if inner["mode"] == "concat" else {}
        layer["config"] = {"name": inner["name"], **axis}
    elif layer["class_name"] in _LAYERS and inner.get("mode", 0) == 0:
        layer["class_name"], layer["config"] = _translated(layer["class_name"], inner)
    elif layer["class_name"] != "Lambda":
        raise ModelError(
            f"{file} is of Keras 1, whose layer {layer['class_name']} (here {name_of(layer)!r}) "
            "cannot be translated. Load it with Keras 2.2.4 and save it again."
        )


def _translated(kind: str, inner: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Return the class and the arguments of a layer in Keras 2."""
    new_kind, renamed = _LAYERS[kind]
    arguments = {key: inner[key] for key in _COMMON if key in inner}
    arguments |= {new: inner[old] for old, new in renamed.items() if old in inner}
    if "nb_row" in inner:
        arguments["kernel_size"] = [inner["nb_row"], inner["nb_col"]]
    if "dim_ordering" in inner:
        arguments["data_format"] = _ORDERS[inner["dim_ordering"]]
    elif new_kind == "Conv1D":
        arguments["data_format"] = "channels_last"
    return new_kind, arguments


def convolutions(config: Any) -> dict[str, dict[str, Any]]:
    """Return name -> configuration of every translated convolution."""
    return {
        name_of(layer): layer for layer in layers_of(config) if layer["class_name"] in _CONVOLUTIONS
    }


def translate_weights(group: h5py.Group, layers: Mapping[str, dict[str, Any]]) -> None:
    """Reorder the kernels of the convolutions in `layers`, in an open file, for Keras 2."""
    found: list[str] = []
    group.visit(lambda name: found.append(name) if name.endswith("_W") else None)
    for name in found:
        layer = layers.get(name.rsplit("/", 1)[-1].removesuffix("_W"))
        if layer is not None:
            values = _kernel(group[name][()], layer["class_name"], layer["config"])
            del group[name]
            group[name] = values


def _kernel(values: NDArray, kind: str, arguments: Mapping[str, Any]) -> NDArray:
    """Return a kernel of Keras 1 as (length, in, out) or (row, column, in, out).

    Keras 1.0 stored (out, in, length, 1), later versions (length, 1, in, out); in two dimensions
    it is (out, in, row, column) if channels come first.
    """
    if kind == "Conv2D":
        last = arguments["data_format"] == "channels_last"
        return values if last else np.transpose(values, (2, 3, 1, 0))
    expected = (arguments["kernel_size"], 1, arguments["filters"])
    if (*values.shape[:2], values.shape[3]) != expected:
        values = np.transpose(values, (2, 3, 1, 0))
    return values[:, 0]
