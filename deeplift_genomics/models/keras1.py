"""The translation of configurations of Keras 1 into those of Keras 2: names and arguments.

They are those of Keras 1.0 to 1.2 (its own documentation and source); layers that are not listed
here are refused by name. tf-keras itself turns the weights of Keras 1 into those of Keras 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
    "LeakyReLU": ("LeakyReLU", {"alpha": "alpha"}),
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


def has_convolutions(layer: Mapping[str, Any]) -> bool:
    """Tell whether a configuration has layers whose kernels have a direction."""
    return any("Convolution" in item["class_name"] for item in layers_of(layer))


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
