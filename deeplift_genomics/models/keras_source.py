"""The configuration of a Keras model's file, read before the model is loaded."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h5py

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.files.hdf5_probe import probe

_LARGEST = 100_000_000  # bytes of a configuration
# members of a .keras archive
CONFIG, METADATA, WEIGHTS = "config.json", "metadata.json", "model.weights.h5"


@dataclass
class Source:
    """The configuration of a model, and how its file was made.

    `archive` is True for the layout of a `.keras` file. `backend` computed the convolutions:
    "tensorflow", "theano", or None if the file does not tell.
    """

    name: str
    config: dict[str, Any]
    archive: bool
    version: str | None = None
    backend: str | None = None


def read_source(paths: Sequence[Path], name: str) -> Source:
    """Read the configuration of a model's file, or of an architecture and its weights.

    Raises
    ------
    ModelError
        If the files are not those of a Keras model.
    """
    if len(paths) == 2:
        return _read_pair(paths[0], paths[1], name)
    return (_read_archive if paths[0].suffix == ".keras" else _read_hdf5)(paths[0], name)


def _read_archive(path: Path, name: str) -> Source:
    """Read the configuration of a ``.keras`` file."""
    if not zipfile.is_zipfile(path):
        raise _no_such_file(name, "a zip archive, as .keras")
    try:
        with zipfile.ZipFile(path) as archive:
            missing = {CONFIG, WEIGHTS} - set(archive.namelist())
            if missing:
                raise ModelError(
                    f"{name} is a zip archive, but not a Keras model: "
                    f"{', '.join(sorted(missing))} is not in it. Save the model again: "
                    "model.save('model.keras')."
                )
            config = _member(archive, CONFIG, name)
            version = None
            if METADATA in archive.namelist():
                version = _member(archive, METADATA, name).get("keras_version")
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise _no_such_file(name, "a sound zip archive, as .keras") from error
    return Source(name, config, True, version)


def _member(archive: zipfile.ZipFile, item: str, name: str) -> dict[str, Any]:
    """Read a JSON file in an archive, unless it is too large."""
    size = archive.getinfo(item).file_size
    if size > _LARGEST:
        raise ModelError(
            f"{name}: {item} in it has {size} bytes; expected at most {_LARGEST}. Save the model "
            "again."
        )
    return _parse(archive.read(item), name)


def _read_hdf5(path: Path, name: str) -> Source:
    """Read the configuration of an ``.h5`` file."""
    with _open_hdf5(path, name) as file:
        if "model_config" not in file.attrs:
            what = "weights only" if weights_of(file) is not None else "no Keras model"
            raise ModelError(
                f"{name} holds {what}: it has no configuration of layers. Save the whole model "
                "(model.save), or give its architecture, too: architecture.json+weights.h5."
            )
        config = _parse(file.attrs["model_config"], name)
        if weights_of(file) is None:
            raise ModelError(f"{name} holds no weights. Save the model again: model.save.")
        version, backend = _origin(file)
    return Source(name, config, False, version or config.get("keras_version"), backend)


def _read_pair(architecture: Path, path: Path, name: str) -> Source:
    """Read the configuration of an architecture whose weights are in another file."""
    config = _parse(architecture.read_bytes(), str(architecture))
    with _open_hdf5(path, str(path)) as file:
        version, backend = _origin(file)
        archive = "layers" in file and weights_of(file) is None  # weights of Keras 3
        if not archive and weights_of(file) is None:
            raise ModelError(f"{path} holds no weights of a Keras model (model.save_weights).")
    version, backend = version or config.get("keras_version"), backend or config.get("backend")
    return Source(name, config, archive, version, backend)


def _open_hdf5(path: Path, name: str) -> h5py.File:
    """Open an HDF5 file for reading, or raise ModelError."""
    try:
        probe(path)
        return h5py.File(path, "r")
    except (InputError, OSError) as error:
        raise _no_such_file(name, f"an HDF5 file, as {path.suffix}") from error


def _no_such_file(name: str, made_of: str) -> ModelError:
    """Return the error for a file that is damaged or of another kind."""
    return ModelError(
        f"{name} cannot be loaded as a Keras model: it is not {made_of} files are, or it was cut "
        "short. Copy or save the model again."
    )


def _parse(text: Any, name: str) -> dict[str, Any]:
    """Return a configuration from JSON, or raise ModelError."""
    try:
        config = json.loads(text.decode() if isinstance(text, bytes) else str(text))
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{name}: its configuration of layers is not JSON ({error}).") from error
    if not isinstance(config, dict):
        raise ModelError(f"{name}: its configuration of layers is not that of a Keras model.")
    return config


def weights_of(file: h5py.File) -> h5py.Group | None:
    """Return the group of weights by layer in a file of Keras 1 to 3, if there is one."""
    group = file.get("model_weights", file)
    names = {"layer_names", "layer_names0"} & set(group.attrs)
    return group if names else None


def _origin(file: h5py.File) -> tuple[str | None, str | None]:
    """Return the version of Keras and its backend, if the file tells."""
    group = weights_of(file)
    places = [file.attrs] if group is None else [file.attrs, group.attrs]
    found = []
    for key in ("keras_version", "backend"):
        value = next((place[key] for place in places if key in place), None)
        found.append(value.decode() if isinstance(value, bytes) else value)
    return found[0], found[1]
