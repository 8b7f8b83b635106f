"""Trained models: loading, and what their inputs and heads are.

A `Model` is a frozen graph with one sequence input, any number of controls, and named heads. Which
is which follows from shapes and names; `check` shows what was found.
"""

from __future__ import annotations

import logging
import math
import re
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import h5py

from deeplift_genomics.errors import InputError, ModelError
from deeplift_genomics.files import digest, require_file

if TYPE_CHECKING:
    from deeplift_genomics.engine.graph import FrozenGraph

log = logging.getLogger(__name__)

# a linear head of up to this many units beside a profile head holds (log-)counts
MOST_COUNTS = 16


@dataclass(frozen=True)
class Input:
    """An input: its name and its shape without the batch axis."""

    name: str
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Head:
    """An output and what it is taken for.

    `kind` is "profile", "counts" or "logits"; `tensor` is explained: the output itself, or, with
    `activation` "sigmoid" or "softmax", what goes into that activation. `ends_in` are the types of
    the last operations that compute anything of what is explained.
    """

    name: str
    shape: tuple[int, ...]
    kind: str
    tensor: str
    activation: str | None = None
    ends_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """A model ready to be explained; made by `load_model` or `from_keras`."""

    name: str
    digest: str
    sequence: Input
    controls: tuple[Input, ...]
    heads: tuple[Head, ...]
    frozen: FrozenGraph = field(repr=False)

    @property
    def window_length(self) -> int:
        """Length of the sequence input (bp)."""
        return self.sequence.shape[0]

    def describe(self) -> str:
        """Inputs and heads in a few lines."""
        lines = [f"model   {self.name}", f"window  {self.window_length} bp"]
        lines += [f"input   {self.sequence.name} {_shape(self.sequence.shape)}: sequence"]
        lines += [f"input   {item.name} {_shape(item.shape)}: control" for item in self.controls]
        for head in self.heads:
            before = f", explained before its {head.activation}" if head.activation else ""
            if not before and {"Sigmoid", "Softmax"} & set(head.ends_in):
                before = ", not logits: it ends in a sigmoid or softmax"
            lines.append(f"head    {head.name} {_shape(head.shape)}: {head.kind}{before}")
        return "\n".join(lines)


def _shape(shape: tuple[int, ...]) -> str:
    return f"({', '.join(map(str, shape))})"


def load_model(path: str | Path) -> Model:
    """Load a Keras model from a ``.keras`` file, or an ``.h5`` file of Keras 1, 2 or 3.

    Custom losses and metrics are not needed: the model is loaded without them.

    Raises
    ------
    InputError
        If there is no such file.
    ModelError
        If the file is no model, cannot be loaded, or has no input of shape (L, 4).
    """
    path = Path(path)
    if path.is_dir():
        raise ModelError(
            f"{path} is a folder. SavedModel folders cannot be read yet; "
            "give a .keras or .h5 file (save the model with model.save('model.keras'))."
        )
    require_file(path, "model file")
    from deeplift_genomics.engine import keras

    if path.suffix not in (".keras", ".h5", ".hdf5"):
        raise ModelError(
            f"{path} is not known to be a model: its name ends in {path.suffix or 'nothing'!r}, "
            "expected .keras, .h5 or .hdf5."
        )
    whole = zipfile.is_zipfile(path) if path.suffix == ".keras" else h5py.is_hdf5(path)
    if not whole:
        made_of = "a zip archive" if path.suffix == ".keras" else "an HDF5 file"
        raise ModelError(
            f"{path} cannot be loaded as a Keras model: it is not {made_of}, as {path.suffix} "
            "files are, or it was cut short. Copy or save the model again."
        )
    try:
        model = keras.models.load_model(path, compile=False)
    # Keras raises whatever the file's content led to: there is no common class to catch
    except Exception as error:
        reason = " ".join(str(error).split())
        if "Lambda" in reason:
            reason = (
                "it holds a Lambda layer, and loading one would run code from the file. Replace "
                "the layer by a standard one and save the model again."
            )
        raise ModelError(
            f"{path} cannot be loaded as a Keras model: {reason[:400] or type(error).__name__}"
        ) from error
    return from_keras(model, path.name, digest(path))


def use_threads(threads: int) -> None:
    """Bind TensorFlow to that many threads; to be called before its first operation."""
    if threads < 1:
        raise InputError(f"At least 1 thread is needed, got {threads}.")
    from deeplift_genomics.engine import tf

    try:
        tf.config.threading.set_intra_op_parallelism_threads(threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
    except RuntimeError:  # TensorFlow is running already, in a process that chose for itself
        log.debug("TensorFlow is running; its number of threads stays as it is")


def runtime_versions() -> dict[str, str]:
    """Versions of what computes the scores."""
    from deeplift_genomics.engine import keras, tf

    return {"tensorflow_version": tf.__version__, "keras_version": keras.__version__}


def from_keras(model: Any, name: str = "model", model_digest: str = "") -> Model:
    """Freeze a Keras model that is in memory.

    Raises
    ------
    ModelError
        If its inputs are not as needed, or TensorFlow cannot trace it.
    """
    from deeplift_genomics.engine import keras, tf
    from deeplift_genomics.engine.graph import freeze

    if not getattr(model, "inputs", None) or not getattr(model, "outputs", None):
        raise ModelError(
            f"{name}: the model does not tell its inputs; call it once, save it again."
        )
    inputs = [Input(item.name, tuple(item.shape[1:])) for item in model.inputs]
    sequence = _find_sequence(name, inputs)
    controls = tuple(item for item in inputs if item is not sequence)
    _check_controls(name, controls)
    # a Sequential model that was loaded from a file has no `input`, only `inputs`
    structure = getattr(model, "input", model.inputs[0])
    names: list[str] = []

    def call(*tensors: Any) -> list[Any]:
        cast = [tf.cast(t, item.dtype) for t, item in zip(tensors, model.inputs, strict=True)]
        outputs = model(keras.tree.pack_sequence_as(structure, cast), training=False)
        names[:] = _output_names(model, keras.tree.flatten_with_path(outputs))
        return keras.tree.flatten(outputs)

    specs = {
        item.name: tf.TensorSpec((None, *item.shape), tf.float32, name=f"input_{i}")
        for i, item in enumerate(inputs)
    }
    try:
        frozen = freeze(call, specs, names, _layer_names(model))
    except (TypeError, ValueError, tf.errors.OpError) as error:
        reason = " ".join(str(error).split())
        raise ModelError(f"{name} cannot be traced by TensorFlow: {reason[:400]}") from error
    return Model(name, model_digest, sequence, controls, _find_heads(frozen, names), frozen)


def _check_controls(name: str, controls: tuple[Input, ...]) -> None:
    for item in controls:
        if any(size is None for size in item.shape):
            raise ModelError(
                f"{name}: the shape of input {item.name} is open, {_shape(item.shape)}. "
                "Save the model with fixed shapes."
            )


def _layer_names(model: Any) -> list[str]:
    """Names of all layers, those within layers included."""
    inner = [name for layer in getattr(model, "layers", []) for name in _layer_names(layer)]
    return [layer.name for layer in getattr(model, "layers", [])] + inner


def _output_names(model: Any, outputs: list[tuple[tuple, Any]]) -> list[str]:
    """A name for each output: its key where outputs come as a dict, else its layer's name.

    Characters that the names of targets do not allow become ``_``, repeated names are numbered.
    """
    layers = getattr(model, "output_names", None) or [model.layers[-1].name]
    keyed = any(isinstance(key, str) for path, _ in outputs for key in path)
    if keyed or len(layers) != len(outputs):
        names = ["/".join(map(str, path)) or "output" for path, _ in outputs]
    else:
        names = list(layers)
    names = [re.sub(r"[\s:,\[\]]", "_", name) for name in names]
    repeated = {name for name in names if names.count(name) > 1}
    return [f"{name}_{i}" if name in repeated else name for i, name in enumerate(names)]


def _find_sequence(name: str, inputs: list[Input]) -> Input:
    """The input of shape (L, 4), by name where there are several."""
    found = [item for item in inputs if len(item.shape) == 2 and item.shape[1] == 4]
    if len(found) > 1:
        found = [item for item in found if "seq" in item.name.lower()] or found
    shown = ", ".join(f"{item.name} {_shape(item.shape)}" for item in inputs)
    if len(found) != 1:
        what = "no input" if not found else "more than one input"
        raise ModelError(
            f"{name} has {what} of shape (L, 4), the one-hot sequence (A C G T, channels last). "
            f"Its inputs are: {shown}."
        )
    if found[0].shape[0] is None:
        raise ModelError(
            f"{name}: the length of input {found[0].name} is open, {_shape(found[0].shape)}. "
            "Save the model with a fixed length: the windows are cut to it."
        )
    return found[0]


def _find_heads(frozen: FrozenGraph, names: list[str]) -> tuple[Head, ...]:
    heads = []
    for name in names:
        tensor = frozen.tensor(frozen.outputs[name])
        shape = tuple(tensor.shape[1:].as_list())
        producer = tensor.op
        while producer.type == "Identity":
            producer = producer.inputs[0].op
        activation = {"Sigmoid": "sigmoid", "Softmax": "softmax"}.get(producer.type)
        kind = _kind(name, shape, activation, several=len(names) > 1)
        explained = tensor
        if activation and (kind == "logits" or (kind, activation) == ("profile", "softmax")):
            explained = producer.inputs[0]
        else:
            activation = None
        heads.append(Head(name, shape, kind, explained.name, activation, frozen.ends_in(explained)))
    return tuple(heads)


def _kind(name: str, shape: tuple[int, ...], activation: str | None, several: bool) -> str:
    """What a head is, by its name first, then by its shape."""
    if "profile" in name.lower() or (len(shape) == 2 and shape[0] > MOST_COUNTS):
        return "profile"
    if "count" in name.lower():
        return "counts"
    if activation or not several:
        return "logits"
    return "counts" if math.prod(shape) <= MOST_COUNTS else "profile"
