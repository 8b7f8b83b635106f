"""The documents: docs/architecture.md lists the rooms in order, and what they name exists."""

import re
from pathlib import Path

import pytest
from snakemake.cli import get_argument_parser

from deeplift_genomics.cli import make_parser
from tests.conftest import ROOT
from tests.site.pages import PAGES, name
from tests.test_architecture import PACKAGE, ROOMS, WITH_TENSORFLOW

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
FOLDERS = [room for room in ROOMS if (PACKAGE / room).is_dir()]


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table below a heading, row by row, without its header."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def names_in(cell: str) -> list[str]:
    """Return the words in backticks."""
    return re.findall("`([^`]+)`", cell)


ROWS = {names_in(row[0])[0]: row for row in rows("Rooms")}


def test_the_table_lists_the_rooms_in_the_order_of_imports() -> None:
    assert list(ROWS) == FOLDERS


def test_the_table_lists_every_folder() -> None:
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(ROWS) == folders


@pytest.mark.parametrize("room", FOLDERS)
def test_the_modules_of_a_room_exist(room: str) -> None:
    modules = names_in(ROWS[room][2])
    assert modules
    missing = [name for name in modules if not (PACKAGE / room / f"{name}.py").is_file()]
    assert not missing


@pytest.mark.parametrize("room", FOLDERS)
def test_rooms_with_tensorflow_are_marked(room: str) -> None:
    expected = "when run" if room == "steps" else "yes" if room in WITH_TENSORFLOW else "no"
    assert ROWS[room][3] == expected


def test_the_places_to_find_exist() -> None:
    """Each place is names and files, and the names are in one of the files."""
    found = [names_in(row[1]) for row in rows("Where to find")]
    assert len(found) >= 5
    for names in found:
        files = [ROOT / name for name in names if "/" in name]
        assert files and all(file.is_file() for file in files), names
        texts = "".join(file.read_text("utf-8") for file in files)
        words = [name for name in names if "/" not in name]
        assert words and all(re.search(rf"\b{word}\b", texts) for word in words), names


def test_documents_link_to_files_that_exist() -> None:
    for path in PAGES:
        for link in re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text("utf-8")):
            if "://" not in link:
                assert (path.parent / link).exists(), (path.name, link)


# --- commands, options and files that the documents name -----------------------------------------

# of squeue, scancel, pip and rsync
OTHER_PROGRAMS = {"--me", "--name", "--no-deps", "--files-from"}
BENCHMARKS = {"--disturbed"}
OLD = {"--references"}  # in docs/decisions.md


def options_of_steps() -> dict[str, set[str]]:
    """Return the options of each step."""
    steps = next(action.choices for action in make_parser()._actions if action.choices)
    return {name: set(parser._option_string_actions) for name, parser in steps.items()}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_commands_and_options_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    steps = options_of_steps()
    assert set(re.findall(r"deeplift-genomics ([a-z]+)", text)) <= set(steps)
    known = set(get_argument_parser()._option_string_actions).union(*steps.values())
    named = set(re.findall(r"(?<![\w-])--[a-z][\w.-]*\w", text))
    assert named <= known | OTHER_PROGRAMS | BENCHMARKS | OLD
    for step, rest in re.findall(r"deeplift-genomics ([a-z]+)([^`\n]*)", text):
        assert set(re.findall(r"(?<![\w-])--[a-z][\w.-]*\w", rest)) <= steps[step]
    targets = set(re.findall(r"^([a-z.][\w./]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^|\$ )make ([a-z.][\w./]*)", text, re.MULTILINE)) <= targets
    for module in re.findall(r"python -m ([\w.]+\w)", text):
        place = ROOT / module.replace(".", "/")
        assert place.with_suffix(".py").is_file() or (place / "__main__.py").is_file(), module


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_files_of_the_project_exist(path: Path) -> None:
    tops = "benchmarks|config|docs|envs|profiles|resources|tests|workflow|" + "|".join(ROOMS)
    for file in re.findall(rf"`((?:{tops})/[\w./-]+)`", path.read_text("utf-8")):
        if "NAME" not in file and "ROOM" not in file and not file.startswith("benchmarks/."):
            assert (ROOT / file).exists() or (PACKAGE / file).exists(), file
