"""A made-up evaluation, with every metric, for tests of what reads one."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from deeplift_genomics.scores.evaluations import write_evaluation
from deeplift_genomics.settings.metrics import METRICS, RANDOM_ORDER, barred_by

METHODS = {
    "deeplift": {"title": "DeepLIFT", "references": True, "complete": True, "skill": 0.9},
    "gradient": {"title": "gradient", "skill": 0.5},
    "integrated_gradients": {
        "title": "integrated gradients",
        "options": {"quadrature": "gauss_legendre", "steps": 20},
        "references": True,
        "complete": True,
        "skill": 0.85,
    },
    "grad_cam": {"title": "Grad-CAM", "gives": "positions", "skill": 0.3},
    "randomized_path_integration": {
        "title": "randomized path integration",
        "stochastic": True,
        "references": True,
        "picked_by": "deletion",
        "skill": 0.8,
    },
    "in_silico_mutagenesis": {"title": "in-silico mutagenesis", "skill": 1.0},
}
FRACTIONS = (0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1)
LAYERS = ("dense", "conv_3", "conv_2", "conv_1")
ATTRIBUTES = {
    "sample": "k562",
    "model": "bpnet.keras",
    "model_digest": "0" * 64,
    "package_version": "0.0.0",
    "targets": "counts,profile",
    "n_windows": 2000,
    "n_regions": 100,
    "n_retested": 10,
    "n_folds": 2,
    "window_length": 2114,
    "evaluation_seed": 1,
    "evaluation_draws": 5,
    "evaluation_seeds": 3,
    "confidence": 0.95,
    "resamples": 2000,
    "reference_kind": "dinucleotide_shuffle",
    "reference_number": 20,
    "seed": 1,
    "truth": "sites.bed",
    "truth_digest": "1" * 64,
    "n_sites": 240,
    "device": "cpu",
}
# metric -> its value by a method of the given skill at x
_VALUES = {
    "deletion": lambda skill, x: skill * 2 * x**0.3,
    "insertion": lambda skill, x: skill * 2 * x**0.4,
    "sufficiency": lambda skill, x: 2 - skill,
    "completeness": lambda skill, x: 1e-6 / skill,
    "cascading": lambda skill, x: skill * 0.5**x,
    "independent": lambda skill, x: skill * 0.2 * x,
    "reference_error": lambda skill, x: 0.5 / skill / np.sqrt(x),
    "references_needed": lambda skill, x: 300 / skill,
    "shift": lambda skill, x: skill - 0.01 * x,
    "seconds": lambda skill, x: skill**8 * 4,
    "memory": lambda skill, x: 900 + 100 * skill,
    "motif_seqlets": lambda skill, x: 30 * skill,
    "known_motifs": lambda skill, x: 2,
}


def _points(metric: str) -> Sequence[tuple[float, str]]:
    """Return x and level of each row of a metric."""
    if metric in ("deletion", "insertion"):
        return [(x, "") for x in FRACTIONS]
    if metric in ("cascading", "independent"):
        return [(number, layer) for number, layer in enumerate(LAYERS, 1)]
    if metric == "reference_error":
        return [(number, "") for number in (1, 2, 5, 10, 20)]
    if metric == "shift":
        return [(number, "") for number in (1, 2, 5, 10)]
    if metric == "motif_seqlets":
        return [(np.nan, "CTCF"), (np.nan, "SP1")]
    return [(np.nan, "")]


def _has(method: str, metric: str) -> bool:
    """Return whether a method has a metric."""
    about = METHODS.get(method, {})
    if method == RANDOM_ORDER:
        return METRICS[metric].part == "faithfulness" and metric != "completeness"
    if METRICS[metric].part == "motifs":
        return about.get("gives") != "positions"
    if METRICS[metric].part == "sanity" or metric == "agreement":
        return method != "in_silico_mutagenesis"
    if metric in ("reference_error", "references_needed"):
        return bool(about.get("references"))
    if metric == "seeds":
        return bool(about.get("references") or about.get("stochastic"))
    return metric != "completeness" or bool(about.get("complete"))


def rows(targets: Sequence[str] = ("counts", "profile"), n: int = 100) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of the made-up evaluation."""
    for target in targets:
        for method in (*METHODS, RANDOM_ORDER):
            skill = float(METHODS.get(method, {}).get("skill", 0.1))
            for metric in METRICS:
                if not _has(method, metric):
                    continue
                value = _VALUES.get(metric, lambda skill, x: skill)
                for x, level in _points(metric):
                    mean, first = (
                        float(value(one, x)) for one in (skill, METHODS["deeplift"]["skill"])
                    )
                    wide = 0.05 * abs(mean)
                    apart = (
                        mean - first
                        if method != "deeplift" and _has("deeplift", metric)
                        else np.nan
                    )
                    yield (
                        target, method, metric, float(x), level, n, mean, mean - wide, mean + wide,
                        apart, apart - wide, apart + wide,
                        *_behind(method, metric, mean, partial(value, x=x)),
                    )  # fmt: skip


def _behind(
    method: str, metric: str, mean: float, value: Callable[[float], float]
) -> tuple[float, float, float]:
    """Return the difference to the best method, with an interval of 8% of the best on each side."""
    better = METRICS[metric].better
    ranked = {
        name: float(value(float(about["skill"])))
        for name, about in METHODS.items()
        if _has(name, metric) and metric not in barred_by(str(about.get("picked_by", "")))
    }
    if not better or not ranked:
        return (np.nan,) * 3
    best = (max if better == "more" else min)(ranked, key=lambda name: ranked[name])
    if method == best:
        return (np.nan,) * 3
    apart, wide = mean - ranked[best], 0.08 * abs(ranked[best])
    return apart, apart - wide, apart + wide


def write_made(folder: Path, **attributes: Any) -> Path:
    """Write the made-up evaluation.h5 and evaluation.tsv into a folder; return the first."""
    about = {
        name: {
            "title": "", "options": {}, "gives": "bases", "references": False, "complete": False,
            "stochastic": False, "picked_by": "", **{k: v for k, v in one.items() if k != "skill"},
        }
        for name, one in METHODS.items()
    }  # fmt: skip
    path = folder / "evaluation.h5"
    given = {**ATTRIBUTES, **attributes, "methods": json.dumps(about)}
    write_evaluation(path, folder / "evaluation.tsv", given, rows())
    return path
