"""What the second path found of each score file, for the record of a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deeplift_genomics.files.hdf5 import open_typed
from deeplift_genomics.scores.file import SCORE_LAYOUT
from deeplift_genomics.scores.second_path import SecondPath, read_second_path
from deeplift_genomics.settings.results import SampleResult
from deeplift_genomics.settings.strict import Strict


class Twice(Strict):
    """The windows of a score file that were computed twice.

    `largest` is the largest difference of contributions, as a share of the window's largest one.
    """

    windows: int
    largest: float


def second_paths(results: Path, items: Iterable[SampleResult]) -> dict[str, Twice]:
    """Return the path of each score file -> what its second path found; older files have none."""
    found = {item.path: _read(results / item.path) for item in items if item.type == "scores"}
    return {
        path: Twice(windows=one.n_windows, largest=one.largest)
        for path, one in sorted(found.items())
        if one is not None
    }


def beyond_bound(path: Path, config: Mapping[str, Any]) -> list[str]:
    """Return a sentence if the contributions differ by more than the configuration accepts."""
    bound = config["attribution"].get("second_path_bound")  # a record of an earlier version
    found = _read(path)
    if bound is None or found is None or found.largest <= bound:
        return []
    return [
        f"contributions differ by {found.largest:.2g} of the largest from those of the second "
        f"path, and attribution.second_path_bound accepts {bound:g}"
    ]


def _read(path: Path) -> SecondPath | None:
    with open_typed(path, "scores", SCORE_LAYOUT) as file:
        return read_second_path(file)
