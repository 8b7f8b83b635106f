"""Keras models from files: `.keras`, `.h5` of Keras 1 to 3, and an architecture with its weights.

A file's configuration is read first, as JSON. Parts that Keras 3 cannot read, or must not, are
changed in a temporary copy, which is then loaded; Keras runs no code from the file.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

import deeplift_genomics.models.keras1 as keras1
import deeplift_genomics.models.keras2 as keras2
import deeplift_genomics.models.weights as weights
from deeplift_genomics.errors import DiskError, ModelError
from deeplift_genomics.files.system_faults import FULL
from deeplift_genomics.models.functions import custom_objects_of
from deeplift_genomics.models.keras_source import (
    CONFIG,
    METADATA,
    WEIGHTS,
    Source,
    read_source,
    weights_of,
)
from deeplift_genomics.models.lambda_layers import fill_lambdas, name_of

if TYPE_CHECKING:
    from deeplift_genomics.models.options import LoadOptions

# ends of the names of arguments that matter in training only
_TRAINING = ("_constraint", "_initializer", "_regularizer")


def load_keras(paths: Sequence[Path], name: str, options: LoadOptions) -> Any:
    """Load a Keras model without its losses and metrics.

    Parameters
    ----------
    paths
        A ``.keras``, ``.h5`` or ``.hdf5`` file, or a ``.json`` file and its weights.
    name
        For messages.

    Raises
    ------
    ModelError
        If the file is not such a model, or needs something that `options` do not give.
    DiskError
        If the temporary folder has no room for a copy of the model.
    """
    from deeplift_genomics.graph.backend import keras

    source = read_source(paths, name)
    custom = custom_objects_of(options.custom_objects)
    try:
        kernels = _translate(source)
        _forget_training(source.config, custom)
        custom |= fill_lambdas(
            name, source.config, allow=options.allow_lambda, given=options.lambdas, known=custom
        )
        custom |= _check_layers(source, custom)
    # raised by configurations that lack what every configuration has
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ModelError(
            f"{name}: its configuration of layers is not that of a model "
            f"({type(error).__name__}: {error}). Save the model again."
        ) from error
    custom.setdefault("TensorFlowFunction", keras2.function_layer())
    with tempfile.TemporaryDirectory(prefix="deeplift_genomics_") as folder:
        staged = Path(folder, "model.keras" if source.archive else "model.h5")
        try:
            write = _write_archive if source.archive else _write_hdf5
            write(staged, source, paths[-1], kernels)
            model = keras.models.load_model(staged, custom_objects=custom, compile=False)
        # Keras may raise any error for a wrong file: there is no common class to catch
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise DiskError(
                    f"{name} cannot be copied into the temporary folder {tempfile.gettempdir()} "
                    f"({error.strerror}). Set TMPDIR to a folder with room for the model."
                ) from error
            raise ModelError(_explain(name, error)) from error
        if source.archive:
            weights.check_order(name, model, source.config, source.version)
        else:
            weights.check_hdf5(name, model, staged)
    if source.backend == "theano":
        weights.turn_kernels(name, model)
    return model


def _explain(name: str, error: Exception) -> str:
    """Return the message for a model that Keras cannot load."""
    reason = " ".join(str(error).split())[:400] or type(error).__name__
    return (
        f"{name} cannot be loaded as a Keras model: {reason.rstrip('.')}. If it has layers or "
        "functions of your own, supply them by custom_objects (module:function, which returns a "
        "dict of name -> class); otherwise save it, in the Python that made it, as a SavedModel "
        "folder: tf.saved_model.save(model, 'model')."
    )


# --- changing what Keras 3 could not read ----------------------------------------------------


def _translate(source: Source) -> Mapping[str, Any]:
    """Translate the configuration; return the convolutions whose kernels need translating."""
    config, kernels = source.config, {}
    if not isinstance(config.get("config"), dict | list) or "class_name" not in config:
        raise ModelError(f"{source.name}: its configuration of layers is not that of a model.")
    if keras1.is_keras1(config, source.version):
        keras1.translate(source.name, config)
        kernels = keras1.convolutions(config)
        if kernels and source.backend is None:
            raise ModelError(
                f"{source.name} is of Keras 1, which does not record whether TensorFlow or Theano "
                "computed the convolutions, and their kernels run in opposite directions. Write it "
                "into the file with the weights: python -c \"import h5py; h5py.File('model.h5', "
                "'a').attrs['backend'] = 'theano'\" (or 'tensorflow')."
            )
    if source.archive and (source.version or "").startswith("2."):
        keras2.name_modules(config)
    keras2.translate(source.name, config)
    return kernels


def _model_layers(layer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the layers of a model, and of models and wrappers within it."""
    inner = layer.get("config")
    if not isinstance(inner, dict):
        return []
    listed = inner.get("layers")
    own = [*(listed if isinstance(listed, list) else []), inner.get("layer")]
    own = [item for item in own if isinstance(item, dict) and "class_name" in item]
    return own + [below for item in own for below in _model_layers(item)]


def _forget_training(config: dict[str, Any], custom: Mapping[str, Any]) -> None:
    """Remove settings of training, which may refer to the user's own functions."""
    for layer in [config, *_model_layers(config)]:
        layer.pop("compile_config", None)
        inner = layer.get("config")
        if layer["class_name"] in custom or not isinstance(inner, dict):
            continue
        for key in [key for key in inner if key.endswith(_TRAINING)]:
            del inner[key]  # initial values are replaced by the file's weights


def _check_layers(source: Source, custom: Mapping[str, Any]) -> dict[str, Any]:
    """Return the user's objects under the names by which the file calls them.

    Raises
    ------
    ModelError
        If neither Keras nor the user has one of the layers; all such layers are named.
    """
    from deeplift_genomics.graph.backend import keras

    aliases, unknown = {}, []
    for layer in [source.config, *_model_layers(source.config)]:
        kind, registered = layer["class_name"], layer.get("registered_name")
        if kind in custom:
            aliases[registered or kind] = custom[kind]
            continue
        known = registered in custom or kind in keras2.MODELS or kind in keras2.OPERATIONS
        known |= hasattr(keras.layers, kind) or str(layer.get("module")).startswith("keras")
        if not known and keras.saving.get_registered_object(registered or kind) is None:
            unknown.append(f"{kind} ({name_of(layer)})")
    if unknown:
        raise ModelError(
            f"{source.name} has layers that Keras does not know: "
            f"{', '.join(dict.fromkeys(unknown))}. Supply their classes by custom_objects: "
            "module:function, in the sample sheet's column custom_objects or as --custom-objects, "
            "where the function returns a dict of name -> class, such as "
            f"{{{unknown[0].split()[0]!r}: ...}}."
        )
    return aliases


# --- the copy that is loaded -----------------------------------------------------------------


def _write_archive(path: Path, source: Source, original: Path, kernels: object) -> None:
    """Write the configuration, and the weights of a ``.keras`` or HDF5 file, as ``.keras``."""
    with zipfile.ZipFile(path, "w") as copy:
        copy.writestr(CONFIG, json.dumps(source.config))
        copy.writestr(METADATA, json.dumps({"keras_version": source.version or "3"}))
        if not zipfile.is_zipfile(original):
            copy.write(original, WEIGHTS)
            return
        with zipfile.ZipFile(original) as archive:
            for item in archive.namelist():
                if item == WEIGHTS or item.startswith("assets/"):
                    with archive.open(item) as read, copy.open(item, "w", force_zip64=True) as to:
                        while block := read.read(1 << 24):
                            to.write(block)


def _write_hdf5(
    path: Path, source: Source, original: Path, kernels: Mapping[str, dict[str, Any]]
) -> None:
    """Write the configuration, and the weights of an HDF5 file, as ``.h5``."""
    with h5py.File(original, "r") as file, h5py.File(path, "w") as copy:
        group = weights_of(file)
        assert group is not None  # checked when the file was read
        file.copy(group, copy, name="model_weights")
        copy.attrs["model_config"] = json.dumps(source.config)
        copy.attrs["keras_version"] = source.version or "2"
        keras1.translate_weights(copy["model_weights"], kernels)
