"""What files of Keras 2 need before tf-keras, today's release of Keras 2, reads them.

They may name TensorFlow functions, of which only harmless ones are called. Names of modules changed
from release to release, and so did the numbers of weights in ``.keras`` files.
"""

from __future__ import annotations

import re
from typing import Any

import h5py

from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.operations import having
from deeplift_genomics.models.lambda_layers import layers_of, name_of

# operations that write files or run code
_OUTWARD = having("outward")

# layers that Keras 2 made for calls of TensorFlow functions
_CALLS = ("TFOpLambda", "SlicingOpLambda")
# and for methods of TensorFlow's classes, which only ragged tensors have
_METHODS = ("ClassMethod", "InstanceMethod", "InstanceProperty")

# their functions: those of tf.math, tf.nn, tf.linalg, and the following; none of them reads or
# writes files or runs code
_MODULES = ("math", "nn", "linalg")
_FUNCTIONS = frozenset(
    {
        "abs", "add", "argmax", "argmin", "boolean_mask", "broadcast_to", "cast", "clip_by_norm",
        "clip_by_value", "concat", "convert_to_tensor", "cumsum", "divide", "einsum",
        "ensure_shape", "exp", "expand_dims", "fill", "floor", "gather", "gather_nd", "identity",
        "matmul", "maximum", "minimum", "multiply", "negative", "norm", "one_hot", "ones",
        "ones_like", "pad", "pow", "range", "rank", "realdiv", "reduce_logsumexp", "reduce_max",
        "reduce_mean", "reduce_min", "reduce_prod", "reduce_sum", "repeat", "reshape", "reverse",
        "roll", "round", "shape", "sigmoid", "sign", "size", "slice", "split", "sqrt", "square",
        "squeeze", "stack", "stop_gradient", "strided_slice", "subtract", "tanh", "tensordot",
        "tile", "transpose", "truediv", "unstack", "where", "zeros", "zeros_like",
        "__operators__.add", "__operators__.getitem",
    }
)  # fmt: skip

# names of classes in TensorFlow 1.13 to 2.0, and of layers for GPUs, whose weights tf-keras turns
_EARLY = re.compile(r"CuDNN(LSTM|GRU)|((?:BatchNormalization|LSTM|GRU)(?:Cell)?)V[12]")

# the parts of tf_keras in which a file's classes are looked for
_HOMES = (
    "layers", "layers.experimental", "models", "mixed_precision", "initializers", "regularizers",
    "constraints",
)  # fmt: skip
INTERNAL = {
    "Functional": "keras.src.engine.functional",
    "TFOpLambda": "keras.src.layers.core.tf_op_layer",
    "SlicingOpLambda": "keras.src.layers.core.tf_op_layer",
    "TensorFlowOpLayer": "keras.src.engine.base_layer",
    "AddLoss": "keras.src.engine.base_layer",
    "AddMetric": "keras.src.engine.base_layer",
}


def modernise(config: dict[str, Any]) -> None:
    """Change layers of early releases of Keras 2 into the form of the last one."""
    for layer in layers_of(config):
        kind, inner = layer["class_name"], layer["config"]
        if kind == "MultiHeadAttention":  # of 2.4: it learns them when it is called
            for key in ("query_shape", "key_shape", "value_shape"):
                inner.setdefault(key, None)
        elif isinstance(kind, str) and (found := _EARLY.fullmatch(kind)):
            layer["class_name"] = found[1] or found[2]
            if kind == "CuDNNGRU":
                inner["reset_after"] = True


def check_functions(file: str, config: dict[str, Any]) -> None:
    """Check that a configuration calls only TensorFlow functions that touch no files and no code.

    Raises
    ------
    ModelError
        If it calls another one.
    """
    for layer in layers_of(config):
        kind, inner = layer["class_name"], layer["config"]
        if kind in _METHODS:
            called = f"{inner.get('cls_symbol', '')}.{inner.get('method_name', '')}".strip(".")
        elif kind in _CALLS:
            called = str(inner.get("function") or "__operators__.getitem")
            if is_harmless(called):
                continue
        elif kind == "TensorFlowOpLayer":  # of 2.0 to 2.3
            called = _operation_of(inner["node_def"])
            if called and called not in _OUTWARD:
                continue
        else:
            continue
        raise ModelError(
            f"{file}: layer {name_of(layer)!r} calls the TensorFlow function {called or kind!r}, "
            "which is not taken over from a file of Keras 2. In the Python that made the model, "
            "save it as a SavedModel folder: tf.saved_model.save(model, 'model')."
        )


def _operation_of(node: Any) -> str:
    """Return the type of an operation, written as JSON or, before 2.2, in binary; "" if neither."""
    from google.protobuf.message import DecodeError

    from deeplift_genomics.graph.backend import tf

    if isinstance(node, dict):
        return str(node.get("op", ""))
    try:
        return str(tf.compat.v1.NodeDef.FromString(str(node).encode()).op)
    except DecodeError:
        return ""


def is_harmless(function: str) -> bool:
    """Tell whether a TensorFlow function is one of those that touch no files and run no code."""
    function = function.removeprefix("compat.v1.")
    module, _, name = function.partition(".")
    public = name.isidentifier() and not name.startswith("_")
    return function in _FUNCTIONS or (module in _MODULES and public)


def function_of_tensorflow(name: str) -> Any:
    """Return the function of tf.math or tf.nn with that name, or None.

    Keras 2 writes an activation like ``tf.exp`` by its name alone.
    """
    from deeplift_genomics.graph.backend import tf

    public = name.isidentifier() and not name.startswith("_")
    return (public and (getattr(tf.math, name, None) or getattr(tf.nn, name, None))) or None


def set_module(item: dict[str, Any], library: Any) -> bool:
    """Give one of Keras's own objects the module in which tf_keras has it.

    Parameters
    ----------
    item
        Part of a configuration; changed in place.
    library
        The package tf_keras.

    Returns
    -------
    bool
        False if tf_keras has no such class, or if it is none that a model consists of.
    """
    kind = item["class_name"]
    if kind in INTERNAL:
        item["module"] = INTERNAL[kind]
        return True
    for home in _HOMES:
        part = library
        for name in home.split("."):
            part = getattr(part, name)
        if isinstance(getattr(part, str(kind), None), type):
            item["module"] = f"keras.{home}"
            return True
    return False


def number_weights(group: h5py.Group) -> None:
    """Give the weights of layers, in a file of 2.12 to 2.14, the names of later releases.

    Those counted a layer with weights twice: dense, dense_2, dense_4. Later ones count every layer
    once: dense, dense_1, dense_2. Layers without weights have (empty) groups, too.
    """
    for item in list(group.values()):
        if isinstance(item, h5py.Group):
            number_weights(item)
    old = group.get("_layer_checkpoint_dependencies")
    if not isinstance(old, h5py.Group) or "layers" in group:
        return
    numbered: dict[str, list[int]] = {}
    for name in old:
        stem, number = re.fullmatch(r"(.*?)(?:_(\d+))?", name, re.DOTALL).groups()  # type: ignore[union-attr]
        numbered.setdefault(stem, []).append(int(number or 0))
    new = group.create_group("layers")
    for stem, numbers in numbered.items():
        for rank, number in enumerate(sorted(numbers)):
            new[f"{stem}_{rank}" if rank else stem] = old[f"{stem}_{number}" if number else stem]
    del group["_layer_checkpoint_dependencies"]
