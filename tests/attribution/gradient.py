"""A method that the package does not have, to show that a row and a short file are enough.

It gives the derivative of the target by each base, needs no references, and is not complete.
"""

from collections.abc import Mapping

import tensorflow as tf

from deeplift_genomics.attribution.method import Job, Method
from deeplift_genomics.engine.batch import BatchFunction, compile_function
from deeplift_genomics.engine.path import GraphCopy


def prepare(job: Job) -> BatchFunction:
    """Compile dF/dx at the window; weights that a target holds fixed stay fixed."""
    frozen, sequence = job.frozen, job.model.sequence.name

    def compute(
        windows: tf.Tensor, references: tf.Tensor, controls: Mapping[str, tf.Tensor]
    ) -> dict[str, dict[str, tf.Tensor]]:
        copy = GraphCopy(frozen, {sequence: windows, **controls}, "window")
        found = {}
        for text, target in job.targets.items():
            ends = {name: copy.tensor(name) for name in target.seeds}
            seeds = [make(ends[name], ends[name]) for name, make in target.seeds.items()]
            (gradient,) = tf.gradients(
                [*ends.values()], windows, [seed.multiplier for seed in seeds]
            )
            found[text] = {"hypothetical": gradient, "target": sum(seed.target for seed in seeds)}
        return found

    return compile_function(frozen, sequence, job.shape, controls=job.controls, compute=compute)


GRADIENT = Method(
    title="gradient",
    prepare=prepare,
    references=False,
    gives="bases",
    complete=False,
    stochastic=False,
    stores=(),
)
