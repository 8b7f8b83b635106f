"""Models whose output for a window depends on the other windows of its batch: found and refused.

Such a model, as one with batch normalisation in training mode, gives a window no score of its own.
Whether it does is tried out: the same windows are put beside other windows and at other places of
a batch. If a head's output changes, the operation that does it is looked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.engine.path import GraphCopy, PathOperation
from deeplift_genomics.errors import ModelError
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph

# windows by number; the first two come again beside others, which between them replace each window
# of the first batch, so that no largest of a batch is the same in all; the last batch is smaller
BATCHES = [(0, 1, 2), (3, 0, 4), (5, 6, 1), (0, 1)]
# (batch, place) of the same window
AGAIN = [((0, 0), (1, 1)), ((0, 1), (2, 2)), ((0, 0), (3, 0)), ((0, 1), (3, 1))]
# a difference of this share of a unit's range is none, nor are these shares of its size, and of
# the largest unit's: sums are added in another order
OF_RANGE, OF_UNIT, OF_ALL = 1e-3, 1e-5, 1e-6

Evaluate = Callable[[Sequence[int]], list[tf.Tensor]]


def check_windows_apart(
    frozen: FrozenGraph, path: Sequence[PathOperation], sinks: Sequence[str]
) -> None:
    """Raise ModelError if an explained tensor's value for a window depends on other windows.

    Parameters
    ----------
    path
        The operations between the sequence and the explained tensors.
    sinks
        Names of the explained tensors.
    """
    if not mixed(frozen, sinks):
        return
    item, who = _culprit(frozen, path), "An operation that is not found"
    if item is not None:
        who = f"{item.type} in {frozen.layer_of(item.name)}"
    raise ModelError(
        f"{who} mixes the windows of a batch, so a window has no score of its own. Batch "
        "normalisation in training mode does so, as do other statistics over the batch"
        + (f" (the operation is {item.name}). " if item else ". ")
        + "Nothing was computed. Save the model in inference mode: without training=True in the "
        "call of that layer, and without reductions over the first axis; or leave out the heads "
        "that need it."
    )


def mixed(frozen: FrozenGraph, tensors: Sequence[str]) -> list[str]:
    """Return the names of those tensors whose value for a window depends on other windows."""
    evaluate = _evaluator(frozen, tensors)
    try:
        found = [evaluate(batch) for batch in BATCHES]
    except (TypeError, ValueError, tf.errors.OpError):
        return []  # a model with a batch size of its own, which compiling it reports
    return [
        name
        for i, name in enumerate(tensors)
        if not _same_again([values[i].numpy() for values in found])
    ]


def _evaluator(frozen: FrozenGraph, tensors: Sequence[str]) -> Evaluate:
    """Return a function from the numbers of a batch's windows to the values of tensors."""
    made = {name: _examples(frozen.tensor(tensor)) for name, tensor in frozen.inputs.items()}
    specs = {
        name: tf.TensorSpec((None, *values.shape[1:]), values.dtype)
        for name, values in made.items()
    }

    @tf.function(autograph=False, input_signature=[specs])
    def run(values: dict[str, tf.Tensor]) -> list[tf.Tensor]:
        copy = GraphCopy(frozen, values, "apart")
        return [tf.identity(copy.tensor(name)) for name in tensors]

    def evaluate(batch: Sequence[int]) -> list[tf.Tensor]:
        return run({name: tf.constant(values[list(batch)]) for name, values in made.items()})

    return evaluate


def _examples(tensor: tf.Tensor) -> NDArray:
    """Return made-up values of an input, (windows, ...): one-hot if it is (L, 4)."""
    rng = np.random.default_rng(0)
    sizes, count = tensor.shape[1:].as_list(), 1 + max(max(batch) for batch in BATCHES)
    if sizes[-1:] == [4]:
        values = np.eye(4)[rng.integers(0, 4, (count, *sizes[:-1]))]
    else:
        values = rng.random((count, *sizes))
    return values.astype(tensor.dtype.as_numpy_dtype)


def _same_again(found: Sequence[NDArray]) -> bool:
    """Tell whether the windows that come again have the values that they had before."""
    sizes = [len(batch) for batch in BATCHES]
    if [len(values) if values.ndim else 0 for values in found] != sizes:
        return False
    everything = np.concatenate(found)
    with np.errstate(invalid="ignore", over="ignore"):  # numbers that are not finite
        size = np.abs(everything).max(axis=0)
        allowed = OF_RANGE * np.ptp(everything, axis=0) + OF_UNIT * size
        allowed += OF_ALL * size.max(initial=0)
        differ = [np.abs(found[a][i] - found[b][j]) > allowed for (a, i), (b, j) in AGAIN]
    return not np.any(differ)


def _culprit(frozen: FrozenGraph, path: Sequence[PathOperation]) -> PathOperation | None:
    """Return the first operation with a number that depends on several windows.

    If there is none, return the first that puts windows at other places of the batch, or treats
    them by their places or by the size of the batch.
    """
    outputs = [
        (item, output.name)
        for item in path
        for output in frozen.graph.get_operation_by_name(item.name).outputs
        if output.dtype.is_floating or output.dtype.is_integer or output.dtype.is_bool
    ]
    evaluate = _evaluator(frozen, [name for _, name in outputs])
    worst = [0] * len(outputs)
    for batch in BATCHES:
        before, turned = evaluate(batch), evaluate([*batch[1:], batch[0]])
        fewer = evaluate(batch[:-1])
        changed = [_changed(evaluate, before, batch, place) for place in range(len(batch))]
        found = map(_mixes, before, turned, fewer, zip(*changed, strict=True))
        worst = [max(pair) for pair in zip(worst, found, strict=True)]
    named = zip(outputs, worst, strict=True)
    return next((item for (item, _), how in named if how and how == max(worst)), None)


def _mixes(
    before: tf.Tensor, turned: tf.Tensor, fewer: tf.Tensor, changed: Sequence[NDArray]
) -> int:
    """Return how a tensor mixes windows: 3 within a number, 2 and 1 by their places, 0 not.

    `before` has the values of a batch, `turned` those of the same windows, the first one last, and
    `fewer` those of all but the last; `changed` tells where values change with the window at each
    place.
    """
    if np.sum(changed, axis=0, dtype=int).max(initial=0) > 1:
        return 3
    if not before.shape.rank or len(before) != len(changed):
        return 0
    rows = np.array([where.reshape(len(before), -1).any(axis=1) for where in changed])
    if (rows & ~np.eye(len(rows), dtype=bool)).any():
        return 2
    first = before[: len(changed) - 1]
    by_size = first.shape == fewer.shape and _differ(first, fewer).any()
    return int(by_size or _differ(tf.roll(before, -1, axis=0), turned).any())


def _changed(
    evaluate: Evaluate, before: Sequence[tf.Tensor], windows: Sequence[int], place: int
) -> list[NDArray]:
    """Tell of each number of all tensors whether it changes with the window at a place."""
    changed = [np.zeros(tensor.shape, bool) for tensor in before]
    for other in {window for batch in BATCHES for window in batch} - {*windows}:
        batch = [other if i == place else window for i, window in enumerate(windows)]
        for where, x, y in zip(changed, before, evaluate(batch), strict=True):
            where |= _differ(x, y)
    return changed


def _differ(x: tf.Tensor, y: tf.Tensor) -> NDArray:
    """Tell of each number of two tensors whether it differs by more than rounding."""
    if not x.dtype.is_floating:
        return np.asarray(x != y)
    with np.errstate(invalid="ignore", over="ignore"):
        return np.abs(x.numpy() - y.numpy()) > OF_UNIT * np.abs(x.numpy()).max(initial=0)
