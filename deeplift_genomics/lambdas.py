"""Functions and layers to put in the place of those whose own code cannot be run.

A function is named in a sample's `lambdas`, ``LAYER=deeplift_genomics.lambdas:logsumexp``, the
layers of a program in its `custom_objects`, ``deeplift_genomics.lambdas:bpreveal``.
"""

from __future__ import annotations

from typing import Any


def logsumexp(x: Any) -> Any:
    """Return log(sum(exp(x))) over the last axis, which stays, with size 1.

    ChromBPNet (Pampari et al. 2024) joins the log-counts of its bias model and of its accessibility
    model, concatenated to (N, 2), by this function in a Lambda layer.
    """
    from deeplift_genomics.graph.backend import tf

    # as x - log_softmax(x), of which every column is the same: one operation that has a rule, where
    # tf.reduce_logsumexp is a dozen, some of them tests for infinities that have none
    return x[..., :1] - tf.nn.log_softmax(x)[..., :1]


def bpreveal() -> dict[str, Any]:
    """Return the layer of BPReveal's combined models, by name.

    CountsLogSumExp takes the log-counts of the bias model and of the residual model, a and b, both
    (N, 1), and gives log(exp(a) + exp(b)).
    """
    from deeplift_genomics.graph.backend import keras, tf

    class CountsLogSumExp(keras.layers.Layer):
        """The layer of that name, as a log-sum-exp of the two side by side."""

        def call(self, a: Any, b: Any) -> Any:
            return logsumexp(tf.concat([a, b], axis=-1))

    return {"CountsLogSumExp": CountsLogSumExp}
