"""Completeness of BPReveal: ``python bpreveal_run.py results/bpreveal.json [OPERATION ...]``.

It runs in BPReveal's own environment, that of the other benchmark
(../attribution/requirements/bpreveal.txt), on the Keras models themselves.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np
from bpreveal.internal.shap import TFDeepExplainer
from cases import Case, build, cases, sequences
from observed import Array, difference_of, outcome, pairs
from outcome import measure_cases, save
from tensorflow.python.eager import backprop, execute


def by_bpreveal(model: Any, windows: Array, references: Array) -> Array:
    """Return summed contributions (N, R) by its explainer, one reference at a time."""
    sums = np.zeros(references.shape[:2])
    background = [references[0, :1]]
    explainer = TFDeepExplainer((model.inputs[0], model.outputs[0]), lambda _: background)
    try:
        for i, k, x, reference in pairs(windows, references):
            background[0] = reference
            sums[i, k] = explainer.shap_values([x]).sum()
    finally:
        # it leaves TensorFlow changed after an exception
        execute.record_gradient = backprop.record_gradient
    return sums


def measure(case: Case) -> dict[str, dict[str, Any]]:
    """Return the outcome on a case, and the outputs of its model."""
    windows, references = sequences()
    model = build(case)

    def predict(x: Array) -> Array:
        return np.asarray(model(x, training=False))

    outputs, difference = predict(windows), difference_of(predict, windows, references)
    found = outcome(partial(by_bpreveal, model, windows, references), difference)
    return {"bpreveal": {**found, "outputs": np.ravel(outputs).tolist()}}


def main(path: str, only: list[str]) -> None:
    """Measure all cases, or those named, and write their outcomes."""
    tools = measure_cases(measure, cases(), only)
    save(path, tools, ("bpreveal", "tensorflow-cpu", "keras", "numpy"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
