"""Gradients at the window: saliency.

With f the explained scalar and x the window, the hypothetical contribution of base b at position l
is df/dx[l, b]. Weights that a target holds fixed are those of the window. With the correction
`mean`, the mean over the four bases is subtracted at each position: the windows of training are
one-hot, so nothing has taught the model what to do with a part of the gradient that all four bases
share.

Sources: Simonyan, Vedaldi, Zisserman 2014, "Deep inside convolutional networks"; for the
correction, Majdandzic, Rajesh, Koo 2023, "Correcting gradient-based interpretations of deep neural
networks for genomics".
"""

from __future__ import annotations

from collections.abc import Mapping

from deeplift_genomics.attribution.method import Job
from deeplift_genomics.engine.batch import BatchFunction, compile_function
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.graph.backend import tf
from deeplift_genomics.settings.method_options import GradientOptions


def gradient(job: Job) -> BatchFunction:
    """Compile the gradient at the window."""
    options, frozen, sequence = job.chosen.options, job.frozen, job.model.sequence.name
    assert isinstance(options, GradientOptions)

    def compute(
        windows: tf.Tensor, references: tf.Tensor, controls: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        copy = GraphCopy(frozen, {sequence: windows, **controls}, "window")
        found = {}
        for text, target in job.targets.items():
            ends = {name: copy.tensor(name) for name in target.seeds}
            seeds = [make(ends[name], ends[name]) for name, make in target.seeds.items()]
            (slope,) = tf.gradients([*ends.values()], windows, [seed.multiplier for seed in seeds])
            slope = tf.zeros_like(windows) if slope is None else slope
            if options.correction == "mean":
                slope -= tf.reduce_mean(slope, axis=-1, keepdims=True)
            found[text] = {"hypothetical": slope, "target": sum(seed.target for seed in seeds)}
        return found

    return compile_function(frozen, sequence, job.shape, controls=job.controls, compute=compute)
