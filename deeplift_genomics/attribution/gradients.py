"""Gradients at the window: saliency, and gradient x input.

With f the explained scalar and x the window, the hypothetical contribution of base b at position l
is df/dx[l, b]. Weights that a target holds fixed are those of the window. With the correction
`mean`, the mean over the four bases is subtracted at each position: the windows of training are
one-hot, so nothing has taught the model what to do with a part of the gradient that all four bases
share.

Gradient x input is x[l, b] df/dx[l, b], the product of the window with the same hypothetical
contributions: the observed base gets the gradient, and 0 where no base is known.

Sources: Simonyan, Vedaldi, Zisserman 2014, "Deep inside convolutional networks"; for the
correction, Majdandzic, Rajesh, Koo 2023, "Correcting gradient-based interpretations of deep neural
networks for genomics"; Shrikumar, Greenside, Shcherbina, Kundaje 2016, "Not just a black box", for
gradient x input.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from deeplift_genomics.attribution.method import Job
from deeplift_genomics.attribution.points import Derivatives
from deeplift_genomics.engine.batch import BatchFunction
from deeplift_genomics.settings.gradient_options import GradientOptions


def gradient(job: Job) -> BatchFunction:
    """Compile the gradient at the window; without a `correction`, gradient x input is the same."""
    options = job.chosen.options
    corrected = isinstance(options, GradientOptions) and options.correction == "mean"
    derivatives = Derivatives(job, 1, one_hot=True)

    def run(
        windows: NDArray, _: NDArray, *controls: NDArray
    ) -> dict[str, dict[str, NDArray[np.floating]]]:
        held = derivatives.hold(windows, None, controls)
        slopes = derivatives.at(windows[:, None], held, np.zeros(1, int))
        found = {}
        for text, values in slopes.items():
            slope = values[:, 0]
            if corrected:
                slope = slope - slope.mean(axis=-1, keepdims=True)
            found[text] = {"hypothetical": slope, "target": held.pairs[text].target[:, 0]}
        return found

    return run
