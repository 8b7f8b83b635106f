"""Elementwise arithmetic, compiled together so that large tensors are read and written once.

TensorFlow itself computes the convolutions: its library is faster than XLA.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

ARITHMETIC = having("arithmetic")
# below this many bases of references in a batch, compiling takes longer than it saves
WORTH_IT = 8192
_UNFUSED = ContextVar("_UNFUSED", default=False)


@contextmanager
def unfused() -> Iterator[None]:
    """Leave all arithmetic that is built in this context to TensorFlow."""
    token = _UNFUSED.set(True)
    try:
        yield
    finally:
        _UNFUSED.reset(token)


def fused_arithmetic(bases: int) -> AbstractContextManager[object]:
    """Compile the arithmetic that is built in this context, neighbours into one operation.

    `bases` is their number in all references of a batch: B * R * L.
    """
    if bases < WORTH_IT or _UNFUSED.get():
        return nullcontext()
    return tf.xla.experimental.jit_scope(compile_ops=lambda node: node.op in ARITHMETIC)
