"""The convolutions of a frozen graph that minimal filtering computes faster.

The graph itself stays as it is: rules go on seeing convolutions. Which ones are taken was measured
on one core (docs/performance.md): from 256 channels on, the transforms cost less than they save.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from numpy.typing import NDArray

from deeplift_genomics.graph import minimal_filtering
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.minimal_filtering import Convolution, transformed
from deeplift_genomics.graph.tiles import is_worth_it
from deeplift_genomics.graph.toom_cook import TAPS

# channels of the input and of the output from which on it is worth it
MANY = 256
LOOPS = {"NextIteration", "While", "StatelessWhile"}

ValueOf = Callable[[str], NDArray | None]


def filtered_minimally(graph: tf.Graph, value: ValueOf) -> dict[str, Convolution]:
    """Return the convolutions to compute by minimal filtering, by the name of their operation.

    There are none where TensorFlow uses a GPU, whose library has forms of its own, or cannot
    compile, and none in a graph that cannot be cut between two operations.

    Parameters
    ----------
    graph
        The graph of a model.
    value
        Name of a tensor -> its value; None if it has none, or may change.
    """
    operations = graph.get_operations()
    if tf.config.get_visible_devices("GPU") or not _can_be_cut(operations):
        return {}
    found = {}
    for operation in operations:
        if operation.type == "Conv2D" and (geometry := _geometry(operation)):
            taps = _kernel(operation.inputs[1], value)
            if taps is not None and minimal_filtering.can_compile():
                reverse = taps[::-1].transpose(0, 2, 1)
                found[operation.name] = Convolution(
                    transformed(taps), transformed(reverse), *geometry
                )
    return found


def _can_be_cut(operations: Sequence[tf.Operation]) -> bool:
    """Tell whether a graph has no loop, and no operation that others only wait for."""
    waited = [other for operation in operations for other in operation.control_inputs]
    return not any(operation.type in LOOPS for operation in operations) and all(
        other.outputs for other in waited
    )


def _geometry(operation: tf.Operation) -> tuple[int, int, int, int] | None:
    """Return the sizes of a convolution, as of `Convolution`; None if it is not worth it."""
    x, kernel = (tensor.shape for tensor in operation.inputs)
    rates, padding = operation.get_attr("dilations"), operation.get_attr("padding")
    plain = set(operation.get_attr("strides")) == {1} and rates[1] == 1
    plain &= operation.get_attr("data_format") == b"NHWC" and padding in (b"VALID", b"SAME")
    if not plain or x.rank != 4 or x[1] != 1 or x[2] is None or not kernel.is_fully_defined():
        return None
    if kernel[:2].as_list() != [1, TAPS] or min(kernel[2:].as_list()) < MANY or x[3] != kernel[2]:
        return None
    around = (TAPS - 1) * rates[2]
    same = padding == b"SAME"
    length = x[2] if same else x[2] - around
    if length < 1 or not is_worth_it(length, rates[2], padded=same):
        return None
    left = around // 2 if same else 0
    return rates[2], x[2], left, length


def _kernel(tensor: tf.Tensor, value: ValueOf) -> NDArray | None:
    """Return the value (3, C, F) of a kernel (1, 3, C, F); None if it has none."""
    if tensor.op.type == "ExpandDims":  # of a convolution in one dimension
        return value(tensor.op.inputs[0].name)
    found = value(tensor.name)
    return None if found is None else found[0]
