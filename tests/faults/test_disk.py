"""A full disk, and a folder that has become read-only."""

import os
import re
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deeplift_genomics.files.atomic import digest
from tests.faults.conftest import Project
from tests.faults.helpers import (
    LAST,
    RESULTS,
    SCORES,
    SHARD_FILES,
    TARGET,
    Run,
    assert_same,
    finish,
    scoring,
    start,
    start_step,
    temporary,
)

ROOMS = (8_192, 24_576)  # bytes left on a full disk: no complete result fits
ROOM_OF_A_RUN = 200_000  # for logs and, where the limit is on all files, a copy of the model


class Disk:
    """A small disk mounted on a folder, or, if mounting is not permitted, a limit on file sizes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self._filler = folder, folder / ".filler"
        folder.mkdir(parents=True, exist_ok=True)
        command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(folder)]
        self.mounted = succeeds(command)
        self.limit: Callable[[], None] | None = None

    def fill(self, room: int) -> None:
        if not self.mounted:
            self.limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
            return
        free = os.statvfs(self.folder)
        self._filler.write_bytes(bytes(free.f_bavail * free.f_bsize - room))

    def make_room(self) -> None:
        self._filler.unlink(missing_ok=True)
        self.limit = None

    def unmount(self) -> None:
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


def succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@contextmanager
def small_disk(folder: Path) -> Iterator[Disk]:
    disk = Disk(folder)
    try:
        yield disk
    finally:
        disk.unmount()


FULL = r"error: Cannot write .*{name}: (No space left on device|File too large)\. Nothing is left"


def assert_refused(run: Run, output: Path) -> None:
    assert run.wait() == 1, run.said
    assert re.search(FULL.format(name=re.escape(output.name)), run.said), run.said
    assert "Traceback" not in run.said
    assert not output.exists()
    assert not temporary(output)


CUT = ["--regions", "regions.narrowPeak", "--fasta", "genome.fa.gz"]
# the commands that write a file, without the option --output
STEPS: dict[str, list[object]] = {
    "windows.h5": ["regions", *CUT, "--model-info", RESULTS / "model.json"],
    SCORES.name: ["merge", "--target", TARGET, *SHARD_FILES],
}


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("name", STEPS)
def test_the_disk_is_full(undisturbed: Path, tmp_path: Path, name: str, room: int) -> None:
    with small_disk(tmp_path / "disk") as disk:
        output = disk.folder / name
        command = [*STEPS[name], "--output", output]
        if STEPS[name][0] == "regions":
            if not disk.mounted:
                pytest.skip(
                    "no disk can be mounted; a limit would hit the copy of the genome first"
                )
            command += ["--dropped", disk.folder / "dropped.tsv"]
        disk.fill(room)
        assert_refused(start_step(undisturbed, *command, limit=disk.limit), output)
        disk.make_room()
        again = start_step(undisturbed, *command)
        assert again.wait() == 0, again.said
        assert digest(output) == digest(undisturbed / RESULTS / name)


def test_the_disk_is_full_during_a_run(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute")
    (folder / RESULTS).rename(folder / "before")
    with small_disk(folder / "results") as disk:
        shutil.copytree(folder / "before", folder / RESULTS)
        disk.fill(ROOM_OF_A_RUN)
        run = start(folder, SCORES, limit=disk.limit)
        assert_refused(run, folder / LAST)
        disk.make_room()
        assert finish(folder, SCORES).count("rule attribute:") == 1
        assert_same(folder, undisturbed)


def test_the_temporary_folder_is_full(undisturbed: Path, tmp_path: Path) -> None:
    """Check a limit below the size of the model, which is copied to the temporary folder."""
    command = ["check", "model.keras", "--output", tmp_path / "model.json"]
    limit = (ROOMS[0], ROOMS[0])
    run = start_step(
        undisturbed, *command, limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    )
    assert run.wait() == 1
    assert "error: model.keras cannot be copied into the temporary folder" in run.said
    assert "Set TMPDIR" in run.said
    assert "Traceback" not in run.said


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Make a folder read-only, by whatever means is available."""
    bind = [["mount", "--bind", folder, folder], ["mount", "-o", "remount,ro,bind", folder]]
    ways: list[tuple[list[list[object]], list[object]]] = [
        ([["chmod", "a-w", folder]], ["chmod", "u+w", folder]),
        ([["chattr", "+i", folder]], ["chattr", "-i", folder]),
        (bind, ["umount", "--lazy", folder]),
    ]
    for close, reopen in ways:
        done = [succeeds([str(part) for part in command]) for command in close]
        try:
            if all(done) and not can_write(folder):
                yield
                return
        finally:
            if done[0]:
                subprocess.run([str(part) for part in reopen], check=True)
    pytest.skip("neither chmod, nor chattr +i, nor a read-only mount keeps this user from writing")


def can_write(folder: Path) -> bool:
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def test_the_folder_becomes_read_only_midway(project: Project, undisturbed: Path) -> None:
    folder = project("regions", "attribute")
    run = start(folder, SCORES)
    run.until(lambda: scoring(folder))
    with read_only((folder / LAST).parent):
        assert run.wait() == 1
        assert re.search(rf"error: Cannot write {LAST}: \w.*make the folder writable", run.said)
        again = start(folder, SCORES)
        assert again.wait() == 1
        assert re.search(rf"error: Cannot write {LAST}: ", again.said), again.said
        for said in (run.said, again.said):
            assert "Traceback" not in said
        assert not (folder / LAST).exists()
    assert finish(folder, SCORES).count("rule attribute:") == 1
    assert_same(folder, undisturbed)
