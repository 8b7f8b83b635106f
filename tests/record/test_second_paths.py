"""The record tells what the second path found, and what is beyond a bound that was lowered."""

from pathlib import Path
from typing import Any

import h5py

from deeplift_genomics.record.second_paths import Twice, beyond_bound, second_paths
from deeplift_genomics.scores.second_path import COLUMNS, second_path_of, write_second_path
from deeplift_genomics.settings.results import SampleResult
from tests.make_scores import make_score_file


def test_what_was_found_and_what_is_beyond_the_bound(tmp_path: Path) -> None:
    for name in ("old.h5", "new.h5"):
        make_score_file(tmp_path / name, n=20)
    columns: dict[str, Any] = dict.fromkeys(COLUMNS, 0)
    columns |= {"row": [3, 7], "contributions": [0.25, 0.5]}
    with h5py.File(tmp_path / "new.h5", "a") as file:
        write_second_path(file, second_path_of(columns))
    items = [SampleResult("scores", name, "scores", "counts") for name in ("old.h5", "new.h5")]
    assert second_paths(tmp_path, items) == {"new.h5": Twice(windows=2, largest=0.5)}
    accepted = {"attribution": {"second_path_bound": 0.5}}
    lowered = {"attribution": {"second_path_bound": 0.01}}
    assert beyond_bound(tmp_path / "new.h5", accepted) == []
    assert beyond_bound(tmp_path / "old.h5", lowered) == []
    assert beyond_bound(tmp_path / "new.h5", {"attribution": {}}) == []  # an older record
    (found,) = beyond_bound(tmp_path / "new.h5", lowered)
    assert "differ by 0.5 of the largest" in found and "accepts 0.01" in found
