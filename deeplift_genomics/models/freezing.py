"""Keras models in memory, and signatures of SavedModels, frozen to graphs with known heads."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.models.heads import find_heads
from deeplift_genomics.models.inputs import Found, Inputs, find_inputs
from deeplift_genomics.models.model import Model
from deeplift_genomics.models.saved_model import inputs_of, layers_of

_EXPORT = (
    "In the Python that made it, call it once, and save it as a SavedModel folder: "
    "model.export('model') in Keras 3, model.save('model') in Keras 2."
)


def from_keras(model: Any, name: str = "model", model_digest: str = "") -> Model:
    """Freeze a model of Keras 3 or tf_keras that is in memory.

    Raises
    ------
    ModelError
        If its inputs are not as needed, or TensorFlow cannot trace it.
    """
    from deeplift_genomics.graph.backend import keras

    found, structure = _inputs_of(name, model)
    inputs = find_inputs(name, found)
    names: list[str] = []

    def call(*tensors: Any) -> list[Any]:
        taken = inputs.as_model_takes(tensors)
        outputs = model(keras.tree.pack_sequence_as(structure, taken), training=False)
        names[:] = _output_names(model, keras.tree.flatten_with_path(outputs))
        return keras.tree.flatten(outputs)

    frozen = _freeze(name, model_digest, inputs, call, names=names, layers=_layer_names(model))
    tf_keras = sys.modules.get("tf_keras")
    old = tf_keras is not None and isinstance(model, tf_keras.Model)
    return replace(frozen, library="tf_keras" if old else "keras")


def _inputs_of(name: str, model: Any) -> tuple[list[Found], Any]:
    """Return a model's inputs, and the structure in which it takes them.

    A subclassed model has no inputs; it knows the shapes for which its weights were made.
    """
    if getattr(model, "inputs", None) and getattr(model, "outputs", None):
        found = [Found(item.name, tuple(item.shape[1:]), item.dtype) for item in model.inputs]
        # a Sequential model that was loaded from a file has no `input`, only `inputs`
        return found, getattr(model, "input", model.inputs[0])
    recorded: dict[str, Any] = getattr(model, "get_build_config", dict)() or {}
    shapes = recorded.get("input_shape") or recorded.get("shapes_dict")
    if not shapes:
        raise ModelError(
            f"{name}: the inputs of the model are unknown, as those of a subclassed model that was "
            f"not called before it was saved. {_EXPORT}"
        )
    arguments = inspect.signature(model.call).parameters.values()
    needed = [
        item.name
        for item in arguments
        if item.default is item.empty and item.kind is item.POSITIONAL_OR_KEYWORD
    ]
    if len(needed) > 1:
        raise ModelError(
            f"{name}: it is called with {', '.join(needed)}, but its file tells the shape of "
            "the first only. In the Python that made it, save it within a functional model, as a "
            "SavedModel folder (model.save in Keras 2):\n"
            "  inputs = [keras.Input(SHAPE), ...]\n"
            "  keras.Model(inputs, model(*inputs)).export('model')"
        )
    if isinstance(shapes, dict):
        keys = sorted(shapes)  # the order in which Keras flattens a dict
        return [Found(key, tuple(shapes[key][1:]), "float32") for key in keys], dict.fromkeys(keys)
    if isinstance(shapes[0], int | None):
        return [Found(needed[0] if needed else "input", tuple(shapes[1:]), "float32")], None
    found = [Found(f"input_{i}", tuple(s[1:]), "float32") for i, s in enumerate(shapes)]
    return found, [None] * len(shapes)


def from_signature(signature: Any, path: Path, model_digest: str) -> Model:
    """Freeze a signature of the SavedModel folder `path`.

    Raises
    ------
    ModelError
        As `from_keras`.
    """
    inputs = find_inputs(path.name, inputs_of(path.name, signature))
    keys = sorted(signature.structured_outputs)
    names = _allowed(keys)

    def call(*tensors: Any) -> list[Any]:
        taken = inputs.as_model_takes(tensors)
        arguments = {item.name: t for item, t in zip(inputs.found, taken, strict=True)}
        outputs = signature(**arguments)
        return [outputs[key] for key in keys]

    model = _freeze(path.name, model_digest, inputs, call, names=names, layers=())
    operations = [node.name for node in model.frozen.definition.node]
    frozen = replace(model.frozen, layers=frozenset(layers_of(path, operations)))
    return replace(model, frozen=frozen, library="tensorflow")


def _freeze(
    name: str,
    model_digest: str,
    inputs: Inputs,
    call: Callable[..., Sequence[Any]],
    *,
    names: Sequence[str],
    layers: Iterable[str],
) -> Model:
    """Freeze a function of the inputs, and find the heads among its outputs."""
    from deeplift_genomics.graph.backend import tf
    from deeplift_genomics.graph.frozen import freeze

    specs = {
        item.name: tf.TensorSpec((None, *shape), tf.float32, name=f"input_{i}")
        for i, (item, shape) in enumerate(zip(inputs.found, inputs.taken, strict=True))
    }
    try:
        frozen = freeze(call, specs, names, layers)
    except ModelError:
        raise
    # the user's own functions are traced here, too, and may raise anything
    except Exception as error:
        raise ModelError(f"{name} cannot be traced by TensorFlow: {innermost(error)}.") from error
    heads = find_heads(frozen, names)
    return Model(name, model_digest, inputs.sequence, inputs.controls, heads, frozen, inputs.layout)


def _layer_names(model: Any) -> list[str]:
    """Return the names of all layers, including layers within layers."""
    inner = [name for layer in getattr(model, "layers", []) for name in _layer_names(layer)]
    return [layer.name for layer in getattr(model, "layers", [])] + inner


def _output_names(model: Any, outputs: list[tuple[tuple, Any]]) -> list[str]:
    """Return a name for each output: its key if outputs come as a dict, else its layer's name."""
    layers = getattr(model, "output_names", None) or [model.layers[-1].name]
    keyed = any(isinstance(key, str) for path, _ in outputs for key in path)
    if keyed or len(layers) != len(outputs):
        return _allowed(["/".join(map(str, path)) or "output" for path, _ in outputs])
    return _allowed(list(layers))


def _allowed(names: Sequence[str]) -> list[str]:
    """Return names that targets can contain.

    Characters that names of targets must not have become ``_``; repeated names get a number.
    """
    names = [re.sub(r"[\s:,\[\]]", "_", name) for name in names]
    repeated = {name for name in names if names.count(name) > 1}
    return [f"{name}_{i}" if name in repeated else name for i, name in enumerate(names)]
