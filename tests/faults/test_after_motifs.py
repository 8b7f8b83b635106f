"""What is made of motifs: a full disk, and a kill at any moment, leave nothing half-written."""

import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from deeplift_genomics.effects.figures import draw_figures
from deeplift_genomics.files.atomic import digest
from deeplift_genomics.files.tables import write_table
from deeplift_genomics.instances.table import INSTANCES
from deeplift_genomics.motifs.meme import MemeMotif, write_meme
from deeplift_genomics.scores.effects import EFFECTS
from tests.conftest import ROOT
from tests.effects.models import detector
from tests.effects.test_run import FOUND, LENGTH, SETTINGS, effects
from tests.faults.helpers import start_step
from tests.faults.test_disk import assert_refused
from tests.motifs.made_motifs import Hit, Made, write_match_file, write_motif_file

BASES, ROOM = "ACGT", 4_096  # bytes: no table fits
PATTERNS = [  # enough for tables that do not fit
    Made("".join(BASES[(number // 4**i + i * i) % 4] for i in range(4)) * 3, n_seqlets=3)
    for number in range(100)
]
# ends the process, as kill -9 does, before it gives the next file its final name
KILLED = """
import os, signal, sys
from pathlib import Path
from deeplift_genomics.cli import main

left = int(sys.argv[1])

def watched(function):
    def call(path, target):
        global left
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return function(path, target)
    return call

Path.replace, Path.rename = watched(Path.replace), watched(Path.rename)
main(sys.argv[2:])
"""


class Step(NamedTuple):
    """A command, and the files or the folder that it makes, in the order of their names' coming."""

    command: list[object]
    outputs: list[Path]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a results folder with a sample and all that its motifs are made of."""
    folder = tmp_path_factory.mktemp("results")
    (folder / "k562").mkdir()
    write_motif_file(folder / "k562" / "counts.modisco.h5", PATTERNS)
    hits = {f"pos_{number}": [Hit(f"factor{number}")] for number in range(len(PATTERNS))}
    write_match_file(folder / "k562" / "counts.matches.tsv", hits)
    for kind in (INSTANCES, EFFECTS):
        write_table(folder / "k562" / f"counts.{kind.name}.tsv", kind, [])
    return folder


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which `effects` has run."""
    folder = tmp_path_factory.mktemp("measured")
    detector(LENGTH, FOUND).save(folder / "model.keras")
    return effects(folder / "model.keras", folder)


def annotate(results: Path, folder: Path) -> Step:
    write_meme(folder / "known.meme", [MemeMotif("A1", "", np.eye(4)[[0, 1, 2, 3] * 2], 20)])
    command = ["annotate", "--motifs", results / "k562" / "counts.modisco.h5"]
    command += ["--annotation.database", folder / "known.meme"]
    command += ["--annotation.max_q=1", "--annotation.min_correlation=-1"]
    return Step([*command, "--output", folder / "a.tsv"], [folder / "a.tsv"])


def join(results: Path, _: Path) -> Step:
    sample = results / "k562"
    command = ["join", "--sample", "k562", "--motifs", sample / "counts.modisco.h5"]
    command += ["--matches", sample / "counts.matches.tsv", "--clusters.within_sample", "0"]
    return Step([*command, "--output", sample / "motifs.tsv"], [sample / "motifs.tsv"])


def cluster(results: Path, _: Path) -> Step:
    outputs = [results / name for name in ("motif_matrix.tsv", "motifs.meme", "motifs.tsv")]
    matrix, meme, table = outputs
    command = ["cluster", "--samples", '{"k562": "counts"}', "--clusters.across_samples", "0"]
    return Step([*command, "--meme", meme, "--matrix", matrix, "--output", table], outputs)


def figures(measured: Path, folder: Path) -> Step:
    output = folder / "figures"
    return Step(["figures", "--effects", measured / "e.h5", "--output", output], [output])


def measure(measured: Path, folder: Path) -> Step:
    outputs = [folder / "e.tsv", folder / "e.h5"]
    command = ["effects", measured / "model.keras", "--windows", measured / "windows.h5"]
    command += ["--motifs", measured / "motifs.h5", "--motif-table", measured / "motifs.tsv"]
    command += ["--instances", measured / "instances.tsv", *SETTINGS]
    return Step([*command, "--table", outputs[0], "--output", outputs[1]], outputs)


def oligos(measured: Path, folder: Path) -> Step:
    outputs = [folder / "o.tsv", folder / "o.xlsx"]
    command = ["oligos", measured / "model.keras", "--sample", "k562"]
    command += ["--windows", measured / "windows.h5", "--motif-table", measured / "motifs.tsv"]
    command += ["--motifs", measured / "motifs.h5", "--instances", measured / "instances.tsv"]
    return Step([*command, "--output", outputs[0], "--workbook", outputs[1]], outputs)


def digests(outputs: list[Path]) -> dict[Path, str]:
    """Return the digest of each file, also in folders, that is there under its final name."""
    files = [item for path in outputs for item in (path, *path.rglob("*")) if item.is_file()]
    return {path: digest(path) for path in files}


def full() -> None:
    """Limit the size of files."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


def kill(step: Step, named: int) -> None:
    """Run a step until `named` files have their final names, and it is about to name another."""
    command = [sys.executable, "-c", KILLED, str(named), *map(str, step.command)]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert process.returncode == -signal.SIGKILL, process.stderr


@pytest.mark.parametrize("make", [annotate, join])
def test_a_full_disk(results: Path, tmp_path: Path, make: Callable[[Path, Path], Step]) -> None:
    step = make(results, tmp_path)
    (output,) = step.outputs
    assert_refused(start_step(ROOT, *step.command, limit=full), output)
    again = start_step(ROOT, *step.command)
    assert again.wait() == 0, again.said
    assert output.stat().st_size > ROOM


def test_the_motifs_of_a_run(results: Path, tmp_path: Path) -> None:
    """Those of an earlier run are never beside those of this one."""
    step = cluster(results, tmp_path)
    *others, table = step.outputs
    for path in step.outputs:
        path.write_text("of an earlier run")
    assert_refused(start_step(ROOT, *step.command, limit=full), table.with_name("motifs.meme"))
    assert not table.exists()
    kill(step, len(others))
    before = digests(step.outputs)
    assert list(before) == others
    again = start_step(ROOT, *step.command)
    assert again.wait() == 0, again.said
    after = digests(step.outputs)
    assert list(after) == step.outputs and before.items() <= after.items()
    assert not list(results.glob(".*.tmp*"))


def test_figures(measured: Path, tmp_path: Path) -> None:
    step = figures(measured, tmp_path)
    (folder,) = step.outputs
    draw_figures(measured / "e.h5", folder)
    whole = digests(step.outputs)
    assert len(whole) > 4
    kill(step, 1)  # the old folder is aside, the new one has no name yet
    assert not folder.exists()
    assert_refused(start_step(ROOT, *step.command, limit=full), folder)
    draw_figures(measured / "e.h5", folder)
    assert digests(step.outputs) == whole
    assert list(tmp_path.iterdir()) == [folder]


def test_effects(measured: Path, tmp_path: Path) -> None:
    step = measure(measured, tmp_path)
    for output in step.outputs:
        output.write_text("of an earlier run")
    kill(step, 1)
    assert digests(step.outputs) == {step.outputs[0]: digest(measured / "e.tsv")}


def test_oligos(measured: Path, tmp_path: Path) -> None:
    """Those of an earlier run are never beside those of this one."""
    step = oligos(measured, tmp_path)
    for output in step.outputs:
        output.write_text("of an earlier run")
    kill(step, 0)
    assert digests(step.outputs) == {}
    kill(step, 1)
    assert list(digests(step.outputs)) == step.outputs[:1]
