"""A model whose outputs try the axioms of attribution, and what a method makes of them."""

from collections.abc import Callable
from functools import cache

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
BOTH = np.concatenate([WINDOW, WINDOW[:, ::-1, ::-1]])  # and its reverse complement
REFERENCES = np.zeros((2, 1, L, 4), "float32")
# two outputs that are one function each; the first pair is from Sundararajan et al. 2017
TWINS = (("above_1", "above_1_again"), ("smaller", "smaller_again"), ("linear", "linear_again"))
PAIR = ("pair_0", "pair_1")
WITH_CONVOLUTIONS = ("ignoring", *PAIR, "symmetric", *TWINS[2])
relu = ops.relu


def _of_two(x0: object, function: Callable, name: str) -> object:
    """Return a function of two numbers: 3 and 1 at the window, from its bases at 10 and 11."""
    numbers = []
    for position, size in ((10, 3.0), (11, 1.0)):
        base = int(WINDOW[0, position].argmax())
        numbers.append(size * x0[:, position, base : base + 1])
    return layers.Identity(name=name)(function(*numbers))


@cache
def model() -> keras.Model:
    """Build the model; each output has one unit.

    `ignoring` reads nothing but the bases 8 to 15. `saturating` is changed by one base, and does
    not change right beside the window. `pair_0` and `pair_1` share their layers. `symmetric` is the
    same for a window and its reverse complement.
    """
    x0 = layers.Input((L, 4), name="sequence")
    x = layers.Conv1D(3, 4, activation="relu")(layers.Cropping1D(8)(x0))
    found = [layers.Dense(1, name="ignoring")(layers.Flatten()(x))]
    for name, function in (
        ("saturating", lambda a, b: 1 - relu(1 - a)),
        ("above_1", lambda a, b: relu(relu(a) - 1 - relu(b))),
        ("above_1_again", lambda a, b: relu(relu(a - 1) - relu(b))),
        ("smaller", lambda a, b: a - relu(a - b)),
        ("smaller_again", lambda a, b: b - relu(b - a)),
    ):
        found.append(_of_two(x0, function, name))
    x = layers.GlobalAveragePooling1D()(layers.Conv1D(5, 4, activation="relu")(x0))
    x = layers.ReLU()(layers.Dense(4)(x))
    found += [layers.Dense(1, name=name)(x) for name in PAIR]
    convolution = layers.Conv1D(6, 4, activation="relu", name="both_strands")
    dense = layers.Dense(1, name="symmetric")
    found.append(dense(layers.GlobalAveragePooling1D()(convolution(x0))))
    made = [layers.Conv1D(2, 3, use_bias=False), layers.Conv1D(1, 1, use_bias=False)]
    at_once = layers.Conv1D(1, 3, use_bias=False)
    for name, ys in (("linear", made), ("linear_again", [at_once])):
        x = x0
        for layer in ys:
            x = layer(x)
        found.append(layers.Identity(name=name)(layers.GlobalAveragePooling1D()(x)))
    whole = randomise(keras.Model(x0, found))
    kernel = np.random.default_rng(3).normal(size=(4, 4, 3))
    both = np.concatenate([kernel, kernel[::-1, ::-1]], axis=2)
    convolution.set_weights([both, np.tile([0.1, -0.2, 0.3], 2)])
    dense.set_weights([np.tile([[1.0], [-2.0], [0.5]], (2, 1)), np.zeros(1)])
    at_once.set_weights([made[0].get_weights()[0] @ made[1].get_weights()[0][0]])
    return whole


@cache
def scores(name: str) -> dict[str, np.ndarray]:
    """Return contributions (2, L) of both windows, by a method with its default options.

    They are by output, and for `difference`, of the pair. Grad-CAM has those with convolutions.
    """
    outputs = WITH_CONVOLUTIONS if name == "grad_cam" else model().output_names
    targets = {output: f"output:{output}[0]" for output in outputs}
    targets["difference"] = "-".join(targets[output] for output in PAIR)
    references = REFERENCES if choose(name).references else None
    found = attribute(
        from_keras(model()), BOTH, references, list(targets.values()), method=name, tolerance=0.1
    )
    return {output: found[text].contributions.sum(axis=2) for output, text in targets.items()}
