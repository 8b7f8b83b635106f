"""Outputs appear when complete, and nothing of anybody else's is removed for them."""

import re
from pathlib import Path

import pytest

from deeplift_genomics.errors import InputError
from deeplift_genomics.files import atomic_folder, atomic_path

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
