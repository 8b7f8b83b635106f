"""Elementwise arithmetic compiled together, so that large tensors are read and written once.

Convolutions stay TensorFlow's: its library runs them faster than XLA does.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

ARITHMETIC = having("arithmetic")
# below this many bases of references in a batch, compiling takes longer than it saves
WORTH_IT = 8192


def fused_arithmetic(bases: int) -> AbstractContextManager[object]:
    """Compile what arithmetic is built in this context, neighbours into one.

    `bases` are those of all references in a batch: B * R * L.
    """
    if bases < WORTH_IT:
        return nullcontext()
    return tf.xla.experimental.jit_scope(compile_ops=lambda node: node.op in ARITHMETIC)
