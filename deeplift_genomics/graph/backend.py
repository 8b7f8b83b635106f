"""TensorFlow and Keras, imported without their messages.

All other modules take `tf`, `keras` and, for files of Keras 2, `tf_keras` from here. If they are
missing, the error says what to install.
"""

import os
from typing import Any

from deeplift_genomics.errors import ModelError
from deeplift_genomics.files.native import native_stderr_closed
from deeplift_genomics.graph.lean_start import without_optional

# let XLA compute several arrays in one pass over their common inputs, unless the user has set these
# flags; versions of XLA that do not know this option ignore it
os.environ.setdefault(
    "XLA_FLAGS", "--xla_backend_extra_options=xla_cpu_use_multi_output_fusion=true"
)
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
if os.environ["KERAS_BACKEND"] != "tensorflow":
    raise ModelError(
        f"KERAS_BACKEND is {os.environ['KERAS_BACKEND']!r}; DeepLIFT works on the TensorFlow "
        "graph. Unset KERAS_BACKEND, or set it to 'tensorflow'."
    )
try:
    with native_stderr_closed():
        import keras
        import tensorflow as tf
except ImportError as error:
    raise ModelError(
        f"TensorFlow is needed for this step and cannot be imported ({error}). Install it: "
        "pip install 'deeplift-genomics[cpu]' or 'deeplift-genomics[gpu]'."
    ) from error

__all__ = ["import_tf_keras", "keras", "tf"]


def import_tf_keras(what: str) -> Any:
    """Import tf_keras, Keras 2 for today's TensorFlow, which only files of Keras 2 need.

    Parameters
    ----------
    what
        The file, for the message.

    Raises
    ------
    ModelError
        If it is not installed.
    """
    try:
        with without_optional():
            import tf_keras
    except ImportError as error:
        release = ".".join(tf.__version__.split(".")[:2])
        raise ModelError(
            f"{what} was written by Keras 2, and tf_keras, which loads it, cannot be imported "
            f"({error}). Install it: pip install --no-deps 'tf-keras=={release}.*'."
        ) from error
    return tf_keras
