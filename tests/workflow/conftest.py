"""Fixtures that run the workflow as a user does, each in its own folder."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ROOT

Snakemake = Callable[..., subprocess.CompletedProcess]


def snakemake_command(folder: Path, *arguments: object, snakefile: str = "Snakefile") -> list[str]:
    """Return the command that runs snakemake in a folder, with the Python of the tests."""
    program = Path(sys.executable).parent / "snakemake"
    command = [program, "--snakefile", ROOT / snakefile, "--directory", folder]
    command += ["--workflow-profile", ROOT / "profiles" / "default", *arguments]
    return [str(part) for part in command]


def snakemake_environment() -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": programs}


@pytest.fixture(scope="session")
def snakemake() -> Snakemake:
    """Run snakemake in a folder; `stdout` holds its output and errors."""

    def run(folder: Path, *arguments: object, snakefile: str = "Snakefile") -> object:
        return subprocess.run(
            snakemake_command(folder, *arguments, snakefile=snakefile),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=snakemake_environment(),
        )

    return run


def write_project(
    folder: Path, rows: list[str], columns: tuple[str, ...] = (), **config: object
) -> Path:
    """Write a folder with config/config.yaml, config/samples.tsv and the root's `resources`.

    `columns` are the optional columns of the rows.
    """
    (folder / "config").mkdir(parents=True)
    (folder / "resources").symlink_to(ROOT / "resources")
    config = {"samples": "config/samples.tsv", "results": "results", **config}
    lines = [f"{key}: {value}" for key, value in config.items()]
    (folder / "config" / "config.yaml").write_text("\n".join(lines) + "\n")
    header = "\t".join(["sample", "model", "fasta", "regions", "heads", *columns])
    (folder / "config" / "samples.tsv").write_text("\n".join([header, *rows]) + "\n")
    return folder


def copy_scenario(name: str, folder: Path) -> Path:
    """Copy one of the small configurations in `.test` into a new folder."""
    made = shutil.ignore_patterns("results", ".snakemake", "logs", "resources")
    shutil.copytree(ROOT / ".test" / name, folder, ignore=made)
    (folder / "resources").symlink_to(ROOT / "resources")
    return folder


def jobs_of(text: str) -> dict[str, int]:
    """Return rule -> number of jobs, from the table of a dry run."""
    return {rule: int(n) for rule, n in re.findall(r"^(\w+) +(\d+)$", text, re.MULTILINE)}


DEMO_ROW = "\t".join(
    [
        "demo",
        "resources/demo/model.keras",
        "resources/demo/genome.fa.gz",
        "resources/demo/regions.narrowPeak",
        "counts,profile",
    ]
)


@pytest.fixture(scope="session")
def demo(snakemake: Snakemake, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of the demo's configuration, with shards small enough to be several."""
    folder = copy_scenario("small", tmp_path_factory.mktemp("demo") / "run")
    done = snakemake(folder, "--cores", 2)
    assert done.returncode == 0, done.stdout
    assert not list(folder.glob("results/demo/shards/*.h5")), "shards are kept after the merge"
    return folder / "results" / "demo"
