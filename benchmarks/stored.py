"""The stored numbers of a benchmark, with the versions that they were made with."""

from __future__ import annotations

import json
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

from deeplift_genomics import __version__
from deeplift_genomics.files.atomic import atomic_path

PACKAGES = ("tensorflow-cpu", "keras", "numpy", "scipy", "scikit-learn")
DIGITS = 5

Results = dict[str, Any]


def with_versions(parts: Results) -> Results:
    """Return the numbers of all parts as they are stored, with versions."""
    versions = {"deeplift-genomics": __version__} | {name: version(name) for name in PACKAGES}
    return {"versions": versions} | _rounded(parts)


def save(path: Path, results: Results) -> None:
    """Write the file."""
    with atomic_path(path) as temporary:
        temporary.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", "utf-8")


def load(path: Path) -> Results:
    """Return what the last run stored."""
    return json.loads(path.read_text("utf-8"))


def _rounded(value: Any) -> Any:
    """Return numbers of five digits; those that are not finite are refused."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("a number of the benchmark is not finite")
        return float(f"{value:.{DIGITS}g}") if abs(value) > 1e-12 else 0.0
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    return value
