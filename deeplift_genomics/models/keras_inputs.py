"""The inputs of a Keras model, also of a subclassed one, whose file holds nothing but shapes."""

from __future__ import annotations

import inspect
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.inputs import Found


def inputs_of_keras(name: str, model: Any) -> tuple[list[Found], Any]:
    """Return a model's inputs, and the structure in which it takes them.

    A subclassed model has no inputs; it knows the shapes for which its weights were made.

    Raises
    ------
    ModelError
        If it knows no shapes, or not those of all its arguments.
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
            "not called before it was saved. In the Python that made it, call it once, and save it "
            "as a SavedModel folder: model.export('model') in Keras 3, model.save('model') in "
            "Keras 2."
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
