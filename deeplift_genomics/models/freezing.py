"""Keras models in memory, and signatures of SavedModels, frozen to graphs with known heads."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.models.find_inputs import Question, find_inputs
from deeplift_genomics.models.heads import find_heads
from deeplift_genomics.models.inputs import Inputs
from deeplift_genomics.models.keras_inputs import inputs_of_keras
from deeplift_genomics.models.model import COMPUTED, Input, Model
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.models.saved_model import flags_of, inputs_of, layers_of

log = logging.getLogger(__name__)

_NO_OPTIONS = LoadOptions()


def from_keras(
    model: Any, name: str = "model", model_digest: str = "", options: LoadOptions = _NO_OPTIONS
) -> Model:
    """Freeze a model of Keras 3 or tf_keras that is in memory.

    Of `options`, those on its inputs count.

    Raises
    ------
    ModelError, InputError
        If its inputs are not as needed, or TensorFlow cannot trace it.
    """
    from deeplift_genomics.graph.backend import keras

    found, structure = inputs_of_keras(name, model)
    package = _package_of(model)
    inputs = find_inputs(
        Question(
            name,
            found,
            options,
            # nothing but its own code can rebuild a subclassed model
            keras=package if getattr(model, "inputs", None) else "",
            structured=isinstance(structure, list | tuple | dict),
            heads=_heads_of_keras(model),
        )
    )
    names: list[str] = []

    def call(*tensors: Any) -> list[Any]:
        taken = inputs.as_model_takes(tensors)
        outputs = model(keras.tree.pack_sequence_as(structure, taken), training=False)
        names[:] = _output_names(model, keras.tree.flatten_with_path(outputs))
        return keras.tree.flatten(outputs)

    frozen = _freeze(name, model_digest, inputs, call, names=names, layers=_layer_names(model))
    return replace(frozen, library=package)


def from_signature(
    signature: Any, path: Path, model_digest: str, options: LoadOptions = _NO_OPTIONS
) -> Model:
    """Freeze a signature of the SavedModel folder `path`.

    Raises
    ------
    ModelError, InputError
        As `from_keras`.
    """
    keys, flags = sorted(signature.structured_outputs), flags_of(signature)
    names = _allowed(keys)
    shapes = [signature.structured_outputs[key].shape for key in keys]
    known = [(name, shape) for name, shape in zip(names, shapes, strict=True) if shape.rank]
    heads = [Input(name, tuple(shape[1:].as_list())) for name, shape in known]
    found = inputs_of(path.name, signature)
    inputs = find_inputs(Question(path.name, found, options, heads=heads))

    def call(*tensors: Any) -> list[Any]:
        taken = inputs.as_model_takes(tensors)
        arguments = {item.name: t for item, t in zip(inputs.found, taken, strict=True)}
        outputs = signature(**arguments, **flags)
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
        item.name: tf.TensorSpec((None, *item.shape), tf.float32, name=f"input_{i}")
        for i, item in inputs.taken.items()
    }
    try:
        frozen = freeze(call, specs, names, layers, sequence=inputs.sequence.name)
    except ModelError:
        raise
    # the user's own functions are traced here, too, and may raise anything
    except Exception as error:
        raise ModelError(
            f"{name} cannot be traced by TensorFlow with windows of {inputs.sequence.shape[0]} bp: "
            f"{innermost(error)}."
        ) from error
    if frozen.types != ("float32",):
        log.info("%s computes in %s; here it is %s", name, ", ".join(frozen.types), COMPUTED)
    heads = find_heads(frozen, names)
    return Model(
        name,
        model_digest,
        inputs.sequence,
        inputs.controls,
        heads,
        frozen,
        layout=inputs.layout,
        made=inputs.made,
    )


def _heads_of_keras(model: Any) -> list[Input]:
    """Return the outputs of a Keras model, as its layers tell them; none if they do not."""
    from deeplift_genomics.graph.backend import keras

    if not getattr(model, "inputs", None):
        return []
    output = getattr(model, "output", None)  # Sequential models of Keras 3 have a list alone
    outputs = keras.tree.flatten_with_path(model.outputs[0] if output is None else output)
    names = _output_names(model, outputs)
    return [
        Input(name, tuple(output.shape[1:]))
        for name, (_, output) in zip(names, outputs, strict=True)
    ]


def _package_of(model: Any) -> str:
    """Return the package that made a Keras model: keras, or tf_keras for Keras 2."""
    bases = {kind.__module__.partition(".")[0] for kind in type(model).__mro__}
    return "tf_keras" if "tf_keras" in bases else "keras"


def _layer_names(model: Any) -> list[str]:
    """Return the names of all layers, including layers within layers."""
    inner = [name for layer in getattr(model, "layers", []) for name in _layer_names(layer)]
    return [layer.name for layer in getattr(model, "layers", [])] + inner


def _output_names(model: Any, outputs: list[tuple[tuple, Any]]) -> list[str]:
    """Return a name for each output: its key if outputs come as a dict, else its layer's name.

    A subclassed model does not tell which layer gives its output, and names of its layers, which
    Keras counts, may be others when it is loaded again.
    """
    layers = getattr(model, "output_names", None) or []
    if not layers and getattr(model, "inputs", None):  # a Sequential one
        layers = [model.layers[-1].name]
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
