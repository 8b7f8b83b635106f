"""Rules of methods that pass the derivative back, but for ReLU-like activations.

Guided backpropagation and deconvolution differ from the gradient at these alone, with y = f(x) and
m the multiplier of y:

=======================  ==========================
the gradient             m_x = m f'(x)
deconvolution            m_x = max(m, 0)
guided backpropagation   m_x = max(m, 0) f'(x)
=======================  ==========================

ReLU-like are ReLU, ReLU6, LeakyReLU, ELU, SELU and the maximum with a constant of 0, which is ReLU
written by hand. Smooth activations (softplus, GELU, swish, sigmoid, tanh, ...), softmax, pooling
and products pass their derivative.

Sources: Springenberg, Dosovitskiy, Brox, Riedmiller 2015, "Striving for simplicity: the all
convolutional net"; Zeiler, Fergus 2014, "Visualizing and understanding convolutional networks".
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from tensorflow.python.framework import ops

from deeplift_genomics.engine.evaluated import Evaluated, Rule
from deeplift_genomics.engine.path import PathOperation
from deeplift_genomics.engine.rule_sets import LOOPS, Plain, RuleSet
from deeplift_genomics.engine.rules import identity
from deeplift_genomics.engine.transposes import Multiplier, vector_jacobian_product
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.operations import having

RELU_LIKE = having("relu_like")
IDENTITY = having("identity")


def derivative(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """Return m_x = J^T m_y; whole numbers and conditions get none."""
    operation = op.at_window
    if op.minimal and op.live == (0,):
        return [op.minimal.back(multipliers[0])]
    found: list[Multiplier] = [None] * len(op.live)
    real = [k for k, i in enumerate(op.live) if operation.inputs[i].dtype.is_floating]
    passed = [
        m if y.dtype.is_floating else None
        for y, m in zip(operation.outputs, multipliers, strict=True)
    ]
    if real and any(m is not None for m in passed):
        inputs = [operation.inputs[op.live[k]] for k in real]
        for k, m in zip(
            real, vector_jacobian_product(operation.outputs, inputs, passed), strict=True
        ):
            found[k] = m
    return found


def guided(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """Return m_x = max(m, 0) f'(x)."""
    return derivative(op, [tf.nn.relu(multipliers[0])])


def deconvolved(op: Evaluated, multipliers: Sequence[Multiplier]) -> list[Multiplier]:
    """Return m_x = max(m, 0)."""
    return [tf.nn.relu(multipliers[0])]


def rule_set(method: str, of_relu: Rule) -> RuleSet:
    """Return the rules of a method that passes the derivative back, but for ReLU-like functions."""

    def find(item: PathOperation, operation: tf.Operation) -> tuple[Rule | None, str]:
        if item.type.startswith(LOOPS) or not has_derivative(operation):
            return None, "has no derivative that could be followed"
        if item.type in IDENTITY:
            return identity, ""
        return (of_relu if is_relu_like(item, operation) else derivative), ""

    return RuleSet(method, find, Plain)


def has_derivative(operation: tf.Operation) -> bool:
    """Tell whether TensorFlow knows a derivative, which may be 0 everywhere."""
    try:
        ops.get_gradient_function(operation)
    except LookupError:
        return False
    return True


def is_differentiable(operation: tf.Operation) -> bool:
    """Tell whether TensorFlow has a derivative for an operation, other than none."""
    try:
        return ops.get_gradient_function(operation) is not None
    except LookupError:
        return False


def is_relu_like(item: PathOperation, operation: tf.Operation) -> bool:
    """Tell whether an operation of the path is a ReLU, or like it."""
    if item.type == "Maximum" and len(item.live) == 1:
        x, other = operation.inputs[item.live[0]], operation.inputs[1 - item.live[0]]
        constant = tf.get_static_value(other)
        zero = other.op.type == "ZerosLike" or (constant is not None and not np.any(constant))
        return zero and x.shape.as_list() == operation.outputs[0].shape.as_list()
    return item.type in RELU_LIKE
