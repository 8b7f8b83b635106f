"""Loading of trained models, from files of any format.

A `Model` is a frozen graph with one sequence input, any number of controls, and named heads. They
are recognised by shapes and names; the step `check` shows the result.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.files.atomic import require_file
from deeplift_genomics.files.system_faults import read_through, reading, refuse_system_fault
from deeplift_genomics.models.files import model_digest, model_files
from deeplift_genomics.models.freezing import from_keras, from_signature
from deeplift_genomics.models.keras_files import load_keras
from deeplift_genomics.models.lambda_layers import check_given
from deeplift_genomics.models.live import from_memory, is_path
from deeplift_genomics.models.model import Model
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.models.saved_model import load_signature
from deeplift_genomics.settings.model_names import model_paths

log = logging.getLogger(__name__)

_NO_OPTIONS = LoadOptions()


def load_model(path: str | Path | Any, options: LoadOptions = _NO_OPTIONS) -> Model:
    """Load a trained model, from a file, a folder or memory.

    Losses and metrics are not loaded.

    Parameters
    ----------
    path
        A ``.keras`` or ``.h5`` file of Keras 1, 2 or 3, a SavedModel folder, or
        ``architecture.json+weights.h5`` for the two files of an architecture and its weights. What
        a file is, its content tells, whatever its name. Or a model of Keras 3 or tf_keras in
        memory, whose weights are copied: after more training, load it again.
    options
        The user's permission and functions for Lambda layers, and the user's own layers; the length
        of an open input, and what a second sequence is.

    Raises
    ------
    InputError
        If there is no such file, this is no model, or `options` do not fit it.
    ModelError
        If it is not a model, cannot be loaded, needs something that `options` do not give, or has
        no input of shape (L, 4), (4, L) or (L, 4, 1), or several that could be the sequence.
    SystemFaultError
        If the system keeps a file of the model away.

    Examples
    --------
    >>> import deeplift_genomics as dg
    >>> model = dg.load_model("resources/demo/model.keras")
    >>> model.window_length, [head.name for head in model.heads]
    (500, ['counts', 'profile'])
    """
    if not is_path(path):
        return from_memory(path, options)
    try:
        with reading(path):
            return _load(path, options)
    except ModelError as error:
        # a sound file looks damaged to Keras and TensorFlow while the system keeps it away
        refuse_system_fault(error, path)
        for file in model_files(path):
            read_through(file)
        raise


def _load(path: str | Path, options: LoadOptions) -> Model:
    """Load a model of any format."""
    paths = model_paths(path)
    if len(paths) == 1 and paths[0].is_dir():
        return _load_folder(paths[0], options)
    for item in paths:
        require_file(item, "model file")
    model = load_keras(paths, str(path), options)
    return from_keras(model, "+".join(item.name for item in paths), model_digest(path), options)


def _load_folder(path: Path, options: LoadOptions) -> Model:
    """Load a SavedModel folder."""
    check_given(str(path), [], options.lambdas)  # a SavedModel has no Python code
    loaded, signature = load_signature(path)
    # "." gets a name; a link keeps its own name
    model = from_signature(signature, path.absolute(), model_digest(path), options)
    del loaded  # its variables had to live until the graph was frozen
    return model


def runtime_versions(model: Model) -> dict[str, str]:
    """Return the versions of the packages that compute a model's scores, as attributes of files."""
    from deeplift_genomics.graph.backend import import_tf_keras, keras, tf

    versions = {"tensorflow_version": tf.__version__, "keras_version": keras.__version__}
    if model.library == "tf_keras":
        versions["tf_keras_version"] = import_tf_keras(model.name).__version__
    return versions
