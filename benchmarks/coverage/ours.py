"""Completeness of this package, one operation at a time: ``python ours.py results/ours.json``."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
from cases import OUTPUT, Case, build, cases, error, sequences
from outcome import save

from deeplift_genomics import attribute
from deeplift_genomics.errors import CompletenessError, DeepLiftGenomicsError
from deeplift_genomics.models.freezing import from_keras


def measure(case: Case, tolerance: dict[str, float]) -> dict[str, Any]:
    """Explain the case's model by Rescale in float32 and measure the completeness error."""
    windows, references = sequences()
    scores = attribute(
        from_keras(build(case)), windows, references, f"output:{OUTPUT}[0]", **tolerance
    )[f"output:{OUTPUT}[0]"]
    difference = scores.target[:, None] - scores.reference_target
    share, median = error(scores.residual + difference, difference)
    return {"error": share, "median": median, "outputs": np.ravel(scores.target).tolist()}


def outcome(case: Case) -> dict[str, Any]:
    """Return what a user sees: an error, a refusal or a failure."""
    try:
        return measure(case, {})
    except CompletenessError:
        return measure(case, {"tolerance": np.inf}) | {"raised": "CompletenessError"}
    except DeepLiftGenomicsError as refusal:
        return {"refused": str(refusal)}
    except Exception as failure:
        return {"failed": f"{type(failure).__name__}: {failure}"}


if __name__ == "__main__":
    listed = list(cases())
    save(
        sys.argv[1],
        {"ours": {case.name: outcome(case) for case in listed}},
        ("deeplift-genomics", "tensorflow-cpu", "keras", "numpy"),
        groups={case.name: case.group for case in listed},
    )
