"""Predictions of the frozen graph, which tests of loading share."""

import numpy as np
import tensorflow as tf

from deeplift_genomics.dna.sequence import one_hot
from deeplift_genomics.engine.path import GraphCopy
from deeplift_genomics.models.model import Model

LENGTH = 30


def windows(n: int = 2) -> np.ndarray:
    return one_hot(np.random.default_rng(0).integers(0, 4, (n, LENGTH)), "float32")


def predict(model: Model, sequences: np.ndarray, **controls: object) -> dict[str, np.ndarray]:
    """Return head -> values, from the frozen graph, with the sequences as (N, L, 4)."""
    values = {model.sequence.name: sequences, **controls}

    def run() -> list[tf.Tensor]:
        given = {name: tf.constant(value, tf.float32) for name, value in values.items()}
        copy = GraphCopy(model.frozen, given, "run")
        return [copy.tensor(model.frozen.outputs[head.name]) for head in model.heads]

    outputs = tf.function(run, autograph=False)()
    return {head.name: output.numpy() for head, output in zip(model.heads, outputs, strict=True)}
