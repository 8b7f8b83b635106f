"""The files of outcomes that the runs write and that the page is rendered from."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

DIGITS = 3
LONGEST = 300


def _plain(value: Any) -> Any:
    """Turn a value into strict JSON: three digits, no line breaks, NaN and infinity as text."""
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return " ".join(value.split())[:LONGEST]
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def measure_cases(
    measure: Callable[[Any], dict[str, Any]], cases: Iterable[Any], only: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return tool -> case -> its outcome, for all cases, or those named."""
    tools: dict[str, dict[str, Any]] = {}
    for case in cases:
        if only and case.name not in only:
            continue
        for tool, found in measure(case).items():
            tools.setdefault(tool, {})[case.name] = found
        print(case.name, flush=True)
    return tools


def save(
    path: str, tools: dict[str, dict[str, Any]], packages: Iterable[str], **more: dict[str, str]
) -> None:
    """Write outcomes per tool and case, with the versions of the packages used."""
    versions = {package: version(package) for package in packages}
    content = {"versions": versions, **more, "tools": _plain(tools)}
    Path(path).write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", "utf-8")
