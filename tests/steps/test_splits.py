"""Scores and jobs: the bytes do not depend on the number of jobs, but for the second path's."""

from pathlib import Path

import pytest

from deeplift_genomics.files.atomic import digest
from deeplift_genomics.models.options import LoadOptions
from deeplift_genomics.scores.merge import merge_shards
from deeplift_genomics.settings.config import parse_config
from deeplift_genomics.steps.scoring import score_windows
from deeplift_genomics.windows.from_regions import make_windows
from tests.conftest import ROOT

DEMO = ROOT / "resources" / "demo"
CONFIG = parse_config({"references": {"number": 2}, "attribution": {"second_path": 0}})
LENGTH = 500


@pytest.fixture(scope="module")
def windows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("windows")
    lines = (DEMO / "regions.narrowPeak").read_text().splitlines(keepends=True)
    (folder / "some.narrowPeak").write_text("".join(lines[:270]))
    make_windows(
        folder / "some.narrowPeak",
        DEMO / "genome.fa.gz",
        LENGTH,
        folder / "windows.h5",
        dropped_path=folder / "dropped.tsv",
        max_unknown=0.05,
    )
    return folder / "windows.h5"


def scored(windows: Path, folder: Path, n_shards: int) -> str:
    folder.mkdir(exist_ok=True)
    shards = [folder / f"{i}.h5" for i in range(n_shards)]
    for i, path in enumerate(shards):
        score_windows(
            DEMO / "model.keras",
            windows,
            path,
            targets=("counts", "profile"),
            config=CONFIG,
            shard=f"{i + 1}-of-{n_shards}",
            fold="1-of-1",
            loading=LoadOptions(),
        )
    merge_shards(shards, "profile", folder / "scores.h5")
    return digest(folder / "scores.h5")


def test_shards(windows: Path, tmp_path: Path) -> None:
    one = scored(windows, tmp_path / "one", 1)
    assert scored(windows, tmp_path / "three", 3) == one
    assert scored(windows, tmp_path / "seventeen", 17) == one
