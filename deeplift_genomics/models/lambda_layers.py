"""Lambda layers, which are found in a model's configuration before any of its code runs.

A Lambda layer holds a Python function as bytecode. The bytecode runs only if the user allows it,
and never if the user names another function to replace it.
"""

from __future__ import annotations

import base64
import binascii
import dis
import marshal
import types
from collections.abc import Iterator, Mapping
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.functions import find_function

_SHIPPED = "deeplift_genomics.lambdas:logsumexp"


def layers_of(config: Any) -> Iterator[dict[str, Any]]:
    """Yield every layer in a model's configuration, including those of models within it."""
    if isinstance(config, dict):
        if "class_name" in config and "config" in config:
            yield config
        for value in config.values():
            yield from layers_of(value)
    elif isinstance(config, list):
        for item in config:
            yield from layers_of(item)


def name_of(layer: Mapping[str, Any]) -> str:
    """Return a layer's name."""
    inner = layer["config"]
    named = inner.get("name") if isinstance(inner, dict) else None
    return str(named or layer.get("name") or layer["class_name"])


def fill_lambdas(
    file: str,
    config: dict[str, Any],
    *,
    allow: bool,
    given: Mapping[str, str],
    known: Mapping[str, Any],
    library: Any,
    archive: bool,
) -> dict[str, Any]:
    """Replace the code of Lambda layers by references to functions.

    Parameters
    ----------
    file
        For messages.
    config
        The model's configuration, which is changed in place.
    allow
        Whether code from the file may be run.
    given
        Layer -> ``module:function``, which replaces the layer's own.
    known
        Functions that the user supplies: a Lambda that only refers to one has no code.
    library
        The package that will load the model, keras or tf_keras.
    archive
        True for the form of a ``.keras`` file, False for that of ``.h5``.

    Returns
    -------
    dict
        Name in the configuration -> function, for Keras's custom objects.

    Raises
    ------
    ModelError
        If code from the file would have to run and must not, or cannot; if a layer in `given` does
        not exist.
    """
    found = [layer for layer in layers_of(config) if layer["class_name"] == "Lambda"]
    names = list(dict.fromkeys(map(name_of, found)))
    check_given(file, names, given)
    harmless = {name_of(layer) for layer in found if _named(layer["config"]) in known}
    open_ones = [name for name in names if name not in given and name not in harmless]
    hidden = _hidden_code(config)
    if (open_ones or hidden) and not allow:
        raise ModelError(_refusal(file, open_ones or hidden, bool(open_ones)))
    if hidden:
        raise ModelError(
            f"{file}: Python code outside a Lambda layer cannot be loaded; it is in "
            f"{', '.join(hidden)}. Save the model with a named function there, or as a SavedModel "
            "folder."
        )
    functions: dict[str, Any] = {}
    for number, layer in enumerate(found):  # several models within may have one of the same name
        name = name_of(layer)
        reference = f"lambda_{number}_of_{name}"
        if name in given:
            what = f"lambdas: the function for layer {name!r},"
            functions[reference] = find_function(given[name], what)
        elif name in harmless:
            functions[reference] = known[_named(layer["config"])]
        else:
            functions[reference] = _own_function(file, name, layer["config"], library)
        old = library.__name__ == "tf_keras"
        _refer(layer["config"], reference, old=old, by_name=old and not archive)
    return functions


def _named(inner: Mapping[str, Any]) -> str:
    """Return the name to which a Lambda layer refers instead of holding code, or ""."""
    function = inner.get("function")
    name = function.get("config") if isinstance(function, dict) else function
    return name if isinstance(name, str) and inner.get("function_type") != "lambda" else ""


def check_given(file: str, names: list[str], given: Mapping[str, str]) -> None:
    """Raise ModelError if a function is given for a layer that is not among the Lambda layers."""
    unknown = [name for name in given if name not in names]
    if unknown:
        raise ModelError(
            f"{file} has no Lambda layer {', '.join(map(repr, unknown))}, for which 'lambdas' "
            f"names a function. Its Lambda layers are: {', '.join(names) or 'none'}."
        )


def _refusal(file: str, names: list[str], is_lambda: bool) -> str:
    """Return the message for code that the user has not allowed."""
    layers = ", ".join(map(repr, names))
    kind = "Lambda layer" + ("s" if len(names) > 1 else "")
    first = f"{file} holds the {kind} {layers}" if is_lambda else f"{file} holds code in {layers}"
    return (
        f"{first}, and loading it runs Python code from the file. If you trust the file, allow it: "
        "allow_lambda: true in the sample sheet, or --allow-lambda. Or name a function that "
        "replaces it, so that no code from the file runs: "
        f"lambdas {names[0]}=module:function ({names[0]}={_SHIPPED} where log-counts are "
        "joined, as ChromBPNet does)."
    )


def _refer(inner: dict[str, Any], reference: str, *, old: bool, by_name: bool) -> None:
    """Make a layer's configuration refer to a function, and remove all code from it.

    `old` is True for Keras 2, which in ``.h5`` files refers by name alone.
    """
    # shapes follow from the function; these may hold code as well
    for key in ("function", "output_shape", "mask"):
        for part in (key, f"{key}_module", f"{key}_type"):
            inner.pop(part, None)
    inner.pop("module", None)
    whole = {"class_name": "function", "config": reference, "module": None}
    inner["function"] = reference if by_name else whole | {"registered_name": reference}
    if old:
        inner |= {"function_type": "function", "output_shape": None, "output_shape_type": "raw"}


def _hidden_code(config: Any, layer: str = "the model") -> list[str]:
    """Return the layers, other than Lambda layers, whose configuration holds bytecode."""
    if isinstance(config, list):
        return [name for item in config for name in _hidden_code(item, layer)]
    if not isinstance(config, dict) or config.get("class_name") == "Lambda":
        return []
    if "class_name" in config and isinstance(config.get("config"), dict):
        layer = str(config["config"].get("name", layer))
    # Keras 2 marks functions of some wrappers so: residual_fn_type
    marked = [key for key, value in config.items() if key.endswith("_type") and value == "lambda"]
    # and an activation so: {"value": [code, defaults, closure]}; [layer, call, output] is a call
    held: Any = config["value"] if list(config) == ["value"] else None
    bare = isinstance(held, list) and [type(item) for item in held[:1]] == [str]
    bare = bare and len(held) == 3 and not isinstance(held[1], int)
    if config.get("class_name") == "__lambda__" or marked or bare:
        return [layer]
    return [name for value in config.values() for name in _hidden_code(value, layer)]


# --- code from the file ----------------------------------------------------------------------


def _own_function(file: str, name: str, inner: Mapping[str, Any], library: Any) -> Any:
    """Return the function in a Lambda layer's bytecode."""
    function = inner.get("function")
    if isinstance(function, dict) and function.get("class_name") == "__lambda__":
        held = function["config"]
        parts = held.get("value") or [held.get(key) for key in ("code", "defaults", "closure")]
    elif isinstance(function, list) and len(function) == 3:
        parts = function
    else:
        shown = function.get("config") if isinstance(function, dict) else function
        raise ModelError(
            f"{file}: Lambda layer {name!r} calls the function {shown!r}, which is not in the "
            f"file. Name a function for it: lambdas {name}=module:function."
        )
    code, defaults, closure = parts
    try:
        loaded = marshal.loads(_bytes(code))
        _check_bytecode(loaded)
    except (EOFError, TypeError, ValueError, MemoryError, AttributeError) as error:
        raise ModelError(
            f"{file}: the code of Lambda layer {name!r} cannot be read ({error}): another version "
            "of Python wrote it. Name a function that replaces it: "
            f"lambdas {name}=module:function ({name}={_SHIPPED} where log-counts are "
            "joined, as ChromBPNet does)."
        ) from error
    cells = tuple(types.CellType(value) for value in closure) if closure else None
    return types.FunctionType(
        loaded, _names_known(library), name, tuple(defaults) if defaults else None, cells
    )


def _bytes(code: str) -> bytes:
    """Return the bytes of a layer's code."""
    try:
        return base64.b64decode("".join(code.split()), validate=True)
    except (binascii.Error, ValueError):  # early versions of Keras did not encode it
        return code.encode("raw_unicode_escape")


def _check_bytecode(code: Any) -> None:
    """Raise ValueError if another Python made the code: running it could crash."""
    if not isinstance(code, types.CodeType):
        raise ValueError("it is not a function")
    instructions = list(dis.get_instructions(code))
    if any(step.opname.startswith("<") for step in instructions):
        raise ValueError("it has instructions that this Python does not know")
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            _check_bytecode(constant)


def _names_known(library: Any) -> dict[str, Any]:
    """Return the names that Keras 2 gave to functions from a file."""
    import numpy as np

    from deeplift_genomics.graph.backend import keras, tf

    # tf.keras.backend has the functions of Keras 2, which keras.backend lacks
    backend = tf.keras.backend if library is keras else library.backend
    known = {"tf": tf, "tensorflow": tf, "keras": library, "np": np}
    return known | {"K": backend, "backend": backend}
