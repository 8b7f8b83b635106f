"""Outputs appear when they are complete, and never replace files of somebody else."""

import os
import re
import time
from pathlib import Path

import pytest

from deeplift_genomics.errors import DiskError, InputError
from deeplift_genomics.files.atomic import atomic_folder, atomic_path

OURS = re.compile(r"logo_\d\.png")


def names(folder: Path) -> list[str]:
    return sorted(item.name for item in folder.iterdir())


def fill(path: Path) -> None:
    with atomic_folder(path, OURS) as folder:
        (folder / "logo_2.png").write_text("new")


@pytest.mark.parametrize(
    "before", [None, [], ["logo_1.png"], ["logo_1.png", ".snakemake_timestamp"]]
)
def test_a_folder_of_ours_is_replaced(tmp_path: Path, before: list[str] | None) -> None:
    path = tmp_path / "logos"
    if before is not None:
        path.mkdir()
        for name in before:
            (path / name).write_text("old")
    fill(path)
    assert names(path) == ["logo_2.png"]
    assert names(tmp_path) == ["logos"]


@pytest.mark.parametrize(
    "name", ["thesis.txt", "counts.scores.h5", "xlogo_1.png", "logo_1.png.bak"]
)
def test_other_things_are_left_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / "precious"
    path.mkdir()
    for each in (name, "logo_1.png"):
        (path / each).write_text("old")
    with pytest.raises(InputError, match=re.escape(name)):
        fill(path)
    assert {each: (path / each).read_text() for each in names(path)} == {
        name: "old",
        "logo_1.png": "old",
    }
    assert names(tmp_path) == ["precious"]


def test_what_comes_while_we_work_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "logos"
    with pytest.raises(InputError, match=r"late\.txt"), atomic_folder(path, OURS) as folder:
        (folder / "logo_2.png").write_text("new")
        path.mkdir()
        (path / "late.txt").write_text("mine")
    assert names(path) == ["late.txt"]
    assert names(tmp_path) == ["logos"]


def test_subfolders_and_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a" / "logo_1.png").mkdir(parents=True)
    with pytest.raises(InputError, match=r"logo_1\.png"):
        fill(tmp_path / "a")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="a file of that name"):
        fill(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(InputError, match="it is a folder"), atomic_path(tmp_path / "a"):
        pass


def test_the_folder_one_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "mine.txt").write_text("old")
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(InputError, match=r"mine\.txt"):
        fill(Path())
    assert names(tmp_path / "here") == ["mine.txt"]


def test_a_failure_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "logos"
    fill(path)
    with pytest.raises(ZeroDivisionError), atomic_folder(path, OURS) as folder:
        (folder / "logo_3.png").write_text(str(1 / 0))
    assert names(path) == ["logo_2.png"]
    assert names(tmp_path) == ["logos"]


DAY = 24 * 3600  # seconds


@pytest.mark.parametrize(
    ("name", "age", "goes"),
    [
        (".a.h5.0123abcd.tmp.h5", 0, True),  # a killed process left it for this output
        (".b.h5.0123abcd.tmp.h5", 6 * DAY, False),  # of another output, which may still be written
        (".b.h5.0123abcd.tmp.h5", 8 * DAY, True),
        (".logos.0123abcd.old", 8 * DAY, True),
        (".b.h5.0123abcd.tmp", 8 * DAY, False),  # not ours: our names repeat the suffix
        (".b.h5.backup.tmp.h5", 8 * DAY, False),
        ("b.h5.0123abcd.tmp.h5", 8 * DAY, False),
        ("b.h5", 8 * DAY, False),
    ],
)
@pytest.mark.parametrize("is_folder", [False, True])
def test_what_killed_processes_left(
    tmp_path: Path, name: str, age: int, goes: bool, is_folder: bool
) -> None:
    left = tmp_path / name
    left.mkdir() if is_folder else left.touch()
    os.utime(left, (time.time() - age,) * 2)
    with atomic_path(tmp_path / "a.h5") as temporary:
        temporary.write_text("new")
    assert names(tmp_path) == sorted(["a.h5", *([] if goes else [name])])


def test_of_two_that_write_one_file_the_later_has_its_way(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with pytest.raises(DiskError, match="another process has begun"), atomic_path(path) as first:
        first.write_text("first")
        with atomic_path(path) as second:
            second.write_text("second")
    assert path.read_text() == "second"
    assert names(tmp_path) == ["a.txt"]


def test_of_two_that_write_one_folder_the_later_has_its_way(tmp_path: Path) -> None:
    path = tmp_path / "logos"
    with pytest.raises(DiskError, match="another process"), atomic_folder(path, OURS) as first:
        (first / "logo_1.png").write_text("first")
        fill(path)
    assert names(path) == ["logo_2.png"]
    assert names(tmp_path) == ["logos"]


def test_an_error_of_another_file_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_path(tmp_path / "a.txt"):
        (tmp_path / "missing.txt").read_text()
    assert names(tmp_path) == []
