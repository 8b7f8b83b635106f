"""Keras models from files: `.keras`, `.h5` of Keras 1 to 3, and an architecture with its weights.

A file's configuration is read first, as JSON. Whatever Keras 3 could not read of it, or must not,
is changed in a temporary copy, and that copy is loaded; no code from the file is run by Keras.
"""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

import deeplift_genomics.models.keras1 as keras1
import deeplift_genomics.models.keras2 as keras2
import deeplift_genomics.models.weights as weights
from deeplift_genomics.errors import DiskError, InputError, ModelError
from deeplift_genomics.files.atomic import DISK_ERRORS
from deeplift_genomics.files.hdf5_probe import probe
from deeplift_genomics.models.functions import custom_objects_of
from deeplift_genomics.models.lambda_layers import fill_lambdas, name_of

if TYPE_CHECKING:
    from deeplift_genomics.models.options import LoadOptions

# ends of arguments that matter in training only
_TRAINING = ("_constraint", "_initializer", "_regularizer")

_LARGEST = 100_000_000  # bytes of a configuration
_CONFIG, _METADATA, _WEIGHTS = "config.json", "metadata.json", "model.weights.h5"


@dataclass
class Source:
    """What a file says of its model before it is loaded.

    `archive` is True for what is laid out as a `.keras` file. `backend` is what computed the
    convolutions: "tensorflow", "theano", or None where the file does not tell.
    """

    name: str
    config: dict[str, Any]
    archive: bool
    version: str | None = None
    backend: str | None = None


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
        If the file is no such model, or needs what `options` do not give.
    DiskError
        If the temporary folder has no room for a copy of the model.
    """
    from deeplift_genomics.graph.backend import keras

    source = _read(paths, name)
    custom = custom_objects_of(options.custom_objects)
    try:
        kernels = _translate(source)
        _forget_training(source.config, custom)
        custom |= fill_lambdas(name, source.config, options.allow_lambda, options.lambdas, custom)
        custom |= _check_layers(source, custom)
    # a configuration that lacks what every configuration has
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
        # Keras raises whatever the file's content led to: there is no common class to catch
        except Exception as error:
            if isinstance(error, OSError) and error.errno in DISK_ERRORS:
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
    reason = " ".join(str(error).split())[:400] or type(error).__name__
    return (
        f"{name} cannot be loaded as a Keras model: {reason.rstrip('.')}. If it holds layers or "
        "functions of your own, name them by custom_objects (module:function, which returns a dict "
        "of name -> class); else save it, in the Python that it was made with, as a SavedModel "
        "folder: tf.saved_model.save(model, 'model')."
    )


# --- reading ---------------------------------------------------------------------------------


def _read(paths: Sequence[Path], name: str) -> Source:
    if len(paths) == 2:
        return _read_pair(paths[0], paths[1], name)
    return (_read_archive if paths[0].suffix == ".keras" else _read_hdf5)(paths[0], name)


def _read_archive(path: Path, name: str) -> Source:
    if not zipfile.is_zipfile(path):
        raise _no_such_file(name, "a zip archive, as .keras")
    try:
        with zipfile.ZipFile(path) as archive:
            missing = {_CONFIG, _WEIGHTS} - set(archive.namelist())
            if missing:
                raise ModelError(
                    f"{name} is a zip archive but no Keras model: {', '.join(sorted(missing))} is "
                    "not in it. Save the model again: model.save('model.keras')."
                )
            config = _member(archive, _CONFIG, name)
            version = None
            if _METADATA in archive.namelist():
                version = _member(archive, _METADATA, name).get("keras_version")
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise _no_such_file(name, "a sound zip archive, as .keras") from error
    return Source(name, config, True, version)


def _member(archive: zipfile.ZipFile, item: str, name: str) -> dict[str, Any]:
    size = archive.getinfo(item).file_size
    if size > _LARGEST:
        raise ModelError(
            f"{name}: {item} in it has {size} bytes; expected at most {_LARGEST}. Save the model "
            "again."
        )
    return _parse(archive.read(item), name)


def _read_hdf5(path: Path, name: str) -> Source:
    with _open_hdf5(path, name) as file:
        if "model_config" not in file.attrs:
            what = "weights only" if _weights_of(file) is not None else "no Keras model"
            raise ModelError(
                f"{name} holds {what}: it has no configuration of layers. Save the whole model "
                "(model.save), or give its architecture as well: architecture.json+weights.h5."
            )
        config = _parse(file.attrs["model_config"], name)
        if _weights_of(file) is None:
            raise ModelError(f"{name} holds no weights. Save the model again: model.save.")
        version, backend = _origin(file)
    return Source(name, config, False, version or config.get("keras_version"), backend)


def _read_pair(architecture: Path, path: Path, name: str) -> Source:
    config = _parse(architecture.read_bytes(), str(architecture))
    with _open_hdf5(path, str(path)) as file:
        version, backend = _origin(file)
        archive = "layers" in file and _weights_of(file) is None  # weights of Keras 3
        if not archive and _weights_of(file) is None:
            raise ModelError(f"{path} holds no weights of a Keras model (model.save_weights).")
    said = config.get("keras_version"), config.get("backend")
    return Source(name, config, archive, version or said[0], backend or said[1])


def _open_hdf5(path: Path, name: str) -> h5py.File:
    try:
        probe(path)
        return h5py.File(path, "r")
    except (InputError, OSError) as error:
        raise _no_such_file(name, f"an HDF5 file, as {path.suffix}") from error


def _no_such_file(name: str, made_of: str) -> ModelError:
    return ModelError(
        f"{name} cannot be loaded as a Keras model: it is not {made_of} files are, or it was cut "
        "short. Copy or save the model again."
    )


def _parse(text: Any, name: str) -> dict[str, Any]:
    try:
        config = json.loads(text.decode() if isinstance(text, bytes) else str(text))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name}: its configuration of layers is no JSON ({error}).") from error
    if not isinstance(config, dict):
        raise ModelError(f"{name}: its configuration of layers is not that of a Keras model.")
    return config


def _weights_of(file: h5py.File) -> h5py.Group | None:
    """The group of weights by layer in a file of Keras 1 to 3, if there is one."""
    group = file.get("model_weights", file)
    names = {"layer_names", "layer_names0"} & set(group.attrs)
    return group if names else None


def _origin(file: h5py.File) -> tuple[str | None, str | None]:
    """Version of Keras and its backend, where the file tells."""
    group = _weights_of(file)
    places = [file.attrs] if group is None else [file.attrs, group.attrs]
    found = []
    for key in ("keras_version", "backend"):
        value = next((place[key] for place in places if key in place), None)
        found.append(value.decode() if isinstance(value, bytes) else value)
    return found[0], found[1]


# --- changing what Keras 3 could not read ----------------------------------------------------


def _translate(source: Source) -> Mapping[str, Any]:
    """Bring a configuration up to date; returns convolutions whose kernels must be, too."""
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
    """The layers of a model and of models and wrappers within it."""
    inner = layer.get("config")
    if not isinstance(inner, dict):
        return []
    listed = inner.get("layers")
    own = [*(listed if isinstance(listed, list) else []), inner.get("layer")]
    own = [item for item in own if isinstance(item, dict) and "class_name" in item]
    return own + [below for item in own for below in _model_layers(item)]


def _forget_training(config: dict[str, Any], custom: Mapping[str, Any]) -> None:
    """Drop what matters in training only, and may be of the user's own making."""
    for layer in [config, *_model_layers(config)]:
        layer.pop("compile_config", None)
        inner = layer.get("config")
        if layer["class_name"] in custom or not isinstance(inner, dict):
            continue
        for key in [key for key in inner if key.endswith(_TRAINING)]:
            del inner[key]  # initial values are replaced by the file's weights


def _check_layers(source: Source, custom: Mapping[str, Any]) -> dict[str, Any]:
    """Raise ModelError naming all layers that neither Keras nor the user knows.

    Returns the user's objects under the names by which the file calls them.
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
            f"{source.name} holds layers that Keras does not know: "
            f"{', '.join(dict.fromkeys(unknown))}. Give their classes by custom_objects: "
            "module:function, in the sample sheet's column custom_objects or as --custom-objects, "
            "where the function returns a dict of name -> class, such as "
            f"{{{unknown[0].split()[0]!r}: ...}}."
        )
    return aliases


# --- the copy that is loaded -----------------------------------------------------------------


def _write_archive(path: Path, source: Source, original: Path, kernels: object) -> None:
    """A ``.keras`` file of the configuration, and the weights of a ``.keras`` or HDF5 file."""
    with zipfile.ZipFile(path, "w") as copy:
        copy.writestr(_CONFIG, json.dumps(source.config))
        copy.writestr(_METADATA, json.dumps({"keras_version": source.version or "3"}))
        if not zipfile.is_zipfile(original):
            copy.write(original, _WEIGHTS)
            return
        with zipfile.ZipFile(original) as archive:
            for item in archive.namelist():
                if item == _WEIGHTS or item.startswith("assets/"):
                    with archive.open(item) as read, copy.open(item, "w", force_zip64=True) as to:
                        while block := read.read(1 << 24):
                            to.write(block)


def _write_hdf5(
    path: Path, source: Source, original: Path, kernels: Mapping[str, dict[str, Any]]
) -> None:
    """An ``.h5`` file of a whole model, from one such or one of weights."""
    with h5py.File(original, "r") as file, h5py.File(path, "w") as copy:
        group = _weights_of(file)
        assert group is not None  # checked when it was read
        file.copy(group, copy, name="model_weights")
        copy.attrs["model_config"] = json.dumps(source.config)
        copy.attrs["keras_version"] = source.version or "2"
        keras1.translate_weights(copy["model_weights"], kernels)
