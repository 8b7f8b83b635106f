"""The same model with random weights in some of its layers.

The weights of a layer are its constants: kernel, bias, scales of a normalisation. Random weights
are the trained ones in random order, each constant on its own, so that they have the same
distribution. If contributions of such a model correlate with those of the trained one, they do not
depend on what it has learned. Source: Adebayo et al. 2018, "Sanity checks for saliency maps".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from zlib import crc32

import numpy as np

from deeplift_genomics.engine.path import live_path
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.graph.frozen import FrozenGraph
from deeplift_genomics.models.model import Model


def layers_of(model: Model, tensors: Sequence[str]) -> dict[str, list[str]]:
    """Return the layers with weights, from the top, and the constants of each.

    A layer is as near to the top as its last operation. Constants of one number, or of equal
    numbers, are no weights.

    Parameters
    ----------
    tensors
        The explained tensors.
    """
    frozen = model.frozen
    path = live_path(frozen, frozen.inputs[model.sequence.name], tensors)
    found: dict[str, list[str]] = {}
    seen: set[str] = set()
    for item in reversed(path):
        operation = frozen.graph.get_operation_by_name(item.name)
        beside = [t.op for i, t in enumerate(operation.inputs) if i not in item.live]
        for constant in _constants(frozen, beside):
            if constant not in seen and _varies(frozen, constant):
                found.setdefault(frozen.layer_of(item.name), []).append(constant)
            seen.add(constant)
    return found


def _constants(frozen: FrozenGraph, operations: list[tf.Operation]) -> Iterator[str]:
    """Yield the real constants from which operations are computed."""
    waiting, seen = list(operations), set[str]()
    while waiting:
        operation = waiting.pop()
        if operation.name in seen:
            continue
        seen.add(operation.name)
        is_constant = operation.type == "Const" or operation.name in frozen.weights
        if is_constant and operation.outputs[0].dtype.is_floating:
            yield operation.name
        waiting += [tensor.op for tensor in operation.inputs]


def _varies(frozen: FrozenGraph, constant: str) -> bool:
    """Return whether a constant has numbers that differ."""
    values = frozen.value(constant)
    assert values is not None
    return values.size > 1 and bool((values != values.flat[0]).any())


class OpenModel:
    """A model whose weights can be changed without compiling it again.

    Parameters
    ----------
    constants
        Names of the constants that can be changed.
    float64
        Whether the model is computed in double precision.

    Attributes
    ----------
    model
        The model, at first with its trained weights.
    """

    def __init__(self, model: Model, constants: Iterable[str], *, float64: bool = False) -> None:
        # the type in which the model is computed: a conversion would copy the weights as they are
        frozen = model.frozen.in_float64() if float64 else model.frozen.in_type(tf.float32)
        values = {name: frozen.value(name) for name in constants}
        self._trained = {name: value for name, value in values.items() if value is not None}
        self._open = {
            name: tf.Variable(value, trainable=False) for name, value in self._trained.items()
        }
        self.model = replace(model, frozen=frozen.with_weights(self._open))

    def randomise(self, constants: Iterable[str], seed: int) -> None:
        """Put the numbers of these constants in random order, and give others the trained ones.

        The order depends on the seed and on the name of the constant only.
        """
        wanted = set(constants)
        for name, variable in self._open.items():
            value = self._trained[name]
            variable.assign(_permuted(value, name, seed) if name in wanted else value)


def _permuted(values: np.ndarray, name: str, seed: int) -> np.ndarray:
    rng = np.random.default_rng([seed, crc32(name.encode())])
    return rng.permutation(values.ravel()).reshape(values.shape)
