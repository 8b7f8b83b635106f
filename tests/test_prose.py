"""The docstrings of functions begin with a verb, those of classes with a noun."""

import ast
import doctest
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.site.pages import PAGES

PACKAGE = ROOT / "deeplift_genomics"
# the imperative verbs with which the docstring of a function may begin; add one that is missing
VERBS = set(
    re.findall(
        r"\w+",
        """
        Add Answer Append Apply Ask Average Bring Build Call Carry Cast Change Check Choose
        Close Cluster Collect Compare Compile Compute Convert Copy Correlate Count Cut
        Decide Decode Define Describe Design Digest Divide Draw Drop Encode Evaluate Explain
        Fill Find Follow Forecast Format Freeze Give Group Import Index Join Keep Leave
        Limit List Load Log Look Make Map Mark Match Measure Merge Move Multiply Name Note
        Open Pad Parse Plan Print Publish Put Raise Read Record Refuse Remove Rename Reorder
        Repeat Replace Report Rescale Return Reverse Rewrite Run Scale Score Scramble Set
        Shorten Show Shuffle Sort Split Spread Start Stop Store Sum Summarise Take Tell
        Translate Treat Turn Undo Unpack Use Visit Wait Walk Warn Watch Wrap Write Yield
        """,
    )
)


def docstrings() -> Iterator[tuple[str, ast.AST, str]]:
    """Yield place, node and first word of each docstring of a function or class."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                text = ast.get_docstring(node)
                if text:
                    place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                    yield place, node, text.split()[0].rstrip(",;:")


def is_property(node: ast.AST) -> bool:
    """Whether a function is a property, whose docstring names what it is."""
    return isinstance(node, ast.FunctionDef) and any(
        "property" in ast.unparse(item) for item in node.decorator_list
    )


def test_functions_begin_with_a_verb() -> None:
    wrong = [
        f"{place}: {word}"
        for place, node, word in docstrings()
        if isinstance(node, ast.FunctionDef) and not is_property(node) and word not in VERBS
    ]
    assert not wrong, "not in VERBS:\n" + "\n".join(wrong)


def test_classes_do_not_begin_with_a_verb() -> None:
    wrong = [
        f"{place}: {word}"
        for place, node, word in docstrings()
        if isinstance(node, ast.ClassDef) and word in VERBS
    ]
    assert not wrong, "\n".join(wrong)


PROSE = [*PAGES, ROOT / "CHANGELOG.md"]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.name)
def test_documents_use_the_words_of_the_field(path: Path) -> None:
    text = path.read_text()
    for phrase in ("stands in the", "lies in the", "what is kept of", "Of samples whose"):
        assert phrase not in text


WITH_EXAMPLES = [path for path in sorted(PACKAGE.rglob("*.py")) if ">>> " in path.read_text()]


# such examples are run on the demo's results, in tests/workflow/test_examples.py
NEEDS_FILES = re.compile("(results|resources)/demo/")


@pytest.mark.parametrize("path", WITH_EXAMPLES, ids=lambda path: path.stem)
def test_examples_in_docstrings_are_right(path: Path) -> None:
    module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    runner, found = doctest.DocTestRunner(), doctest.DocTestFinder().find(module)
    for test in found:
        if not NEEDS_FILES.search(test.docstring or ""):
            runner.run(test)
    assert any(test.examples for test in found) and not runner.failures
