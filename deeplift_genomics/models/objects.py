"""The classes that a model's configuration names: Keras's own, or given by the user.

A class of the user's own may be named like one of Keras. Files in the form of ``.keras`` tell which
is which: Keras's own have a module, others a registered name such as ``package>Block``. In ``.h5``
files only the class name is written, which is then the registered name.
"""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Mapping
from typing import Any

import deeplift_genomics.models.keras2 as keras2
from deeplift_genomics.errors import ModelError
from deeplift_genomics.models.keras_source import Source
from deeplift_genomics.models.lambda_layers import layers_of, name_of

log = logging.getLogger(__name__)

MODELS = ("Functional", "Model", "Sequential")
# arguments of every layer, which tell nothing about its class
_COMMON = frozenset(
    {"name", "trainable", "dtype", "dynamic", "batch_input_shape", "batch_size", "input_shape",
     "input_dtype", "batch_dtype", "activity_regularizer", "autocast", "args", "kwargs", "self"}
)  # fmt: skip


def model_layers(layer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the layers of a model, and of models and wrappers within it."""
    inner = layer.get("config")
    if not isinstance(inner, dict):
        return []
    listed = inner.get("layers")
    own = [*(listed if isinstance(listed, list) else []), inner.get("layer")]
    own += [inner.get("backward_layer"), inner.get("forward_layer")]
    own = [item for item in own if isinstance(item, dict) and "class_name" in item]
    return own + [below for item in own for below in model_layers(item)]


def given_objects(source: Source, library: Any, custom: Mapping[str, Any]) -> dict[str, Any]:
    """Return the user's objects under the names by which the file calls them.

    Parameters
    ----------
    source
        The file, whose configuration may be changed: modules of Keras 2 get the names of today.
    library
        The package that will load it, keras or tf_keras.
    custom
        What the user's function custom_objects returns. A class may be named ``Block`` or
        ``package>Block``.

    Raises
    ------
    ModelError
        If neither Keras nor the user has one of the layers (all such layers are named), or if the
        user's class is for another version of Keras.
    """
    found, taken, unknown = dict(custom), set(), []
    if source.archive and source.generation < 3 and source.config["class_name"] in MODELS:
        keras2.set_module(source.config, library)  # that of an architecture has none
    layers = [source.config, *model_layers(source.config)]
    for layer in sorted(layers, key=lambda item: ">" not in _registered(item)):
        if _is_kerass(layer):
            known = source.generation == 3 or keras2.set_module(layer, library)
        else:
            name, own = _registered(layer), "module" not in layer and _has(library, layer, source)
            keys = names_given(layer, custom)
            if ">" not in name:  # those of registered classes are not meant
                keys = [key for key in keys if key not in taken and not (own and ">" in key)]
            if keys:
                _check_generation(source, layer, custom[keys[0]])
                found[name] = custom[keys[0]]
                taken |= {keys[0]} - {name}
            known = bool(keys) or own or library.saving.get_registered_object(name) is not None
        if not known:
            unknown.append(f"{_registered(layer)} ({name_of(layer)})")
    for key in taken:
        if hasattr(library.layers, key):
            del found[key]  # it is Keras's own elsewhere
    if unknown:
        raise ModelError(_unknown(source, unknown))
    if source.generation < 3:
        _check_parts(source, library, found, {id(layer) for layer in layers})
    return found


def _registered(item: Mapping[str, Any]) -> str:
    """Return the name under which a class is registered."""
    return str(item.get("registered_name") or item["class_name"])


def _is_kerass(item: Mapping[str, Any]) -> bool:
    """Tell whether an object says that it is Keras's own."""
    return str(item.get("module")).split(".")[0] in ("keras", "tf_keras")


def names_given(layer: Mapping[str, Any], custom: Mapping[str, Any]) -> list[str]:
    """Return the user's names that fit a layer's class, the best first."""
    kind, registered = str(layer["class_name"]), _registered(layer)
    plain = kind.rpartition(">")[2]
    fits = [registered, kind, plain]
    if ">" not in registered:
        fits += [key for key in custom if key.rpartition(">")[2] == plain]
    return [key for key in fits if key in custom]


def _has(library: Any, layer: Mapping[str, Any], source: Source) -> bool:
    """Tell whether a class that only its name tells is Keras's own.

    It is not if the file has none of the arguments that Keras's own class writes.
    """
    kind = layer["class_name"]
    if kind in MODELS or (source.generation == 2 and kind in keras2.INTERNAL):
        return True
    own = getattr(library.layers, kind, None) or getattr(
        getattr(library.layers, "experimental", None), kind, None
    )
    if not isinstance(own, type):
        return False
    inner = layer.get("config")
    if source.generation == 1 or not isinstance(inner, dict) or not source.since(2, 4):
        return True
    arguments = set(inspect.signature(own.__init__).parameters) - _COMMON  # type: ignore[misc]
    return not arguments or bool(arguments & set(inner))


def _check_generation(source: Source, layer: Mapping[str, Any], given: Any) -> None:
    """Check that a class of the user's is made with the Keras that loads the file."""
    import keras

    tf_keras = sys.modules.get("tf_keras")
    if not isinstance(given, type):
        return
    of_3 = issubclass(given, keras.layers.Layer)
    of_2 = tf_keras is not None and issubclass(given, tf_keras.layers.Layer)
    if source.generation < 3 and of_3:
        wrong, right, base = "Keras 3", "Keras 2, which tf_keras loads", "tf_keras"
    elif source.generation == 3 and of_2:
        wrong, right, base = "Keras 2 (tf_keras)", "Keras 3", "keras"
    else:
        return
    raise ModelError(
        f"{source.name} was written by {right}, but custom_objects gives a class of {wrong} for "
        f"its layer {name_of(layer)!r} ({given.__module__}.{given.__qualname__}). In that file, "
        f"take Layer and all layers from {base}: 'from {base} import layers'; keras and "
        "tensorflow.keras are Keras 3 today"
        + (" (tensorflow.keras is tf_keras if TF_USE_LEGACY_KERAS=1 is set)." if of_3 else ".")
    )


def _unknown(source: Source, unknown: list[str]) -> str:
    """Return the message for layers that nobody knows."""
    return (
        f"{source.name} has layers that Keras does not know: "
        f"{', '.join(dict.fromkeys(unknown))}. Supply their classes by custom_objects: "
        "module:function, in the sample sheet's column custom_objects or as --custom-objects, "
        "where the function returns a dict of name -> class, such as "
        f"{{{unknown[0].rpartition(' (')[0]!r}: ...}}."
    )


# --- what layers consist of, in Keras 2 -------------------------------------------------------


def _check_parts(source: Source, library: Any, found: dict[str, Any], layers: set[int]) -> None:
    """Check the objects within layers, because tf_keras would import any module that a file names.

    Functions are written by their names alone, as before Keras 2.13. Those of TensorFlow are added
    to `found`.
    """
    for layer in layers_of(source.config):
        inner = layer["config"]
        for key, item in list(inner.items()) if isinstance(inner, dict) else ():
            if isinstance(item, dict) and item.get("class_name") == "function":
                inner[key] = item = str(item.get("config"))
            elif key != "activation" or not isinstance(item, str):
                continue
            own = item in found or (key == "function" and layer["class_name"] == "Lambda")
            if own or (hasattr(library.activations, item) and not item.startswith("_")):
                continue
            function = keras2.function_of_tensorflow(item)
            if function is None:
                raise _missing(source, item, layer)
            log.info("%s: %s of layer %s is tf.%s", source.name, key, name_of(layer), item)
            found[item] = function
    for item in layers_of(source.config):
        if id(item) in layers or item.get("module") is None:
            continue  # without a module, tf_keras knows only its own classes
        name = str(item.get("registered_name") or item["class_name"])
        if name not in found and not (_is_kerass(item) and keras2.set_module(item, library)):
            raise _missing(source, name, item)


def _missing(source: Source, name: str, item: Mapping[str, Any]) -> ModelError:
    """Return the error for a function or class that neither Keras nor the user has."""
    return ModelError(
        f"{source.name} cannot be loaded: Keras does not know {name!r}, of "
        f"{item.get('module') or name_of(item)}. Supply it by custom_objects: module:function, "
        f"where the function returns a dict such as {{{name!r}: ...}}."
    )
