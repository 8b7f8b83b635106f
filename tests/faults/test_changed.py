"""Changes of the model or the genome between runs."""

import gzip
import io
import re
import shutil
import zipfile
from pathlib import Path

import h5py

from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.hdf5 import read_attributes
from tests.conftest import ROOT
from tests.faults.conftest import Project
from tests.faults.helpers import LAST, SCORES, assert_same, finish, start
from tests.workflow.conftest import jobs_of

DEMO = ROOT / "resources" / "demo"
SCORED = {"regions": 1, "attribute": 2, "merge": 1}


def train_further(path: Path) -> None:
    """Change some weights of a Keras model and nothing else."""
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    weights = io.BytesIO(content["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        found: list[h5py.Dataset] = []
        file.visititems(lambda _, item: found.append(item) if hasattr(item, "dtype") else None)
        for item in found:
            if item.ndim == 3:
                item[...] = item[...] * 0.9
    content["model.weights.h5"] = weights.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in content.items():
            archive.writestr(name, data)


def mask_the_beginning(path: Path) -> None:
    """Put some N into the first window of a genome."""
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    lines[10] = b"N" * (len(lines[10]) - 1) + b"\n"
    path.write_bytes(gzip.compress(b"".join(lines), mtime=0))


def jobs(said: str) -> dict[str, int]:
    counted = jobs_of(said)
    counted.pop("total", None)
    return counted


def model_of(path: Path) -> str:
    with h5py.File(path) as file:
        return read_attributes(file)["model_digest"]


def test_a_touched_file_is_no_other(project: Project) -> None:
    folder = project("regions", "attribute", "last")
    finish(folder, SCORES)
    for name in ("model.keras", "genome.fa.gz", "regions.narrowPeak"):
        (folder / name).touch()
    assert "Nothing to be done" in finish(folder, SCORES)


def test_another_genome(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute", "last")
    mask_the_beginning(folder / "genome.fa.gz")
    assert jobs(finish(folder, SCORES)) == SCORED
    assert digest(folder / SCORES) != digest(undisturbed / SCORES)
    shutil.copyfile(DEMO / "genome.fa.gz", folder / "genome.fa.gz")
    assert jobs(finish(folder, SCORES)) == SCORED
    assert_same(folder, undisturbed)


def test_another_model_and_a_shard_of_the_first(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute")  # stopped before the last shard
    train_further(folder / "model.keras")
    assert jobs(finish(folder, "--notemp", SCORES)) == {"check": 1, **SCORED}
    right = digest(folder / SCORES)
    assert model_of(folder / SCORES) == digest(folder / "model.keras")

    shutil.copyfile(undisturbed / LAST, folder / LAST)
    mixed = start(folder, "--notemp", SCORES)
    assert mixed.wait() == 1
    assert re.search(rf"error: \S*{LAST.name} was made with model_digest = ", mixed.said)
    assert "Traceback" not in mixed.said
    assert not (folder / SCORES).exists()
    remedy = re.search(r": (rm \S+) && snakemake", mixed.said)
    assert remedy and remedy[1] == f"rm {LAST}", mixed.said
    (folder / LAST).unlink()
    assert jobs(finish(folder, SCORES)) == {"attribute": 1, "merge": 1}
    assert digest(folder / SCORES) == right
