"""The scores of Xplique: ``python -m benchmarks.peers_of_methods.xplique_side FOLDER``.

A model of sequences (N, L, 4) is what Xplique calls a model of time series.
"""

import os
from functools import cache
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from sklearn.linear_model import Ridge
from xplique import attributions

from benchmarks.peers_of_methods.keras_twin import in_two_dimensions, load
from benchmarks.peers_of_methods.sides import Methods, Question, answer

BATCH = 64
METHODS = Methods()
load = cache(load)


def explained(kind: Any, question: Question, **settings: Any) -> NDArray:
    """Return the scores of a kind of explainer at the windows."""
    tf.random.set_seed(1)
    return scores(kind(load(question.folder), batch_size=BATCH, **settings), question.windows)


def scores(explainer: Any, windows: NDArray) -> NDArray:
    """Return the scores of an explainer, for the only output."""
    return np.asarray(explainer.explain(windows, np.ones((len(windows), 1))), np.float64)


@METHODS.named("gradient")
def gradient(question: Question) -> NDArray:
    """Return gradients without their sign, as Xplique has them."""
    return explained(attributions.Saliency, question)


@METHODS.named("gradient_x_input")
def gradient_x_input(question: Question) -> NDArray:
    """Return gradient times input."""
    return explained(attributions.GradientInput, question)


@METHODS.named("integrated_gradients, trapezoid")
def integrated_gradients(question: Question) -> NDArray:
    """Return integrated gradients from zeros; its steps count both ends of the path."""
    steps = question.options["steps"] + 1
    return explained(attributions.IntegratedGradients, question, steps=steps).sum(axis=-1)


@METHODS.named("smoothgrad, mean", "smoothgrad, squared", "smoothgrad, variance")
def smoothgrad(question: Question) -> NDArray:
    """Return one of the forms of SmoothGrad."""
    kind = {
        "mean": attributions.SmoothGrad,
        "squared": attributions.SquareGrad,
        "variance": attributions.VarGrad,
    }[question.options["form"]]
    samples, noise = question.options["samples"], question.options["sigma"]
    return explained(kind, question, nb_samples=samples, noise=noise)


@METHODS.named("guided_backpropagation")
def guided_backpropagation(question: Question) -> NDArray:
    """Return guided backpropagation."""
    return explained(attributions.GuidedBackprop, question)


@METHODS.named("deconvolution")
def deconvolution(question: Question) -> NDArray:
    """Return deconvolution."""
    return explained(attributions.DeconvNet, question)


@METHODS.named("grad_cam")
def grad_cam(question: Question) -> NDArray:
    """Return Grad-CAM of the last convolution of the twin in two dimensions."""
    twin, windows = in_two_dimensions(question.folder), question.windows[:, :, None]
    found = np.asarray(load(question.folder)(question.windows)), np.asarray(twin(windows))
    np.testing.assert_allclose(*found, rtol=1e-4)
    last = [layer.name for layer in twin.layers if isinstance(layer, keras.layers.Conv2D)][-1]
    return scores(attributions.GradCAM(twin, conv_layer=last), windows)[:, :, 0, 0]


@METHODS.named("occlusion, zeros", "occlusion, zeros, overlapping")
def occlusion(question: Question) -> NDArray:
    """Return occlusion: the mean over stretches that a position is in, where Xplique adds up."""
    length, stride = question.options["length"], question.options["stride"]
    settings = {"patch_size": (length, 4), "patch_stride": (stride, 4)}
    # windows come back joined along their first axis
    found = explained(attributions.Occlusion, question, **settings).reshape(question.windows.shape)
    at = np.arange(found.shape[1])
    starts = range(0, len(at) - length + 1, stride)
    return found[:, :, 0] / sum((at >= start) & (at < start + length) for start in starts)


def surrogate(kind: Any, question: Question, **settings: Any) -> NDArray:
    """Return the scores of an explainer of segments."""

    def segments(window: tf.Tensor) -> tf.Tensor:
        places = tf.range(window.shape[0]) // question.case.options["segment"]
        return tf.repeat(places[:, None], window.shape[1], axis=1)

    samples = question.options["samples"]
    settings |= {"map_to_interpret_space": segments, "nb_samples": samples}
    return question.of_segments(explained(kind, question, **settings)[:, :, 0])


@METHODS.named("lime")
def lime(question: Question) -> NDArray:
    """Return LIME with the cosine distance: Xplique's own is 1 + cosine, not 1 - cosine."""
    width, penalty = question.options["width"], question.options["penalty"]

    def similarity(window: tf.Tensor, kept: tf.Tensor, samples: tf.Tensor) -> tf.Tensor:
        flat = tf.reshape(samples, (len(samples), -1))
        # Keras calls less the cosine a similarity
        distance = 1 + keras.losses.cosine_similarity(tf.reshape(window, (1, -1)), flat)
        return tf.exp(-((distance / width) ** 2))

    model = Ridge(alpha=penalty)
    given = {"similarity_kernel": similarity, "interpretable_model": model}
    return surrogate(attributions.Lime, question, **given)


@METHODS.named("kernel_shap, zeros")
def kernel_shap(question: Question) -> NDArray:
    """Return KernelSHAP, whose scores do not add up to the difference in target."""
    return surrogate(attributions.KernelShap, question)


if __name__ == "__main__":
    answer("xplique", METHODS, ("xplique", "tensorflow-cpu", "keras", "numpy"))
