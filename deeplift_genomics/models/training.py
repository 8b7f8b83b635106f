"""Layers that a model calls as in training, whose output is no function of one window.

BatchNormalization then uses the means of the batch, and Dropout draws random numbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.lambda_layers import layers_of, name_of

_MIXING = ("BatchNormalization", "SyncBatchNormalization")
_RATES = ("dropout", "recurrent_dropout", "rate", "stddev")


def check_calls(file: str, config: Mapping[str, Any]) -> None:
    """Check that no layer is called with ``training=True`` to which that makes a difference.

    Raises
    ------
    ModelError
        If there is one; all are named.
    """
    found = []
    for layer in layers_of(config):
        if _called_in_training(layer.get("inbound_nodes")):
            found += [
                f"{name_of(inner)} ({inner['class_name']}) {what}"
                for inner in layers_of(layer)
                if (what := _difference(inner))
            ]
    if found:
        raise ModelError(
            f"{file} calls layers with training=True, so that a window has no output of its own: "
            f"{'; '.join(dict.fromkeys(found))}. Where the model is built, leave training=True "
            "out, give the new model the same weights (new.set_weights(model.get_weights())), and "
            "save it again."
        )


def _called_in_training(nodes: Any) -> bool:
    """Tell whether one of a layer's calls has the argument ``training=True``."""
    return any(arguments.get("training") in (True, 1) for arguments in _arguments(nodes))


def _arguments(nodes: Any) -> Iterator[Mapping[str, Any]]:
    """Yield all dicts of arguments in a layer's calls, of Keras 2 and 3."""
    if isinstance(nodes, dict):
        yield nodes
    for item in nodes.values() if isinstance(nodes, dict) else nodes or ():
        if isinstance(item, dict | list):
            yield from _arguments(item)


def _difference(layer: Mapping[str, Any]) -> str:
    """Return what a layer does in training that it does not do otherwise; empty if nothing."""
    kind, inner = layer["class_name"], layer["config"]
    if not isinstance(inner, dict):
        return ""
    if kind in _MIXING:
        return "mixes the windows of a batch" if inner.get("trainable", True) else ""
    rates = [inner.get(key) for key in _RATES]
    return "draws random numbers" if any(isinstance(r, int | float) and r for r in rates) else ""
