"""Vector-Jacobian products, which pass multipliers back through a linear operation.

TensorFlow has one for every operation. Two are many times faster in another form: that of a crop,
which TensorFlow computes element by element, and that of a convolution of few channels.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.convolutions import is_worth_it, several_at_once

Multiplier: TypeAlias = tf.Tensor | None


def vector_jacobian_product(
    outputs: Sequence[tf.Tensor], inputs: Sequence[tf.Tensor], multipliers: Sequence[Multiplier]
) -> list[tf.Tensor]:
    """Return the sum over outputs of multiplier * d output / d input, for every input.

    If a tensor is an input several times, its first entry gets the whole, and the others 0.
    """
    used = [(y, m) for y, m in zip(outputs, multipliers, strict=True) if m is not None]
    operation = outputs[0].op
    if len(inputs) == len(used) == 1 and inputs[0].name == operation.inputs[0].name:
        quick = QUICK.get(operation.type, _none)(operation, used[0][1])
        if quick is not None:
            return [quick]
    found = tf.gradients(
        [y for y, _ in used],
        list(inputs),
        grad_ys=[m for _, m in used],
        stop_gradients=list(inputs),
        unconnected_gradients=tf.UnconnectedGradients.ZERO,
    )
    # TensorFlow gives the whole for each entry of a tensor that is an input several times
    names = [x.name for x in inputs]
    return [
        tf.zeros_like(m) if name in names[:i] else m
        for i, (name, m) in enumerate(zip(names, found, strict=True))
    ]


def _none(operation: tf.Operation, m: tf.Tensor) -> None:
    """Return None: this operation has no quicker form."""
    return None


def _of_crop(operation: tf.Operation, m: tf.Tensor) -> tf.Tensor | None:
    """Pad multipliers on x[a:b, c:d, ...] with zeros, if all steps are 1 and all axes stay."""
    paddings = crop_of(operation)
    return None if paddings is None else tf.pad(m, paddings)


def crop_of(operation: tf.Operation) -> list[tuple[int, int]] | None:
    """Return how many entries x[a:b, c:d, ...] leaves out before and after, on each axis.

    It is None unless all steps are 1 and all axes stay.
    """
    x, y = operation.inputs[0].shape, operation.outputs[0].shape
    begin, step = (tf.get_static_value(operation.inputs[i]) for i in (1, 3))
    masks = [operation.get_attr(f"{name}_mask") for name in ("ellipsis", "new_axis", "shrink_axis")]
    static = x.is_fully_defined() and y.is_fully_defined() and begin is not None
    if not static or step is None or any(masks) or (step != 1).any():
        return None
    paddings = [(0, 0)] * x.rank
    for axis, start in enumerate(begin.tolist()):
        open_start = operation.get_attr("begin_mask") >> axis & 1
        before = 0 if open_start else min(start % x[axis] if start < 0 else start, x[axis])
        paddings[axis] = (before, x[axis] - y[axis] - before)
    return paddings


def _of_convolution(operation: tf.Operation, m: tf.Tensor) -> tf.Tensor | None:
    """Compute the transposed convolution onto few channels by the kernel in reverse order."""
    x = operation.inputs[0].shape
    padding = operation.get_attr("padding")
    steps = {*operation.get_attr("strides"), *operation.get_attr("dilations")}
    plain = steps == {1} and operation.get_attr("data_format") == b"NHWC"
    if not plain or padding not in (b"VALID", b"SAME") or not x.is_fully_defined() or x[1] != 1:
        return None
    reverse = reversed_kernel(operation)
    if reverse is None:
        return None
    around = reverse.shape[1] - 1
    left = around - around // 2 if padding == b"SAME" else around
    return several_at_once(m, reverse, left, x[2])


def reversed_kernel(operation: tf.Operation) -> tf.Tensor | None:
    """Return the kernel of the transposed convolution if that is long and onto few channels."""
    reverse = tf.transpose(tf.reverse(operation.inputs[1], [1]), (0, 1, 3, 2))
    return reverse if is_worth_it(reverse.shape) else None


QUICK: dict[str, Callable[[tf.Operation, tf.Tensor], tf.Tensor | None]] = {
    "Conv2D": _of_convolution,
    "StridedSlice": _of_crop,
}
