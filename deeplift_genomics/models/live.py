"""Keras models in memory, as a notebook holds them after training."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.files.words import shortened
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.models.model import Model
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.models.training import check_calls

_PACKAGES = ("keras", "tf_keras")
_OF_FILES = ("allow_lambda", "lambdas", "custom_objects")


def is_path(model: Any) -> bool:
    """Return whether a model is given by its path."""
    return isinstance(model, str | os.PathLike)


def from_memory(model: Any, options: LoadOptions) -> Model:
    """Return the frozen form of a Keras model, or a `Model` as it is.

    Raises
    ------
    InputError
        If it is no model of Keras, or `options` are of files.
    ModelError
        As `from_keras`; or if it calls layers as in training, or Keras computes with another
        backend than TensorFlow.
    """
    if isinstance(model, Model):
        if options != LoadOptions():
            raise InputError(
                f"{model.name} is loaded already, so that options of loading come too late. Give "
                "them with its path, or with the Keras model."
            )
        return model
    if not _is_keras(model):
        raise InputError(
            f"The model is {shortened(repr(model), 80)}, a {type(model).__name__}; expected a path "
            "or a Keras model. Save a model of another kind as a SavedModel folder, and give its "
            "path."
        )
    if given := [name for name in _OF_FILES if getattr(options, name)]:
        raise InputError(
            f"{', '.join(given)} is for files: a model in memory has its layers and functions. "
            "Leave it out."
        )
    name = str(getattr(model, "name", "model"))
    _check_backend(name, model)
    check_calls(name, _configuration(model))
    return from_keras(model, name, options=options)


def _is_keras(model: Any) -> bool:
    """Return whether this is a model of Keras 3 or tf_keras; neither is imported."""
    return any(
        kind.__name__ == "Model" and kind.__module__.partition(".")[0] in _PACKAGES
        for kind in type(model).__mro__
    )


def _check_backend(name: str, model: Any) -> None:
    """Raise ModelError if the Keras that holds a model does not compute with TensorFlow."""
    keras = sys.modules.get("keras")
    of_keras = not any(kind.__module__.startswith("tf_keras") for kind in type(model).__mro__)
    if of_keras and keras is not None and keras.config.backend() != "tensorflow":
        raise ModelError(
            f"{name} is of a Keras that computes with {keras.config.backend()}; DeepLIFT works on "
            "the TensorFlow graph. Save it (model.save('model.keras')), start Python anew with "
            "KERAS_BACKEND=tensorflow, and load the file."
        )


def _configuration(model: Any) -> dict[str, Any]:
    """Return the configuration of a model's layers; empty if it has none."""
    try:
        found = json.loads(model.to_json())
    # a subclassed model, or the user's own layers, may raise anything
    except Exception:
        return {}
    return found if isinstance(found, dict) else {}
