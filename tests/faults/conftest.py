"""Fixtures: a small undisturbed run of the workflow, and copies in which something goes wrong."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faults.helpers import RESULTS, SHARD_FILES, TARGET, WITH_WINDOWS, finish
from tests.workflow.conftest import DEMO_ROW, write_project

Project = Callable[..., Path]


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an undisturbed run up to the motifs; its shards are kept."""
    folder = tmp_path_factory.mktemp("undisturbed") / "run"
    row = DEMO_ROW.replace("resources/demo/regions.narrowPeak", "regions.narrowPeak")
    row = row.replace("resources/demo/model.keras", "model.keras").replace("counts,profile", TARGET)
    row = row.replace("resources/demo/genome.fa.gz", "genome.fa.gz")
    write_project(folder, [row], regions="{per_shard: 32}", references="{number: 10}")
    for name in ("model.keras", "genome.fa.gz"):  # a copy, because these files will change
        shutil.copyfile(ROOT / "resources" / "demo" / name, folder / name)
    regions = (ROOT / "resources" / "demo" / "regions.narrowPeak").read_text().splitlines(True)
    (folder / "regions.narrowPeak").write_text("".join(regions[::6]))
    finish(folder, "--notemp", RESULTS / f"{TARGET}.modisco.h5")
    assert all((folder / name).is_file() for name in SHARD_FILES)
    return folder


@pytest.fixture
def project(undisturbed: Path, tmp_path: Path) -> Project:
    """Return a function that copies the undisturbed run with only the named steps done.

    With ``"attribute"``, all shards but the last are done. File times are kept, so that Snakemake
    treats the copy like the original.
    """

    def make(*done: str) -> Path:
        folder = tmp_path / "run"
        shutil.copytree(undisturbed, folder, symlinks=True)
        kept = {
            "regions": [RESULTS / name for name in WITH_WINDOWS],
            "attribute": SHARD_FILES[:-1],
            "last": SHARD_FILES[-1:],
        }
        names = {name for step in done for name in kept[step]}
        for path in (folder / RESULTS).rglob("*"):
            if path.is_file() and path.relative_to(folder) not in names:
                path.unlink()
        return folder

    return make
