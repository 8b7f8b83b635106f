"""DeepLIFT: multipliers by one of three sets of rules, and scores from multipliers.

Source: Shrikumar, Greenside, Kundaje 2017, "Learning important features through propagating
activation differences".
"""

from __future__ import annotations

from functools import partial

import numpy as np

from deeplift_genomics.attribution.alike import group_alike
from deeplift_genomics.attribution.method import Job
from deeplift_genomics.engine.batch import BatchFunction, compile_batch
from deeplift_genomics.engine.propagate import Walk
from deeplift_genomics.engine.reveal_cancel import RevealCancel
from deeplift_genomics.engine.rule_sets import Plain, RuleSet, find_route
from deeplift_genomics.engine.rules import find_rule, identity, linear
from deeplift_genomics.errors import InputError
from deeplift_genomics.graph.backend import tf

TITLE = "DeepLIFT"
# a linear operation needs no values under Rescale; RevealCancel divides its differences by sign
RULE_SETS: dict[str, RuleSet] = {
    "rescale": RuleSet(TITLE, find_rule, Plain, without_values=frozenset({linear, identity})),
    "reveal_cancel": RuleSet(TITLE, find_rule, RevealCancel),
    "genomics_default": RuleSet(TITLE, find_rule, partial(RevealCancel, genomics_default=True)),
}


def prepare(job: Job) -> BatchFunction:
    """Compile DeepLIFT for a job.

    Raises
    ------
    InputError
        If there is no such set of rules.
    UnsupportedOperationError, ModelError
        As `find_route` and `compile_batch` raise them.
    """
    if job.rules not in RULE_SETS:
        raise InputError(f"Rules {job.rules!r} are not known; there are: {', '.join(RULE_SETS)}.")
    return compile_batch(
        find_route(job.frozen, job.model.sequence.name, job.sinks, RULE_SETS[job.rules]),
        job.shape,
        controls=job.controls,
        targets=group_alike(job.targets),
        summarise=summarise,
    )


def summarise(windows: tf.Tensor, references: tf.Tensor, walk: Walk) -> dict[str, tf.Tensor]:
    """Return the arrays of a batch from its multipliers; `Scores` describes each.

    Windows are (B, L, 4), references (B, R, L, 4), and so are the walk's multipliers.
    """
    r, m = references.shape[1], walk.multipliers
    hypothetical = m - tf.reduce_sum(references * m, axis=-1, keepdims=True)
    observed = tf.reduce_sum(windows[:, None] * hypothetical, axis=-1)
    at_position = tf.reduce_sum(m * (windows[:, None] - references), axis=-1)
    mean = tf.reduce_mean(observed, axis=1, keepdims=True)
    variance = tf.reduce_sum(tf.square(observed - mean), axis=1) / (r - 1 if r > 1 else np.nan)
    difference = walk.target - walk.reference_target
    return {
        "hypothetical": tf.reduce_mean(hypothetical, axis=1),
        "target": tf.reduce_mean(walk.target, axis=1),
        "reference_target": walk.reference_target,
        "residual": tf.reduce_sum(at_position, axis=-1) - difference,
        "standard_error": tf.sqrt(variance / r),
        "mass": tf.reduce_sum(tf.abs(at_position), axis=-1),
        "size": walk.size,
    }
