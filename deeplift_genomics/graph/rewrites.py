"""Rewrites of a frozen graph into an equal one whose operations have rules."""

from __future__ import annotations

from typing import Any

import numpy as np

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.definitions import Written, replace_operations


def name_logsumexp(definition: Any) -> Any:
    """Write log(sum(exp(x))), ten operations in TensorFlow, as x - log_softmax(x).

    Among the ten are a maximum and a condition, x - max(x) if that is finite. They cancel in the
    value, but not in the rules of the single operations. The difference is the same for all entries
    along the summed axes; the first one is taken.
    """

    def write(operation: tf.Operation) -> Written | None:
        total = _total_of_logsumexp(operation)
        if total is None:
            return None
        x = total.inputs[0].op.inputs[0].op.inputs[0]
        summed = tf.get_static_value(total.inputs[1])
        if x.shape.rank is None or summed is None:
            return None
        axes = sorted(int(axis) % x.shape.rank for axis in np.ravel(summed))
        others = [i for i in range(x.shape.rank) if i not in axes]
        keep = total.get_attr("keep_dims")
        if not axes or 0 in axes:
            return None

        def named(x: tf.Tensor) -> tf.Tensor:
            last = tf.transpose(x, (*others, *axes))
            if len(axes) > 1:
                last = tf.reshape(last, tf.concat([tf.shape(last)[: len(others)], [-1]], 0))
            found = (last - tf.nn.log_softmax(last))[..., 0]
            for axis in axes if keep else ():
                found = tf.expand_dims(found, axis)
            return found

        return named, [x]

    return replace_operations(definition, "AddV2", write)


def _total_of_logsumexp(end: tf.Operation) -> tf.Operation | None:
    """Return the sum in log(sum(exp(x - c))) + c, if c is max(x) wherever that is finite."""
    logs, others = ([t.op for t in end.inputs if (t.op.type == "Log") == log] for log in (1, 0))
    if len(logs) != 1 or len(others) != 1:
        return None
    shift = others[0].inputs[0].op if others[0].type == "Reshape" else others[0]
    total = logs[0].inputs[0].op
    chain = [total, total.inputs[0].op if total.inputs else total]
    if [item.type for item in chain] != ["Sum", "Exp"] or shift.type != "StopGradient":
        return None
    difference, choice = chain[1].inputs[0].op, shift.inputs[0].op
    if difference.type != "Sub" or difference.inputs[1].op.name != shift.name:
        return None
    if choice.type not in ("SelectV2", "Select") or choice.inputs[0].op.type != "IsFinite":
        return None
    largest = choice.inputs[1].op
    same = largest.type == "Max" and largest.inputs[0].name == difference.inputs[0].name
    return total if same else None


def ungroup_convolutions(definition: Any) -> Any:
    """Write the zeros of the kernels of grouped convolutions out.

    TensorFlow has no backward pass for grouped convolutions on CPUs.
    """

    def write(operation: tf.Operation) -> Written | None:
        x, kernel = operation.inputs
        if x.shape.rank != 4 or x.shape[3] is None or not kernel.shape.is_fully_defined():
            return None
        groups, filters = x.shape[3] // kernel.shape[2], kernel.shape[3]
        if groups == 1 or operation.get_attr("data_format") != b"NHWC":
            return None
        owner = np.arange(filters) // (filters // groups)
        of_input = np.arange(x.shape[3]) // kernel.shape[2]
        mask = (of_input[:, None] == owner).astype(kernel.dtype.as_numpy_dtype)
        options = {name: operation.get_attr(name) for name in ("strides", "dilations")}
        padding = operation.get_attr("padding").decode()

        def ungrouped(x: tf.Tensor, kernel: tf.Tensor) -> tf.Tensor:
            whole = tf.tile(kernel, (1, 1, groups, 1)) * mask
            return tf.raw_ops.Conv2D(input=x, filter=whole, padding=padding, **options)

        return (ungrouped, operation.inputs) if padding != "EXPLICIT" else None

    return replace_operations(definition, "Conv2D", write)


def write_out_dilation(definition: Any) -> Any:
    """Write dilated convolutions as convolutions whose kernels have zeros between their numbers."""

    def write(operation: tf.Operation) -> Written | None:
        rates = operation.get_attr("dilations")
        if max(rates) == 1 or operation.get_attr("data_format") != b"NHWC":
            return None
        options = {name: operation.get_attr(name) for name in ("strides", "padding")}
        options["padding"] = options["padding"].decode()
        at: dict[str, tuple] = {"Conv2D": (tf.raw_ops.Conv2D, "input", "filter")}
        at["DepthwiseConv2dNative"] = (tf.raw_ops.DepthwiseConv2dNative, "input", "filter")
        at["Conv2DBackpropInput"] = (
            tf.raw_ops.Conv2DBackpropInput, "input_sizes", "filter", "out_backprop"
        )  # fmt: skip
        function, *names = at[operation.type]

        def written(*tensors: tf.Tensor) -> tf.Tensor:
            given = dict(zip(names, tensors, strict=True))
            given["filter"] = _spread(given["filter"], rates[1], rates[2])
            return function(**given, **options)

        return (written, operation.inputs) if options["padding"] != "EXPLICIT" else None

    for kind in ("Conv2D", "Conv2DBackpropInput", "DepthwiseConv2dNative"):
        definition = replace_operations(definition, kind, write)
    return definition


def _spread(kernel: tf.Tensor, *rates: int) -> tf.Tensor:
    """Return a kernel with zeros between its rows and columns."""
    for axis, rate in enumerate(rates):
        size = kernel.shape[axis]
        shape = kernel.shape.as_list()
        apart = tf.stack([kernel, *[tf.zeros_like(kernel)] * (rate - 1)], axis=axis + 1)
        shape[axis] = size * rate
        kernel = tf.gather(tf.reshape(apart, shape), range((size - 1) * rate + 1), axis=axis)
    return kernel
