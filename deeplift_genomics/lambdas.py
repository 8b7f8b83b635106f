"""Functions to put in the place of Lambda layers whose own code cannot be run.

They are named in a sample's `lambdas`: ``LAYER=deeplift_genomics.lambdas:logsumexp``.
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
