"""The tutorial is followed word by word; then the Python of the how-to pages reads its results."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.site.follow import Reader, agrees, alike
from tests.site.pages import DOCS, blocks, name

HOW_TO = sorted((DOCS / "howto").glob("*.md"))
NOT_OF_THE_TUTORIAL = {"folds"}  # its example needs folds


@pytest.mark.parametrize(
    ("shown", "found", "expected"),
    [
        ("a 1", "a 1", True),
        ("a 1", "b 1", False),
        ("a 100", "a 104", True),
        ("a 100", "a 106", False),
        ("a  1", "a 1", True),
        ("a\n...\nd", "a\nb\nc\nd", True),
        ("a\n...", "a\nb", True),
        ("a\n...\nd", "a\nb\nc", False),
        ("a", "a\nb", False),
        ("", "", True),
        ("", "a", False),
        ("...", "", True),
    ],
)
def test_what_agrees(shown: str, found: str, expected: bool) -> None:
    assert agrees(shown, found) is expected


def test_numbers_may_differ_and_signs_may_not() -> None:
    assert alike("r = -0.91, 1,020 windows", "r = -0.92, 1,010 windows")
    assert not alike("r = -0.91", "r = 0.91")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, list[str]]]:
    """Return the folder in which the tutorial ends, and what differs from the page."""
    reader = Reader(tmp_path_factory.mktemp("tutorial"))
    wrong = [
        f"$ {command}\n--- shown\n{shown}\n--- found\n{found}"
        for command, shown, found in reader.follow(DOCS / "tutorial.md")
        if not agrees(shown, found)
    ]
    yield reader.folder, wrong


def test_the_tutorial_and_then_the_python_of_the_how_to_pages(
    followed: tuple[Path, list[str]],
) -> None:
    """Both are one test, so that one process follows the tutorial, once."""
    folder, wrong = followed
    assert not wrong, "\n\n".join(wrong)
    pages = {
        name(page): "\n".join(block.text for block in blocks(page) if block.language == "python")
        for page in HOW_TO
        if page.stem not in NOT_OF_THE_TUTORIAL
    }
    assert sum(map(bool, pages.values())) >= 3
    code = "\n".join(
        f"exec(compile({text!r}, {page!r}, 'exec'), {{}})" for page, text in pages.items()
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]
