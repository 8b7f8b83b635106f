"""The architecture: rooms import one way, TensorFlow stays in its rooms, modules stay small."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "deeplift_genomics"
# a room may import the rooms before it
ROOMS = [
    "errors", "version", "places", "files", "settings", "dna", "windows", "views", "graph",
    "models", "lambdas", "engine", "attribution", "scores", "motifs", "instances", "effects",
    "cohort", "browsers", "evaluation", "design", "alleles", "planning", "record", "report",
    "handover", "comparison", "ranking", "alleles_page", "starting", "steps", "cli", "__main__",
]  # fmt: skip
WITH_TENSORFLOW = {
    "graph", "models", "lambdas", "engine", "attribution", "effects", "evaluation", "design",
    "alleles",
}  # fmt: skip
# modules of those rooms that the other rooms may import
WITHOUT_TENSORFLOW = {"models.files", "models.info"}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def room_of(module: str) -> str:
    return module.split(".")[0]


def imported(path: Path) -> set[str]:
    """Return the package's modules that a file imports anywhere, named without the package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    own = {name.removeprefix("deeplift_genomics.") for name in names}
    return own & set(MODULES)


def test_every_module_is_in_a_room() -> None:
    assert {room_of(name) for name in MODULES} - {"__init__"} == set(ROOMS)


def test_every_room_has_its_tests() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if (path / "__init__.py").exists()}
    rooms = {room for room in ROOMS if (PACKAGE / room).is_dir()}
    assert folders == rooms | {"workflow", "faults", "fuzz", "cluster", "browser", "site"}


@pytest.mark.parametrize("name", sorted(set(MODULES) - {"__init__"}))
def test_rooms_import_one_way(name: str) -> None:
    before = set(ROOMS[: ROOMS.index(room_of(name)) + 1])
    assert {room_of(other) for other in imported(MODULES[name])} <= before


def circles(edges: dict[str, set[str]]) -> list[str]:
    """Return the modules that import themselves through others."""

    def reached(name: str) -> set[str]:
        found: set[str] = set()
        waiting = set(edges.get(name, ()))
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting |= edges.get(other, set())
        return found

    return [name for name in edges if name in reached(name)]


def test_circles_are_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c"]
    assert circles({"a": {"b", "c"}, "b": {"c"}}) == []


@pytest.mark.parametrize("room", [room for room in ROOMS if (PACKAGE / room).is_dir()])
def test_no_circles_inside_a_room(room: str) -> None:
    inside = {name for name in MODULES if room_of(name) == room}
    assert circles({name: imported(MODULES[name]) & inside - {name} for name in inside}) == []


@pytest.mark.parametrize("room", [room for room in ROOMS if (PACKAGE / room).is_dir()])
def test_the_init_of_a_room_is_a_docstring(room: str) -> None:
    tree = ast.parse((PACKAGE / room / "__init__.py").read_text())
    assert len(tree.body) == 1
    docstring = ast.get_docstring(tree)
    assert docstring is not None
    assert re.search(r"[Ii]mports", docstring), "say what the room may import"


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in WITH_TENSORFLOW])
def test_tensorflow_stays_in_its_rooms(room: str) -> None:
    inside = [name for name in MODULES if room_of(name) == room and name != "__main__"]
    for name in inside:
        assert not re.search(
            r"^\s*(import|from) (tensorflow|keras)", MODULES[name].read_text(), re.M
        )
    lines = [f"import deeplift_genomics.{name}" for name in inside]
    code = "\n".join([*lines, "import sys", "assert 'tensorflow' not in sys.modules"])
    subprocess.run([sys.executable, "-c", code], check=True)


def test_public_names_are_those_promised() -> None:
    package = import_module("deeplift_genomics")
    for name in (
        "attribute",
        "attribute_outputs",
        "dinucleotide_shuffle",
        "explain",
        "load_model",
        "one_hot",
        "read_effects",
        "read_instances",
        "read_predictions",
        "read_oligos",
        "read_outputs",
        "read_patterns",
        "read_scores",
    ):
        assert callable(getattr(package, name))
        assert name in package.__all__
    assert package.Scores.__name__ == "Scores"
    assert isinstance(package.__version__, str)
    assert sorted(dir(package)) == sorted(package.__all__)
    with pytest.raises(AttributeError, match="no attribute 'shap'"):
        _ = package.shap


def functions(path: Path) -> Iterator[tuple[ast.FunctionDef, str]]:
    """Yield the functions of a file, each with the comment right above it."""
    lines = path.read_text().splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.FunctionDef):
            row = min([node.lineno, *(item.lineno for item in node.decorator_list)]) - 2
            comment = []
            while row >= 0 and lines[row].lstrip().startswith("#"):
                comment.append(lines[row].strip(" #"))
                row -= 1
            yield node, " ".join(reversed(comment))


def test_modules_and_functions_stay_small() -> None:
    """An exception gives its reason in a comment: "Longer than 300 (or 40) lines: ..."."""
    for path in MODULES.values():
        text = path.read_text()
        if len(text.splitlines()) > 300:
            assert re.search(r"^# Longer than 300 lines: \w", text, re.MULTILINE), path
        for node, comment in functions(path):
            assert node.end_lineno is not None
            body = node.end_lineno - node.body[0].lineno + 1
            docstring = ast.get_docstring(node, clean=False)
            body -= docstring.count("\n") + 1 if docstring else 0
            if body > 40:
                assert "Longer than 40 lines: " in comment, (path, node.name, body)


def test_functions_take_most_parameters_by_keyword() -> None:
    """An exception gives its reason in a comment: "Positional: ..."."""
    for path in MODULES.values():
        for node, comment in functions(path):
            names = [item.arg for item in (*node.args.posonlyargs, *node.args.args)]
            if len([name for name in names if name not in ("self", "cls")]) > 4:
                assert "Positional: " in comment, (path, node.name, names)


def test_the_engine_starts_without_packages_that_scoring_does_not_need() -> None:
    code = """if True:
        import sys
        from deeplift_genomics.graph.lean_start import OPTIONAL, start_engine
        start_engine()
        assert "tensorflow" in sys.modules
        assert not set(OPTIONAL) & set(sys.modules), set(OPTIONAL) & set(sys.modules)
        import matplotlib, pandas, scipy
    """
    subprocess.run([sys.executable, "-c", code], check=True)
