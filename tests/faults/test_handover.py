"""Logos, which several processes draw, workbook and page: nothing half-written after a fault."""

import json
import shutil
from pathlib import Path

import h5py
import psutil
import pytest

from tests.faults.helpers import has_ended, start_step, temporary, wait_for
from tests.faults.test_disk import assert_refused, small_disk
from tests.report.sample import MadeSample, make_sample

PATTERNS = 20  # enough for two processes


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> MadeSample:
    return make_sample(tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="module")
def motifs(sample: MadeSample, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = Path(shutil.copy(sample.path("motifs", "counts"), tmp_path_factory.mktemp("motifs")))
    with h5py.File(path, "a") as file:
        group = file["pos_patterns"]
        for number in range(len(group), PATTERNS):
            group.copy(group["pattern_0"], f"pattern_{number}")
    return path


def test_the_disk_is_full_while_logos_are_drawn(motifs: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        output = disk.folder / "logos"
        command = ["logos", "--motifs", motifs, "--threads", 2, "--output", output]
        disk.fill(8_192)
        assert_refused(start_step(tmp_path, *command, limit=disk.limit), output)


def test_logos_are_drawn_again_after_a_kill(motifs: Path, tmp_path: Path) -> None:
    output = tmp_path / "logos"
    command = ["logos", "--motifs", motifs, "--threads", 2, "--output", output]
    run = start_step(tmp_path, *command)
    wait_for(lambda: any(tmp_path.glob(".logos.*.tmp/*.png")))
    others = psutil.Process(run.process.pid).children(recursive=True)
    assert len(others) >= 2
    run.process.kill()
    run.wait()
    wait_for(lambda: all(map(has_ended, others)))
    assert not output.exists()
    again = start_step(tmp_path, *command)
    assert again.wait() == 0, again.said
    assert len(list(output.iterdir())) == (PATTERNS + 1) * 18
    assert not temporary(output)


def test_a_killed_process_is_named(motifs: Path, tmp_path: Path) -> None:
    output = tmp_path / "logos"
    command = ["logos", "--motifs", motifs, "--threads", 2, "--output", output]
    run = start_step(tmp_path, *command)
    wait_for(lambda: any(tmp_path.glob(".logos.*.tmp/*.png")))
    for process in psutil.Process(run.process.pid).children():
        if "spawn_main" in " ".join(process.cmdline()):
            process.kill()
            break
    assert run.wait() == 1
    assert "error: One of 2 processes at work was killed" in run.said
    assert "Traceback" not in run.said
    assert not output.exists() and not temporary(output)


def test_the_disk_is_full_while_the_workbook_is_written(sample: MadeSample, tmp_path: Path) -> None:
    configuration = json.dumps({"config": sample.config, "sample": sample.row})
    with small_disk(tmp_path / "disk") as disk:
        results = disk.folder / "results"
        shutil.copytree(sample.results, results)
        files = [results / "demo" / name for name in ("motifs.xlsx", "motifs.meme")]
        command = ["workbook", "--configuration", configuration]
        command += ["--output", files[0], "--meme", files[1]]
        disk.fill(8_192)
        assert_refused(start_step(tmp_path, *command, limit=disk.limit), files[0])
        assert not files[1].exists() and not temporary(files[1])
        disk.make_room()
        again = start_step(tmp_path, *command)
        assert again.wait() == 0, again.said
        assert all(file.stat().st_size > 500 for file in files)


@pytest.mark.parametrize("room", [0, 8_192])
def test_the_disk_is_full_while_a_page_is_written(
    sample: MadeSample, tmp_path: Path, room: int
) -> None:
    with small_disk(tmp_path / "disk") as disk:
        folder = disk.folder / "results" / sample.folder.name
        folder.mkdir(parents=True)
        for path in sample.folder.iterdir():
            (folder / path.name).symlink_to(path)
        output = folder / "report.html"
        output.unlink(missing_ok=True)
        both = {"config": sample.config, "sample": sample.row}
        command = ["report", "--configuration", json.dumps(both), "--output", output]
        disk.fill(room)
        assert_refused(start_step(tmp_path, *command, limit=disk.limit), output)
        disk.make_room()
        again = start_step(tmp_path, *command)
        assert again.wait() == 0, again.said
        assert output.stat().st_size > 100_000
