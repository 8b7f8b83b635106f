"""SavedModel folders: of Keras 2, of Keras 3's `export`, and of plain `tf.Module`.

A SavedModel has TensorFlow graphs and no Python code. A graph that could write files is refused.
The model is read from a signature, whose inputs and outputs have names.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.inputs import Found

log = logging.getLogger(__name__)

SERVING = "serving_default"

# not those that save a model's own variables, which are in every file
_OUTWARD = having("outward")

# scopes of function calls, which do not name a layer
_CALLS = ("PartitionedCall", "StatefulPartitionedCall")


def load_signature(path: Path) -> tuple[Any, Any]:
    """Load a SavedModel; return it, to be kept while its signature is used, and the signature.

    Raises
    ------
    ModelError
        If it is not a SavedModel, or has no signature, or several of which none is the usual one.
    """
    from deeplift_genomics.graph.backend import tf
    from deeplift_genomics.graph.definitions import saved_operations

    if not (path / "saved_model.pb").is_file():
        raise ModelError(
            f"{path} is a folder, but not a SavedModel: there is no saved_model.pb in it. Give a "
            "SavedModel folder, a .keras or .h5 file, or architecture.json+weights.h5."
        )
    try:
        found = saved_operations(path / "saved_model.pb") & _OUTWARD
        if found:
            raise ModelError(
                f"{path} has the operation {', '.join(sorted(found))}, which writes files or "
                "runs Python code; a model that predicts from sequence does not need it. It is "
                "not loaded. Save the model without it."
            )
        loaded = tf.saved_model.load(str(path))
    except ModelError:
        raise
    # a damaged folder can cause any error
    except Exception as error:
        raise ModelError(
            f"{path} cannot be loaded as a SavedModel: {innermost(error)}. Copy or save it again."
        ) from error
    signatures = dict(loaded.signatures)
    if SERVING in signatures:
        return loaded, signatures[SERVING]
    if len(signatures) == 1:
        return loaded, next(iter(signatures.values()))
    functions = {} if signatures else _functions(loaded)
    if len(functions) == 1:
        (name, function), *_ = functions.items()
        log.info("%s has no signature; its function %s is read", path, name)
        return loaded, _signature_of(function)
    raise ModelError(_no_signature(path, signatures, functions))


def _functions(loaded: Any) -> dict[str, Any]:
    """Return the functions of a SavedModel, and of its parts, that take one set of tensors.

    Models are published so that have no signature: as ``loaded.model.predict_on_batch``.
    """
    parts = {"": loaded}
    parts |= {f"{name}.": part for name, part in vars(loaded).items() if not name.startswith("_")}
    found = {}
    for prefix, part in parts.items():
        for name in dir(part):
            function = None if name.startswith("_") else getattr(part, name, None)
            if len(getattr(function, "concrete_functions", None) or ()) == 1:
                found[prefix + name] = function
    return found


def _signature_of(function: Any) -> Any:
    """Return a function of a SavedModel in the form of a signature: tensors in and out by name."""
    from deeplift_genomics.graph.backend import keras, tf

    positional, named = function.concrete_functions[0].structured_input_signature
    specs = [*positional, *named.values()]
    names = [f"{spec.name or 'input'}_{i}" for i, spec in enumerate(specs)]
    keys = dict(zip(names, [*range(len(positional)), *named], strict=True))

    def call(**tensors: Any) -> dict[str, Any]:
        given = {keys[name]: tensor for name, tensor in tensors.items()}
        outputs = function(
            *[given[i] for i in range(len(positional))], **{key: given[key] for key in named}
        )
        return {
            "_".join(map(str, place)) or "output": output
            for place, output in keras.tree.flatten_with_path(outputs)
        }

    named_specs = {
        name: tf.TensorSpec(spec.shape, spec.dtype, name)
        for name, spec in zip(names, specs, strict=True)
    }
    return tf.function(call).get_concrete_function(**named_specs)


def _no_signature(path: Path, signatures: Iterable[str], functions: Iterable[str]) -> str:
    """Return the message for a SavedModel of which it is unclear what predicts."""
    listed = ", ".join(sorted(signatures)) or "none"
    others = ", ".join(sorted(functions)) or "none"
    return (
        f"{path}: no signature is called {SERVING}, and there is not just one; there are: "
        f"{listed}. Functions in it: {others}. Save it again with the one that predicts:\n"
        f"  model = tf.saved_model.load({str(path)!r})\n"
        "  call = tf.function(lambda sequence: model.FUNCTION(sequence))\n"
        "  spec = tf.TensorSpec((None, LENGTH, 4), tf.float32, 'sequence')\n"
        f"  tf.saved_model.save(model, 'model', "
        f"signatures={{'{SERVING}': call.get_concrete_function(spec)}})"
    )


def inputs_of(name: str, signature: Any) -> list[Found]:
    """Return the inputs of a signature but for its `flags_of`, without the batch axis.

    Raises
    ------
    ModelError
        If an input has no batch axis, or one of fixed size.
    """
    found, flags = [], flags_of(signature)
    for key, spec in signature.structured_input_signature[1].items():
        shape = spec.shape
        if key in flags:
            continue
        if shape.rank is None or shape.rank == 0 or shape[0] is not None:
            raise ModelError(
                f"{name}: input {key} of its signature has the shape {shape}. Save the model so "
                "that the first axis is that of the windows, of open size (None)."
            )
        found.append(Found(key, tuple(shape[1:].as_list()), spec.dtype))
    return found


def flags_of(signature: Any) -> dict[str, Any]:
    """Return the inputs of a signature that say whether the model trains, as it does not here."""
    from deeplift_genomics.graph.backend import tf

    return {
        key: tf.constant(False)
        for key, spec in signature.structured_input_signature[1].items()
        if spec.dtype == tf.bool
        and spec.shape.rank == 0
        and any(word in key.lower() for word in ("train", "learning_phase"))
    }


def layers_of(path: Path, operations: Sequence[str]) -> list[str]:
    """Return the names of the layers of the frozen graph's operations.

    Keras 2 lists its layers in a separate file. Otherwise the names of the operations tell: a layer
    is the second scope in ``model/layer/operation``, or the only one.
    """
    metadata = path / "keras_metadata.pb"
    if metadata.is_file():
        text = metadata.read_bytes().decode("utf-8", "replace")
        return sorted(set(re.findall(r'\{"name": "([^"]+)", "trainable"', text)))
    found = set()
    for name in operations:
        scopes = [scope for scope in name.split("/")[:-1] if scope not in _CALLS]
        if scopes and scopes[0] != "Func":
            found.add(scopes[min(1, len(scopes) - 1)])
    return sorted(found)
