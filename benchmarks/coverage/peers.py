"""Completeness of shap, captum and tangermeme: ``python peers.py results/peers.json``.

It runs in the tools' own environment (requirements.txt), each tool as its manual describes.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np
import shap
import torch
from captum.attr import DeepLift
from cases import Case, build, cases, sequences
from observed import Additivity, Array, difference_of, outcome, pairs
from outcome import measure_cases, save
from tangermeme.deep_lift_shap import deep_lift_shap
from torch_cases import in_torch, torch_model

# outputs of the Keras and PyTorch models agree to this share of the largest
AGREEMENT = 1e-5


def by_shap(model: Any, windows: Any, references: Any, check: bool) -> Array:
    """Return summed contributions (N, R) by DeepExplainer, each reference as the background."""
    sums = np.zeros(references.shape[:2])
    for i, k, x, r in pairs(windows, references):
        explainer = shap.DeepExplainer(model, r)
        try:
            sums[i, k] = explainer.shap_values(x, check_additivity=check).sum()
        except AssertionError as failure:
            if "do not sum up" in str(failure):
                raise Additivity from failure
            raise
    return sums


def by_captum(model: torch.nn.Module, windows: torch.Tensor, references: torch.Tensor) -> Array:
    """Return summed contributions (N, R) by DeepLift."""
    count = references.shape[1]
    x = windows.repeat_interleave(count, dim=0)
    result = DeepLift(model).attribute(x, baselines=references.flatten(0, 1))
    return result.sum(dim=(1, 2)).detach().numpy().reshape(-1, count)


def by_tangermeme(
    model: torch.nn.Module, windows: torch.Tensor, references: torch.Tensor, rules: dict
) -> Array:
    """Return summed contributions (N, R) by deep_lift_shap, from each reference's multipliers."""
    multipliers = deep_lift_shap(
        model,
        windows,
        references=references,
        raw_outputs=True,
        additional_nonlinear_ops=rules or None,
        device="cpu",
    )
    return ((windows[:, None] - references) * multipliers).sum(dim=(2, 3)).numpy()


def shap_outcome(model: Any, windows: Any, references: Any, difference: Array) -> dict[str, Any]:
    """Return the outcome of shap; if its own check fails, measure the error without the check."""
    first = outcome(partial(by_shap, model, windows, references, check=True), difference)
    if "raised" not in first:
        return first
    return outcome(partial(by_shap, model, windows, references, check=False), difference) | first


def _agree(case: Case, ours: Array, theirs: Array) -> None:
    scale = np.abs(ours).max()
    if not case.refusal and np.abs(ours - theirs).max() > AGREEMENT * scale:
        raise SystemExit(f"{case.name}: the models disagree: {ours} in Keras, {theirs} in PyTorch")


def measure(case: Case) -> dict[str, dict[str, Any]]:
    """Return the outcomes of all tools on a case, by tool."""
    windows, references = sequences()
    keras_model = build(case)

    def in_keras(x: Array) -> Array:
        return np.asarray(keras_model(x, training=False))

    outputs = in_keras(windows)
    difference = difference_of(in_keras, windows, references)
    result = {"shap_keras": shap_outcome(keras_model, windows, references, difference)}

    x, r = torch.from_numpy(windows).mT.contiguous(), torch.from_numpy(references).mT.contiguous()

    def fresh(helped: bool = False) -> tuple[torch.nn.Module, dict] | None:
        return torch_model(case, keras_model, helped)  # so that no tool sees traces of another

    def predict(z: torch.Tensor) -> Array:
        with torch.no_grad():
            return twin[0](z).numpy()

    for helped in (False, True):
        twin = fresh(helped)
        if twin is None:
            continue
        model, rules = twin
        _agree(case, outputs, predict(x))
        difference = difference_of(predict, x, r)
        name = "tangermeme_helped" if helped else "tangermeme"
        result[name] = outcome(partial(by_tangermeme, model, x, r, rules), difference)
        if not helped:
            result["captum"] = outcome(partial(by_captum, fresh()[0], x, r), difference)
            result["shap_torch"] = shap_outcome(fresh()[0], x, r, difference)
            result["in_torch"] = {"name": in_torch(case, model)}
    result["keras"] = {"outputs": np.ravel(outputs).tolist()}
    return result


def main(path: str, only: list[str]) -> None:
    """Measure all cases, or those named, and write their outcomes."""
    torch.manual_seed(0)
    tools = measure_cases(measure, cases(), only)
    packages = ("shap", "captum", "tangermeme", "torch", "tensorflow-cpu", "keras", "numpy")
    save(path, tools, packages)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
