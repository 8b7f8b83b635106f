"""Layouts: the order in which a model's input has the positions and the channels of a sequence.

A layout is written as the axes of a window: ``(L, 4)``, positions first, or ``(4, L)``; models with
2D convolutions have an axis of size 1, too, as in ``(L, 1, 4)`` or ``(1, 4, L)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

PLAIN = "(L, 4)"
EITHER = "either"  # of the shape (4, 4)

Shape = Sequence[int | None]


def layout_of(shape: Shape) -> str | None:
    """Return the layout of a shape as a one-hot sequence, `EITHER`, or None if it cannot be one.

    A last axis of 4 has the channels. A first one has them if more than 4 positions follow, because
    fewer are rather tasks and strands.

    >>> layout_of((500, 4)), layout_of((4, 1, None)), layout_of((500, 2))
    ('(L, 4)', '(4, 1, L)', None)
    """
    axes = [i for i, size in enumerate(shape) if size != 1 or len(shape) == 2]
    if len(axes) != 2:
        return None
    first, second = (shape[i] for i in axes)
    if first == second == 4:
        return EITHER
    if second != 4 and (first != 4 or (second is not None and second < 4)):
        return None
    positions = axes[0] if second == 4 else axes[1]
    names = ["L" if i == positions else "4" if i in axes else "1" for i in range(len(shape))]
    return f"({', '.join(names)})"


def length_of(shape: Shape, layout: str) -> int | None:
    """Return the number of positions of a shape in its layout; None if it is open."""
    return shape[_axes(layout).index("L")]


def with_length(shape: Shape, layout: str, length: int) -> tuple[int | None, ...]:
    """Return the shape with this number of positions."""
    sizes = list(shape)
    sizes[_axes(layout).index("L")] = length
    return tuple(sizes)


def turned(tensor: Any, layout: str) -> Any:
    """Return a tensor (N, L, 4) with the axes of the layout after the first one."""
    from deeplift_genomics.graph.backend import tf

    axes = _axes(layout)
    if axes.index("4") < axes.index("L"):
        tensor = tf.transpose(tensor, (0, 2, 1))
    for i, name in enumerate(axes, start=1):
        if name == "1":
            tensor = tf.expand_dims(tensor, i)
    return tensor


def _axes(layout: str) -> list[str]:
    """Return the names of the axes, such as L, 1 and 4."""
    return layout.strip("()").split(", ")
