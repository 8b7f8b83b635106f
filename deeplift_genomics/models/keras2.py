"""The translation of configurations of Keras 2 into the form of Keras 3.

Keras 3 translates most of them itself. The rest is done here: Keras 2 counts calls of a model
within a model from 1, its `.keras` files name modules that no longer exist, and TensorFlow
functions called on outputs of layers are layers themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from deeplift_genomics.errors import ModelError

MODELS = ("Functional", "Model", "Sequential")

# layers that Keras 2 made for calls of TensorFlow functions
OPERATIONS = ("TFOpLambda", "SlicingOpLambda", "TensorFlowFunction")

# their functions: those of tf.math, tf.nn, tf.linalg, and the following; none of them reads or
# writes files or runs code
_MODULES = ("math", "nn", "linalg")
_FUNCTIONS = frozenset(
    {
        "abs", "add", "broadcast_to", "cast", "clip_by_value", "concat", "convert_to_tensor",
        "cumsum", "divide", "einsum", "exp", "expand_dims", "fill", "gather", "identity", "matmul",
        "maximum", "minimum", "multiply", "negative", "norm", "one_hot", "ones_like", "pad", "pow",
        "range", "rank", "realdiv", "reduce_logsumexp", "reduce_max", "reduce_mean", "reduce_min",
        "reduce_prod", "reduce_sum", "repeat", "reshape", "reverse", "roll", "round", "shape",
        "sigmoid", "sign", "size", "slice", "split", "sqrt", "square", "squeeze", "stack",
        "stop_gradient", "strided_slice", "subtract", "tanh", "tensordot", "tile", "transpose",
        "truediv", "unstack", "where", "zeros_like", "__operators__.add", "__operators__.getitem",
    }
)  # fmt: skip


def translate(file: str, layer: dict[str, Any]) -> None:
    """Change a model's configuration, and those of models within it, into the form of Keras 3.

    Raises
    ------
    ModelError
        If it calls a TensorFlow function that cannot be taken over.
    """
    inner = layer.get("config")
    if layer.get("class_name") == "Sequential" and isinstance(inner, list):  # before Keras 2.2.3
        inner = layer["config"] = {"name": layer.get("name", "sequential"), "layers": inner}
    if layer.get("class_name") not in MODELS or not isinstance(inner, dict):
        return
    layers = inner.get("layers")
    if not isinstance(layers, list):
        return
    for item in layers:
        translate(file, item)
    if layer["class_name"] == "Sequential":
        _begin_with_input(layers)
    if not any(_is_old(node) for item in layers for node in item.get("inbound_nodes", [])):
        return
    for item in layers:
        if item["class_name"] in ("TFOpLambda", "SlicingOpLambda"):
            _take_over_function(file, item, {other["name"] for other in layers})
    _count_calls_from_0(inner)


def _begin_with_input(layers: list[dict[str, Any]]) -> None:
    """Add an input layer if only the first layer of a Sequential model has the input's shape."""
    shape = layers[0]["config"].get("batch_input_shape") if layers else None
    if shape and layers[0]["class_name"] != "InputLayer":
        inner = {"name": f"{layers[0]['config']['name']}_input", "batch_input_shape": shape}
        layers.insert(0, {"class_name": "InputLayer", "config": inner})
    for item in layers[1:]:  # Keras 3 would read it as a shape without the batch axis
        item["config"].pop("batch_input_shape", None)


def name_modules(config: dict[str, Any]) -> None:
    """Give a ``.keras`` file of Keras 2 the names of modules that Keras 3 knows.

    The modules of all layers are removed: their class names suffice, as in an ``.h5`` file.
    """
    _forget_modules(config)
    config["module"] = "keras"
    if config["class_name"] == "Functional":
        config["class_name"] = "Model"


def _forget_modules(config: Any) -> None:
    """Remove the modules of all layers."""
    if isinstance(config, list):
        for item in config:
            _forget_modules(item)
    elif isinstance(config, dict):
        if "class_name" in config:
            for key in ("module", "registered_name", "build_config", "compile_config"):
                config.pop(key, None)
        for value in config.values():
            _forget_modules(value)


def _is_old(node: Any) -> bool:
    """Tell whether a node is a list, as in Keras 1 and 2; in Keras 3 it is a dict."""
    return isinstance(node, list)


# --- models within models --------------------------------------------------------------------


def _count_calls_from_0(inner: dict[str, Any]) -> None:
    """Count calls of inner models from 0: Keras 2 counts the making of a model as a call."""
    models = {item["name"]: item["class_name"] for item in inner["layers"] if _is_model(item)}
    calls = [call for item in inner["layers"] for call in _calls(item.get("inbound_nodes", []))]
    ends = [end for key in ("input_layers", "output_layers") for end in _calls(inner.get(key))]
    for name, kind in models.items():
        if any(call[1] == 0 for call in [*calls, *ends] if call[0] == name):
            continue
        for call in calls:
            call[1] -= call[0] == name
        for end in ends:  # in these, Keras 3 counts itself, except for Sequential models
            end[1] -= end[0] == name and kind == "Sequential"


def _is_model(layer: Mapping[str, Any]) -> bool:
    return layer["class_name"] in MODELS


def _calls(nodes: Any) -> list[list[Any]]:
    """Return all references [layer, call, output, ...] in nested lists and dicts."""
    if isinstance(nodes, dict):
        return [call for value in nodes.values() for call in _calls(value)]
    if not isinstance(nodes, list):
        return []
    rest = [call for item in nodes for call in _calls(item)]
    return [nodes, *rest] if _refers(nodes) else rest


def _refers(value: Any) -> bool:
    """Tell whether a value is a reference [layer, call, output, ...]."""
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(number, int) for number in value[1:3])
    )


# --- TensorFlow functions --------------------------------------------------------------------


def _take_over_function(file: str, layer: dict[str, Any], names: set[str]) -> None:
    """Turn a call of a TensorFlow function into a layer that Keras 3 can make.

    Tensors among its arguments become the layer's inputs; the others go to its configuration.
    """
    function = str(layer["config"].get("function") or "__operators__.getitem")
    if not _harmless(function):
        raise ModelError(
            f"{file}: layer {layer['name']!r} calls the TensorFlow function {function!r}, which "
            "cannot be taken over from a file of Keras 2. In the Python that made the model, save "
            "it as a SavedModel folder: tf.saved_model.save(model, 'model')."
        )
    templates, nodes = [], []
    for node in layer["inbound_nodes"]:
        tensors: list[Any] = []
        templates.append(_template(_arguments(node), tensors, names))
        nodes.append(tensors)
    if any(template != templates[0] for template in templates):
        raise ModelError(
            f"{file}: layer {layer['name']!r} is called with different arguments; save the model "
            "as a SavedModel folder, in the Python that made it."
        )
    layer["class_name"] = "TensorFlowFunction"
    layer["config"] = {
        "name": layer["config"]["name"],
        "function": function,
        "arguments": templates[0],
    }
    layer["inbound_nodes"] = nodes


def _harmless(function: str) -> bool:
    """Tell whether a function is one of those that touch no files and run no code."""
    module, _, name = function.partition(".")
    public = name.isidentifier() and not name.startswith("_")
    return function in _FUNCTIONS or (module in _MODULES and public)


def _arguments(node: list[Any]) -> dict[str, Any]:
    """Return the first and the keyword arguments of ``[layer, call, output, keywords]``."""
    if node and isinstance(node[0], list):  # the first argument is a list of tensors
        keywords = node[0][3] if len(node[0]) > 3 else {}
        return {"first": [item[2] if _constant(item) else item[:3] for item in node], **keywords}
    first = node[2] if _constant(node) else node[:3]
    return {"first": first, **(node[3] if len(node) > 3 else {})}


def _constant(item: list[Any]) -> bool:
    return item[0] == "_CONSTANT_VALUE"


def _template(value: Any, tensors: list[Any], names: set[str]) -> Any:
    """Replace the references to tensors in arguments by their positions among the inputs."""
    if _refers(value) and value[0] in names:
        tensors.append([*value[:3], {}])
        return {"tensor": len(tensors) - 1}
    if isinstance(value, list):
        return [_template(item, tensors, names) for item in value]
    if isinstance(value, dict):
        return {key: _template(item, tensors, names) for key, item in value.items()}
    return value


def function_layer() -> type:
    """Return the class of layers that call a TensorFlow function."""
    from deeplift_genomics.graph.backend import keras, tf

    class TensorFlowFunction(keras.layers.Layer):
        def __init__(self, function: str, arguments: dict[str, Any], **options: Any) -> None:
            super().__init__(**options)
            self.function, self.arguments = function, arguments

        def call(self, inputs: Any) -> Any:
            tensors = inputs if isinstance(inputs, list | tuple) else [inputs]
            keywords = _filled(self.arguments, tensors)
            first = keywords.pop("first")
            if self.function == "__operators__.getitem":
                return first[tuple(map(_slice, keywords["slice_spec"]))]
            if self.function == "__operators__.add":
                return tf.add(first, keywords["y"])
            function: Any = tf
            for part in self.function.split("."):
                function = getattr(function, part)
            return function(first, **keywords)

    return TensorFlowFunction


def _filled(template: Any, tensors: Any) -> Any:
    """Return the arguments of a template, with tensors in their places."""
    if isinstance(template, dict):
        if set(template) == {"tensor"}:
            return tensors[template["tensor"]]
        return {key: _filled(value, tensors) for key, value in template.items()}
    if isinstance(template, list | tuple):
        return [_filled(item, tensors) for item in template]
    return template


def _slice(part: Any) -> Any:
    """Return a part of an index from its form in a configuration."""
    if isinstance(part, dict) and "start" in part:
        return slice(part["start"], part["stop"], part["step"])
    return Ellipsis if isinstance(part, dict) else part
