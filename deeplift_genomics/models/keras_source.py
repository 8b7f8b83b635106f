"""The configuration of a Keras model's file, read before the model is loaded.

What a file is, its first bytes tell: many have another ending than their content.
"""

from __future__ import annotations

import json
import re
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

_HDF5 = b"\x89HDF\r\n\x1a\n"
# first bytes of files that people take for Keras models, and what they are
_OTHERS = (
    (b"PK", "a zip archive that was cut short"),
    (b"\x1f\x8b", "packed with gzip: unpack it first"),
    (b"BZh", "packed with bzip2: unpack it first"),
    (b"\x80", "a Python pickle, whose loading could run any code"),
    (b"version https://git-lfs", "a Git LFS pointer: fetch the file itself with git lfs pull"),
    (b"<", "a page of HTML or XML, perhaps of a failed download"),
)
# members of zip archives of other kinds
_ARCHIVES = (
    (r"(.*/)?data\.pkl", "a PyTorch model; convert it to Keras or to a SavedModel folder"),
    (r"(.*/)?saved_model\.pb", "a packed SavedModel: unpack it, and give the folder"),
    (r".*\.(keras|h5|hdf5)", "a packed model: unpack it, and give what is in it"),
)


@dataclass
class Source:
    """The configuration of a model, and how its file was made.

    `archive` is True for the layout of a `.keras` file. `version` is that of Keras. `backend`
    computed the convolutions: "tensorflow", "theano", or None if the file does not tell.
    """

    name: str
    config: dict[str, Any]
    archive: bool
    version: str | None = None
    backend: str | None = None

    @property
    def generation(self) -> int:
        """The Keras that wrote the configuration: 1, 2 or 3."""
        if self.version and self.version[0].isdigit():
            return min(3, max(1, int(self.version.split(".")[0])))
        text = json.dumps(self.config)
        if '"W_regularizer"' in text:  # files from before 1.2 have no version
            return 1
        of_3 = '"batch_shape"', '"keras_history"', '"DTypePolicy"'
        return 3 if any(word in text for word in of_3) else 2

    def since(self, *version: int) -> bool:
        """Tell whether the file is of that version of Keras or a later one."""
        found = re.match(r"(\d+)\.(\d+)", self.version or "")
        return bool(found and tuple(map(int, found.groups())) >= version)


def read_source(paths: Sequence[Path], name: str) -> Source:
    """Read the configuration of a model's file, or of an architecture and its weights.

    Raises
    ------
    ModelError
        If the files are not those of a Keras model.
    """
    if len(paths) == 2:
        return _read_pair(paths[0], paths[1], name)
    if zipfile.is_zipfile(paths[0]):
        return _read_archive(paths[0], name)
    if h5py.is_hdf5(paths[0]):
        return _read_hdf5(paths[0], name)
    raise ModelError(
        f"{name} is no model: it is {_kind_of(paths[0])}. Expected a .keras or .h5 file, a "
        "SavedModel folder, or architecture.json+weights.h5. Copy or save the model again."
    )


def _kind_of(path: Path) -> str:
    """Return what a file is, by its first bytes."""
    with path.open("rb") as file:
        start = file.read(4096)
    if not start:
        return "empty"
    if start.startswith(_HDF5):
        return "an HDF5 file that was cut short"
    found = [what for first, what in _OTHERS if start.lstrip().startswith(first)]
    if start[4:8] == b"TFL3":
        found = ["a TensorFlow Lite model; give the model from which it was made"]
    if start.lstrip().startswith(b"{"):
        found = ["JSON; for an architecture, name its weights, too: architecture.json+weights.h5"]
    try:
        text = start.decode()
    except UnicodeDecodeError:
        text = "\0"
    readable = all(letter.isprintable() or letter.isspace() for letter in text)
    return found[0] if found else "text" if readable else "of another kind"


def _read_archive(path: Path, name: str) -> Source:
    """Read the configuration of a ``.keras`` file."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.namelist()
            if missing := {CONFIG, WEIGHTS} - set(members):
                raise ModelError(
                    f"{name} is a zip archive, but not a Keras model: "
                    f"{', '.join(sorted(missing))} is not in it. {_kind_of_archive(members)}"
                )
            config = _member(archive, CONFIG, name)
            version = None
            if METADATA in members:
                version = _member(archive, METADATA, name).get("keras_version")
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise _damaged(name, "a zip archive") from error
    return Source(name, config, True, version)


def _kind_of_archive(members: Sequence[str]) -> str:
    """Return what a zip archive is instead of a model, by its members."""
    for pattern, what in _ARCHIVES:
        if any(re.fullmatch(pattern, member) for member in members):
            return f"It is {what}."
    return "Save the model again: model.save('model.keras')."


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
        # the weights of .keras files, under two names
        archive = bool({"layers", "_layer_checkpoint_dependencies"} & set(file))
        archive &= weights_of(file) is None
        if not archive and weights_of(file) is None:
            raise ModelError(f"{path} holds no weights of a Keras model (model.save_weights).")
    version, backend = config.get("keras_version") or version, backend or config.get("backend")
    return Source(name, config, archive, version, backend)


def _open_hdf5(path: Path, name: str) -> h5py.File:
    """Open an HDF5 file for reading, or raise ModelError."""
    try:
        probe(path)
        return h5py.File(path, "r")
    except (InputError, OSError) as error:
        raise _damaged(name, "an HDF5 file") from error


def _damaged(name: str, kind: str) -> ModelError:
    """Return the error for a file that is damaged or of another kind."""
    return ModelError(
        f"{name} cannot be loaded as a Keras model: it is not {kind}, or it was cut short. Copy or "
        "save the model again."
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
