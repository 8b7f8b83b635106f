"""Predictions: a kill or a full disk leaves nothing half-written; a second run gives the same."""

from pathlib import Path

import numpy as np
import pytest

from deeplift_genomics.files.atomic import digest
from deeplift_genomics.windows.file import Windows, write_windows
from tests.conftest import ROOT
from tests.faults.helpers import kill_at, start_step, temporary
from tests.faults.test_disk import assert_refused, small_disk
from tests.scores.prediction_files import bpnet, measured, shards, windows_file

WRITE = """
import sys, time
from deeplift_genomics.scores.observed import Observer
from deeplift_genomics.scores.prediction_writer import PredictionWriter

def slowly(kind, name):
    def call(*arguments):
        print("comes to", name, flush=True)
        time.sleep(60 if name == sys.argv[1] else 0)
        return function(*arguments)
    function = getattr(kind, name)
    setattr(kind, name, call)

slowly(PredictionWriter, "close")
slowly(Observer, "finish")
from deeplift_genomics.cli import main
main(sys.argv[2:])
"""


@pytest.fixture(scope="module")
def joining(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command that joins shards and reads a signal, without its output."""
    folder = tmp_path_factory.mktemp("joining")
    files, _ = measured(folder)
    paths = shards(folder, bpnet(600), 2)
    windows = windows_file(folder, 600)
    return [
        *("predictions", *map(str, paths), "--windows", str(windows)),
        *("--signal", ",".join(map(str, files))),
    ]


@pytest.mark.parametrize("moment", ["close", "finish"])
def test_a_kill_leaves_the_old_file(joining: list[str], tmp_path: Path, moment: str) -> None:
    output = tmp_path / "predictions.h5"
    command = [*joining, "--output", str(output)]
    assert start_step(tmp_path, *command).wait() == 0
    before = digest(output)
    kill_at(moment, WRITE, moment, *command)
    assert digest(output) == before and temporary(output)
    assert start_step(tmp_path, *command).wait() == 0
    assert digest(output) == before and not temporary(output)


@pytest.fixture(scope="module")
def predicting(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the command that predicts some windows of the demo's model, without its output."""
    windows = tmp_path_factory.mktemp("predicting") / "windows.h5"
    n, length = 48, 500
    start, words = np.arange(n) * length, np.array(["."] * n, object)
    codes = np.random.default_rng(1).integers(0, 4, (n, length), dtype=np.int8)
    place = (np.array(["chr1"] * n, object), start, start + length, start + length // 2)
    write_windows(windows, Windows(*place, words, words, codes, {"window_length": length}))
    model = ROOT / "resources" / "demo" / "model.keras"
    return ["predict", str(model), "--windows", str(windows)]


@pytest.mark.parametrize("step", ["joining", "predicting"])
def test_a_full_disk(request: pytest.FixtureRequest, tmp_path: Path, step: str) -> None:
    with small_disk(tmp_path / "disk") as disk:
        output = disk.folder / "made.h5"
        command = [*request.getfixturevalue(step), "--output", output]
        disk.fill(8_192)
        assert_refused(start_step(tmp_path, *command, limit=disk.limit), output)
        disk.make_room()
        again = start_step(tmp_path, *command)
        assert again.wait() == 0, again.said
