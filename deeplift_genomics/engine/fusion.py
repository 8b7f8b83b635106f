"""Elementwise arithmetic, compiled together so that large tensors are read and written once.

TensorFlow itself computes the convolutions: its library is faster than XLA.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

ARITHMETIC = having("arithmetic")
# below this many bases of references in a batch, compiling takes longer than it saves
WORTH_IT = 8192


def fused_arithmetic(bases: int) -> AbstractContextManager[object]:
    """Compile the arithmetic that is built in this context, neighbours into one operation.

    `bases` is their number in all references of a batch: B * R * L.
    """
    if bases < WORTH_IT:
        return nullcontext()
    return tf.xla.experimental.jit_scope(compile_ops=lambda node: node.op in ARITHMETIC)
