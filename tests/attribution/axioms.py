"""Small models on which axioms of attribution are tried, and what a method makes of them."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from keras import layers, ops

from deeplift_genomics.attribution.explain import attribute
from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.models.freezing import from_keras
from deeplift_genomics.settings.methods import choose
from tests.attribution.models import randomise

L = 24
WINDOW = one_hot(np.random.default_rng(4).integers(0, 4, (1, L)), "float32")
REFERENCES = np.zeros((1, 1, L, 4), "float32")


def scores(
    name: str,
    model: keras.Model,
    target: str = "output:out[0]",
    windows: np.ndarray = WINDOW,
    references: np.ndarray = REFERENCES,
) -> np.ndarray:
    """Return contributions (L,) of the one window by a method with its default options."""
    given = references if choose(name).references else None
    found = attribute(from_keras(model), windows, given, target, method=name, tolerance=1e-3)
    return found[target].contributions[0].sum(axis=1)


def of_two(function: Callable) -> keras.Model:
    """Return a model of two numbers: 3 and 1 at the window, which its bases 10 and 11 give."""
    x0 = layers.Input((L, 4), name="sequence")
    numbers = []
    for position, size in ((10, 3.0), (11, 1.0)):
        base = int(WINDOW[0, position].argmax())
        numbers.append(size * x0[:, position, base : base + 1])
    return keras.Model(x0, layers.Identity(name="out")(function(*numbers)))


def relu(x: object) -> object:
    return ops.relu(x)


def saturating() -> keras.Model:
    """Return a model that one base changes, and that does not change right beside the window."""
    return of_two(lambda a, b: 1 - relu(1 - a))


def ignoring() -> keras.Model:
    """Return a model that reads nothing but the bases 8 to 15."""
    x0 = layers.Input((L, 4), name="sequence")
    x = layers.Conv1D(3, 4, activation="relu")(layers.Cropping1D(8)(x0))
    return randomise(keras.Model(x0, layers.Dense(1, name="out")(layers.Flatten()(x))))


def two_heads() -> keras.Model:
    """Return a model with two outputs."""
    x0 = layers.Input((L, 4), name="sequence")
    x = layers.GlobalAveragePooling1D()(layers.Conv1D(5, 4, activation="relu")(x0))
    return randomise(
        keras.Model(x0, layers.Dense(2, name="out")(layers.ReLU()(layers.Dense(4)(x))))
    )


def symmetric() -> keras.Model:
    """Return a model that gives a window and its reverse complement the same output."""
    kernel = np.random.default_rng(3).normal(size=(4, 4, 3))
    both = np.concatenate([kernel, kernel[::-1, ::-1]], axis=2)
    x0 = layers.Input((L, 4), name="sequence")
    convolution = layers.Conv1D(6, 4, activation="relu")
    x = layers.GlobalAveragePooling1D()(convolution(x0))
    dense = layers.Dense(1, name="out")
    model = keras.Model(x0, dense(x))
    convolution.set_weights([both, np.tile([0.1, -0.2, 0.3], 2)])
    dense.set_weights([np.tile([[1.0], [-2.0], [0.5]], (2, 1)), np.zeros(1)])
    return model


def chain(kernels: Sequence[np.ndarray]) -> keras.Model:
    """Return convolutions with nothing between them, their outputs averaged."""
    x0 = layers.Input((L, 4), name="sequence")
    x, made = x0, []
    for kernel in kernels:
        made.append(layers.Conv1D(kernel.shape[2], len(kernel), use_bias=False))
        x = made[-1](x)
    model = keras.Model(x0, layers.Identity(name="out")(layers.GlobalAveragePooling1D()(x)))
    for layer, kernel in zip(made, kernels, strict=True):
        layer.set_weights([kernel])
    return model


_FIRST = np.random.default_rng(6).normal(size=(3, 4, 2))
_SECOND = np.array([[[1.0], [-0.5]]])
# two graphs of one function each; the first pair is from the appendix of Sundararajan et al. 2017
TWINS: dict[str, Callable[[], tuple[keras.Model, keras.Model]]] = {
    "difference above 1": lambda: (
        of_two(lambda a, b: relu(relu(a) - 1 - relu(b))),
        of_two(lambda a, b: relu(relu(a - 1) - relu(b))),
    ),
    "smaller of two": lambda: (
        of_two(lambda a, b: a - relu(a - b)),
        of_two(lambda a, b: b - relu(b - a)),
    ),
    "two linear layers": lambda: (chain([_FIRST, _SECOND]), chain([_FIRST @ _SECOND[0]])),
}
