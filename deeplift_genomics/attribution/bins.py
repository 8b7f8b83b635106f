"""The bases that a bin of a head (bins, tracks) is of, as far as the model tells."""

from __future__ import annotations

from deeplift_genomics.attribution.columns import track_axes
from deeplift_genomics.engine.path import live_path
from deeplift_genomics.models.model import Head, Model

_MOST = 8  # products of steps that are followed at an operation


def bin_width(model: Model, head: Head) -> int | None:
    """Return the bases of a bin; None if the model does not tell.

    Pooling and convolutions take steps of several bases, and a bin is their product; bins that make
    up less than the window are its central ones. Where steps do not tell, because ways through the
    model differ in them or a dense layer mixes all positions, the bins are taken to make up the
    whole window, if its length is a multiple of their number.
    """
    bins, _ = track_axes(head) or (0, 0)
    if not bins:
        return None
    length = model.window_length
    steps, mixed = _steps(model, head)
    whole = length // bins if length % bins == 0 else None
    if steps is not None and steps * bins <= length and (not mixed or steps == whole):
        return steps
    return whole


def _steps(model: Model, head: Head) -> tuple[int | None, bool]:
    """Return the product of all steps on the way to a head, and whether there is a dense layer.

    The product is None if two ways differ in it.
    """
    frozen = model.frozen
    source, sink = frozen.inputs[model.sequence.name], frozen.outputs[head.name]
    products: dict[str, set[int]] = {frozen.tensor(source).op.name: {1}}
    mixed = False
    for item in live_path(frozen, source, [sink]):
        operation = frozen.graph.get_operation_by_name(item.name)
        mixed |= operation.type == "MatMul"
        before = {
            product
            for i in item.live
            for product in products.get(operation.inputs[i].op.name, set())
        }
        products[item.name] = {product * _step(operation) for product in before}
        if len(before) > _MOST:
            return None, mixed
    found = products.get(frozen.tensor(sink).op.name, set())
    return (found.pop() if len(found) == 1 else None), mixed


def _step(operation: object) -> int:
    """Return the step of an operation along the window; the others' axes have steps of 1."""
    attributes = operation.node_def.attr  # type: ignore[attr-defined]
    if "strides" not in attributes or operation.type == "Conv2DBackpropInput":  # type: ignore[attr-defined]
        return 1
    product = 1
    for size in attributes["strides"].list.i:
        product *= int(size)
    return product
