"""The toy networks with which the paper argues, and what each method gives on them.

Each network reads its inputs from the bases: an input is the weight of the base at one position.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
from keras import layers

from benchmarks.reproduction.methods import STEPS, compared_with
from deeplift_genomics import attribute
from deeplift_genomics.dna.sequence import encode, one_hot
from deeplift_genomics.models.freezing import from_keras

Tensor = Any


@dataclass(frozen=True)
class Toy:
    """A toy network y(i1), or y(i1, i2), whose reference is all A.

    Attributes
    ----------
    formula
        The network.
    inputs
        The value of each base A, C, G, T; that of A is 0.
    windows
        The windows that are explained.
    network
        Function from the inputs (N, number) to y (N, 1).
    """

    formula: str
    inputs: tuple[float, float, float, float]
    windows: tuple[str, ...]
    network: Callable[[Tensor], Tensor]

    @property
    def number(self) -> int:
        """Number of inputs."""
        return len(self.windows[0])

    def values(self, window: str) -> list[float]:
        """Return the inputs of a window."""
        return [self.inputs["ACGT".index(base)] for base in window]

    def model(self) -> keras.Model:
        """Build the Keras model."""
        sequence = keras.Input((self.number, 4), name="sequence")
        read = layers.Conv1D(1, 1, use_bias=False, name="read")
        inputs = layers.Flatten()(read(sequence))
        model = keras.Model(sequence, self.network(inputs))
        read.set_weights([np.array(self.inputs, np.float32).reshape(1, 4, 1)])
        return model


def _dense(weights: list[float], bias: float) -> layers.Layer:
    kernel = keras.initializers.Constant(np.array(weights)[:, None])
    return layers.Dense(
        1, kernel_initializer=kernel, bias_initializer=keras.initializers.Constant(bias)
    )


def _saturation(x: Tensor) -> Tensor:
    return _dense([-1], 1)(layers.ReLU()(_dense([-1, -1], 1)(x)))


def _threshold(x: Tensor) -> Tensor:
    return _dense([1], 0)(layers.ReLU()(_dense([1], -10)(x)))


def _minimum(x: Tensor) -> Tensor:
    rest = layers.ReLU()(_dense([1, -1], 0)(x))
    return layers.Subtract()([_dense([1, 0], 0)(x), rest])


TOYS = {
    "saturation": Toy("y = 1 - max(0, 1 - i1 - i2)", (0, 1, 1, 1), ("AC", "CC"), _saturation),
    "threshold": Toy("y = max(0, i1 - 10)", (0, 9.75, 10.25, 12), ("C", "G", "T"), _threshold),
    "minimum": Toy(
        "y = i1 - max(0, i1 - i2) = min(i1, i2)", (0, 1, 2, 3), ("TC", "CT", "GG"), _minimum
    ),
}


def measure(steps: int = STEPS, only: Sequence[str] = tuple(TOYS)) -> dict[str, dict[str, Any]]:
    """Return toy -> inputs and outputs of each window, and contributions by each method.

    Contributions are (windows, inputs), one for each input; integrated gradients take `steps`.
    """
    found = {}
    for name in only:
        toy = TOYS[name]
        windows = one_hot(np.stack([encode(text) for text in toy.windows]), np.float32)
        zero = one_hot(encode("A" * toy.number), np.float32)
        references = np.broadcast_to(zero, (len(windows), 1, *zero.shape))
        model, methods = from_keras(toy.model()), {}
        for compared in compared_with(steps):
            scores = attribute(
                model,
                windows,
                references if compared.references else None,
                f"output:{model.heads[0].name}[0]",
                float64=True,
                **compared.arguments,
            )
            (found_here,) = scores.values()
            methods[compared.title] = found_here.contributions.sum(axis=-1).tolist()
        found[name] = {
            "inputs": [toy.values(text) for text in toy.windows],
            "outputs": found_here.target.tolist(),
            "methods": methods,
        }
    return found
