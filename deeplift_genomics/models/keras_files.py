"""Keras models from files: `.keras`, `.h5` of Keras 1 to 3, and an architecture with its weights.

A file's configuration is read first, as JSON. What must not run, or what today's Keras cannot read,
is changed in a temporary copy. Keras 3 loads the copy of a file that it wrote itself, and tf-keras,
today's release of Keras 2, that of all older ones. No code from the file runs.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

import deeplift_genomics.models.keras1 as keras1
import deeplift_genomics.models.keras2 as keras2
import deeplift_genomics.models.keras3 as keras3
import deeplift_genomics.models.weights as weights
from deeplift_genomics.errors import DiskError, ModelError
from deeplift_genomics.files.system_faults import FULL
from deeplift_genomics.graph.causes import innermost
from deeplift_genomics.models.functions import custom_objects_of
from deeplift_genomics.models.keras_source import (
    CONFIG,
    METADATA,
    WEIGHTS,
    Source,
    read_source,
    weights_of,
)
from deeplift_genomics.models.lambda_layers import fill_lambdas
from deeplift_genomics.models.objects import given_objects, model_layers, names_given
from deeplift_genomics.models.training import check_calls

if TYPE_CHECKING:
    from deeplift_genomics.models.options import LoadOptions

log = logging.getLogger(__name__)

# ends of the names of arguments that matter in training only
_TRAINING = ("_constraint", "_initializer", "_regularizer")
# the first values of weights, which those of the file replace: random ones take time, and memory
# for several copies
_ZEROS = {"class_name": "Zeros", "config": {}}


def load_keras(paths: Sequence[Path], name: str, options: LoadOptions) -> Any:
    """Load a Keras model without its losses and metrics.

    Parameters
    ----------
    paths
        A ``.keras`` or ``.h5`` file, under any name, or a ``.json`` file and its weights.
    name
        For messages.

    Raises
    ------
    ModelError
        If the file is not such a model, needs something that `options` do not give, or calls layers
        as in training.
    DiskError
        If the temporary folder has no room for a copy of the model.
    """
    from deeplift_genomics.graph.backend import import_tf_keras, keras

    source = read_source(paths, name)
    library = keras if source.generation == 3 else import_tf_keras(name)
    log.debug("%s is of Keras %s; loaded by %s", name, source.version, library.__name__)
    custom = custom_objects_of(options.custom_objects)
    try:
        _translate(source)
        _forget_training(source.config, custom)
        check_calls(name, source.config)
        functions = fill_lambdas(
            name,
            source.config,
            allow=options.allow_lambda,
            given=options.lambdas,
            known=custom,
            library=library,
            archive=source.archive,
        )
        custom = given_objects(source, library, custom) | functions
        if source.generation == 3 and not source.archive:
            keras3.mend_layers(model_layers(source.config), custom)
    # raised by configurations that lack what every configuration has
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        raise ModelError(
            f"{name}: its configuration of layers is not that of a model "
            f"({type(error).__name__}: {error}). Save the model again."
        ) from error
    model = _load_copy(library, source, paths[-1], custom)
    if source.backend == "theano":
        weights.turn_kernels(name, model)
    return model


def _translate(source: Source) -> None:
    """Check that a configuration is one of a model; translate one of Keras 1."""
    config = source.config
    if not isinstance(config.get("config"), dict | list) or "class_name" not in config:
        raise ModelError(f"{source.name}: its configuration of layers is not that of a model.")
    if source.generation == 1:
        if keras1.has_convolutions(config) and source.backend is None:
            raise ModelError(
                f"{source.name} is of Keras 1, which does not record whether TensorFlow or Theano "
                "computed the convolutions, and their kernels run in opposite directions. Write it "
                "into the file with the weights: python -c \"import h5py; h5py.File('model.h5', "
                "'a').attrs['backend'] = 'theano'\" (or 'tensorflow')."
            )
        keras1.translate(source.name, config)
    if source.generation < 3:
        keras2.modernise(config)
        keras2.check_functions(source.name, config)


def _forget_training(config: dict[str, Any], custom: Mapping[str, Any]) -> None:
    """Remove settings of training, which may refer to the user's own functions."""
    for layer in [config, *model_layers(config)]:
        layer.pop("compile_config", None)
        inner = layer.get("config")
        if names_given(layer, custom) or not isinstance(inner, dict):
            continue
        for key in [key for key in inner if key.endswith(_TRAINING)]:
            if key.endswith("_initializer") and isinstance(inner[key], dict):
                inner[key] = _ZEROS
            else:
                del inner[key]


# --- the copy that is loaded -----------------------------------------------------------------


def _load_copy(library: Any, source: Source, original: Path, custom: Mapping[str, Any]) -> Any:
    """Load the model from a temporary copy of its file."""
    name = source.name
    with tempfile.TemporaryDirectory(prefix="deeplift_genomics_") as folder:
        staged, write = _staged(Path(folder), source)
        try:
            write(staged, source, original)
            model = library.models.load_model(staged, custom_objects=custom, compile=False)
        # Keras may raise any error for a wrong file: there is no common class to catch
        except Exception as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise DiskError(
                    f"{name} cannot be copied into the temporary folder {tempfile.gettempdir()} "
                    f"({error.strerror}). Set TMPDIR to a folder with room for the model."
                ) from error
            raise ModelError(
                f"{name} cannot be loaded as a Keras model: {innermost(error)}. If it has layers "
                "or functions of your own, supply them by custom_objects (module:function, which "
                "returns a dict of name -> class); otherwise save it, in the Python that made it, "
                f"as a SavedModel folder: {_export(source)}."
            ) from error
        if not source.archive:
            weights.check_hdf5(name, model, staged)
    return model


def _export(source: Source) -> str:
    """Return the call that saves a model as a SavedModel folder."""
    return "model.export('model')" if source.generation == 3 else "model.save('model')"


def _staged(folder: Path, source: Source) -> tuple[Path, Callable[[Path, Source, Path], None]]:
    """Return where the copy is written, and what writes it."""
    if not source.archive:
        return folder / "model.h5", _write_hdf5
    if source.generation < 3:
        return folder / "model.keras", _write_archive
    return folder / "model", _write_folder


def _write_archive(path: Path, source: Source, original: Path) -> None:
    """Write the configuration, and the weights of a ``.keras`` or HDF5 file, as ``.keras``."""
    folder = path.with_suffix("")
    _write_folder(folder, source, original)
    with h5py.File(folder / WEIGHTS, "r") as file, h5py.File(folder / "numbered", "w") as to:
        for item in file:
            file.copy(item, to)
        keras2.number_weights(to)
    (folder / "numbered").replace(folder / WEIGHTS)
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))


def _write_folder(path: Path, source: Source, original: Path) -> None:
    """Write the same as files of a folder: Keras 3 reads a whole archive into memory."""
    path.mkdir()
    (path / CONFIG).write_text(json.dumps(source.config))
    (path / METADATA).write_text(json.dumps({"keras_version": source.version or "3"}))
    if not zipfile.is_zipfile(original):
        shutil.copyfile(original, path / WEIGHTS)
        return
    with zipfile.ZipFile(original) as archive:
        for item in archive.namelist():
            if item == WEIGHTS or item.startswith("assets/"):
                archive.extract(item, path)


def _write_hdf5(path: Path, source: Source, original: Path) -> None:
    """Write the configuration, and the weights of an HDF5 file, as ``.h5``."""
    # tf-keras turns the weights of Keras "1", which has no other number there
    version = "1" if source.generation == 1 else source.version or "2"
    with h5py.File(original, "r") as file, h5py.File(path, "w") as copy:
        group = weights_of(file)
        assert group is not None  # checked when the file was read
        file.copy(group, copy, name="model_weights")
        copy.attrs["model_config"] = json.dumps(source.config)
        for place in (copy, copy["model_weights"]):
            place.attrs["keras_version"] = version
