"""The scores of Xplique: ``python -m benchmarks.peers_of_methods.xplique_side FOLDER WINDOWS CASE...``.

It writes xplique.npz to FOLDER, with a name for each case and level. A model of sequences (N, L, 4)
is what Xplique calls a model of time series.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from xplique import attributions

from benchmarks.attribution.network import Network
from benchmarks.peers_of_methods.cases import (
    CASES,
    LIME_WIDTH,
    Case,
    by_segment,
    read_sequences,
)

BATCH = 64
# case -> function of (model, case, options, windows), which returns scores
Explain = Callable[[keras.Model, Case, dict[str, Any], NDArray], NDArray]
METHODS: dict[str, Explain] = {}


def named(*labels: str) -> Callable[[Explain], Explain]:
    """Enter a function in `METHODS` for cases."""

    def enter(function: Explain) -> Explain:
        METHODS.update(dict.fromkeys(labels, function))
        return function

    return enter


def explained(explainer: Any, windows: NDArray) -> NDArray:
    """Return the scores of the only output at windows."""
    return np.asarray(explainer.explain(windows, np.ones((len(windows), 1))), np.float64)


@named("gradient")
def saliency(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return gradients without their sign, as Xplique has them."""
    return explained(attributions.Saliency(model, batch_size=BATCH), windows)


@named("gradient_x_input")
def gradient_input(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return gradient times input."""
    return explained(attributions.GradientInput(model, batch_size=BATCH), windows)


@named("integrated_gradients, trapezoid")
def integrated(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return integrated gradients from zeros; its steps count both ends of the path."""
    steps = options["steps"] + 1
    explainer = attributions.IntegratedGradients(model, batch_size=BATCH, steps=steps)
    return explained(explainer, windows).sum(axis=-1)


@named("smoothgrad, mean", "smoothgrad, squared", "smoothgrad, variance")
def smooth(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return one of the forms of SmoothGrad."""
    tf.random.set_seed(1)
    kinds = {
        "mean": attributions.SmoothGrad,
        "squared": attributions.SquareGrad,
        "variance": attributions.VarGrad,
    }
    given = {"nb_samples": options["samples"], "noise": options["sigma"]}
    return explained(kinds[options["form"]](model, batch_size=BATCH, **given), windows)


@named("guided_backpropagation", "deconvolution")
def other_relu(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return gradients with another rule for ReLU."""
    guided = case.method == "guided_backpropagation"
    kind = attributions.GuidedBackprop if guided else attributions.DeconvNet
    return explained(kind(model, batch_size=BATCH), windows)


@named("grad_cam")
def grad_cam(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return Grad-CAM of the last convolution of the twin in two dimensions."""
    twin = in_two_dimensions(model.folder)
    given = windows[:, :, None]
    outputs = [np.asarray(made(x)) for made, x in ((model, windows), (twin, given))]
    np.testing.assert_allclose(*outputs, rtol=1e-5)
    last = [layer.name for layer in twin.layers if isinstance(layer, keras.layers.Conv2D)][-1]
    explainer = attributions.GradCAM(twin, conv_layer=last)
    return explained(explainer, given).reshape(windows.shape[:2])


@named("occlusion, zeros", "occlusion, zeros, overlapping")
def occlusion(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return occlusion; Xplique adds up the stretches that a position is in, here it is a mean."""
    length, stride, n = options["length"], options["stride"], windows.shape[1]
    explainer = attributions.Occlusion(
        model, batch_size=BATCH, patch_size=(length, 4), patch_stride=(stride, 4)
    )
    starts = range(0, n - length + 1, stride)
    number = sum((np.arange(n) >= start) & (np.arange(n) < start + length) for start in starts)
    # it joins the windows along their first axis
    found = explained(explainer, windows).reshape(windows.shape)
    return found[:, :, 0] / number


def segments(case: Case) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return the function that says of each value of a window which segment it is in."""

    def of_window(window: tf.Tensor) -> tf.Tensor:
        positions = tf.range(window.shape[0]) // case.options["segment"]
        return tf.repeat(positions[:, None], window.shape[1], axis=1)

    return of_window


def of_segments(found: NDArray, case: Case) -> NDArray:
    """Return the scores of positions from those that Xplique gives each base of a segment."""
    return by_segment(found[:, :: case.options["segment"], 0], case)


@named("lime")
def lime(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return LIME, with the distance that its name says.

    Xplique's own `cosine` takes 1 - s with s from Keras, which is less the cosine: the farther a
    sample, the more it weighs.
    """
    tf.random.set_seed(1)

    def similarity(window: tf.Tensor, kept: tf.Tensor, samples: tf.Tensor) -> tf.Tensor:
        cosine = -keras.losses.cosine_similarity(
            tf.reshape(window, (1, -1)), tf.reshape(samples, (len(samples), -1))
        )
        return tf.exp(-(((1 - cosine) / options["width"]) ** 2))

    explainer = attributions.Lime(
        model,
        batch_size=BATCH,
        interpretable_model=Ridge(alpha=options["penalty"]),
        similarity_kernel=similarity,
        map_to_interpret_space=segments(case),
        nb_samples=options["samples"],
    )
    return of_segments(explained(explainer, windows), case)


@named("kernel_shap, zeros")
def kernel_shap(model: keras.Model, case: Case, options: dict, windows: NDArray) -> NDArray:
    """Return KernelSHAP, in which scores need not add up."""
    tf.random.set_seed(1)
    explainer = attributions.KernelShap(
        model,
        batch_size=BATCH,
        map_to_interpret_space=segments(case),
        nb_samples=options["samples"],
    )
    return of_segments(explained(explainer, windows), case)


def in_two_dimensions(folder: Path) -> keras.Model:
    """Build the same network of sequences (N, L, 1, 4), for the counts."""
    network, weights = Network.read(folder / "network.json"), np.load(folder / "weights.npz")
    x0 = keras.Input((network.window_length, 1, 4))
    values = {network.sequence: x0}
    for layer in network.before(["counts"]):
        inputs = [values[name] for name in layer.inputs]
        activation = "relu" if layer.relu else None
        made = {
            "Conv1D": lambda layer=layer, activation=activation: keras.layers.Conv2D(
                layer.channels,
                (layer.kernel, 1),
                dilation_rate=(layer.dilation, 1),
                padding=layer.padding,
                activation=activation,
                name=layer.name,
            ),
            "Add": keras.layers.Add,
            "GlobalAveragePooling1D": keras.layers.GlobalAveragePooling2D,
            "Dense": lambda layer=layer: keras.layers.Dense(layer.channels),
        }[layer.kind]()
        values[layer.name] = made(inputs if len(inputs) > 1 else inputs[0])
        if layer.kind in ("Conv1D", "Dense"):
            kernel, bias = (weights[f"{layer.name}/{what}"] for what in ("kernel", "bias"))
            made.set_weights([kernel[:, None] if layer.kind == "Conv1D" else kernel, bias])
    return keras.Model(x0, total(values[network.heads["counts"]]))


def total(counts: keras.KerasTensor) -> keras.KerasTensor:
    """Sum the counts of all strands, (N, 1)."""
    summed = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones", trainable=False)
    return summed(counts)


def main() -> None:
    """Score the windows with those of the cases that Xplique has."""
    folder, number, labels = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    windows, _ = read_sequences(folder, number)
    (path,) = folder.glob("model.*")
    stored = keras.models.load_model(path, compile=False)
    head = Network.read(folder / "network.json").heads["counts"]
    model = keras.Model(stored.inputs, total(stored.get_layer(head).output))
    model.folder = folder
    found = {}
    for label in labels:
        if label in METHODS:
            case = CASES[label]
            for level, options in case.levels.items():
                found[f"{label}/{level}"] = METHODS[label](model, case, options, windows)
            print(label, file=sys.stderr, flush=True)
    np.savez(folder / "xplique.npz", **found)


if __name__ == "__main__":
    main()
