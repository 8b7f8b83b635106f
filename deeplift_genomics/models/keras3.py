"""What ``.h5`` files of Keras 3 need before Keras 3 reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def mend_layers(layers: Iterable[dict[str, Any]], custom: Mapping[str, Any]) -> None:
    """Give layers that Keras 3 misreads in ``.h5`` files the form that they have in ``.keras``.

    Keras leaves out an ``axis`` that is not one number, so that its default is taken, and replaces
    a text by a function of ``keras.layers`` with that name, as ``dot`` or ``add``.

    Parameters
    ----------
    layers
        The layers of the configuration; changed in place.
    custom
        Name of a class in the file -> the user's class.
    """
    from deeplift_genomics.graph.backend import keras

    for layer in layers:
        inner, kind = layer["config"], str(layer["class_name"])
        if "module" in layer or not isinstance(inner, dict):
            continue
        if not (_has_axes(inner) or any(_is_function(value) for value in inner.values())):
            continue
        given = kind in custom or keras.saving.get_registered_object(kind) is not None
        layer["module"] = None if given else "keras.layers"
        layer["registered_name"] = kind if given else None


def _has_axes(config: Mapping[str, Any]) -> bool:
    axis = config.get("axis")
    several = not isinstance(axis, list) or len(axis) != 1
    return axis is not None and several and not isinstance(axis, int | float)


def _is_function(value: Any) -> bool:
    from deeplift_genomics.graph.backend import keras

    found = getattr(keras.layers, value, None) if isinstance(value, str) else None
    return callable(found) and not isinstance(found, type)
