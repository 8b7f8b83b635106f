"""The recipes of CONTRIBUTING.md name places that exist, and are short; the one for a target."""

import re

from deeplift_genomics.attribution import targets
from deeplift_genomics.attribution.targets import TARGETS
from deeplift_genomics.report.words import WORDS
from deeplift_genomics.settings.target_names import PROFILE_KINDS, TARGET_KINDS
from tests.conftest import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text()
RECIPES = dict(re.findall(r"^### ([^\n]+)\n(.*?)(?=^##)", TEXT, re.MULTILINE | re.DOTALL))


def test_there_is_a_recipe_for_each_thing_one_may_add() -> None:
    assert list(RECIPES) == [
        "An operation",
        "A target",
        "A method",
        "A setting",
        "A step with an output file",
        "A section of the report",
        "A format to export",
        "A warning",
    ]


def test_a_recipe_is_short_and_ends_with_its_tests() -> None:
    for title, body in RECIPES.items():
        lines = [line for line in body.strip().splitlines() if line]
        assert len(lines) <= 16, title
        assert lines[-1].startswith("Tests: "), title


def test_recipes_name_files_that_exist() -> None:
    for title, body in RECIPES.items():
        for path in re.findall(r"`([\w/.]+\.\w+)`", body):
            if "NAME" not in path:
                places = (ROOT / path, ROOT / "deeplift_genomics" / path)
                assert any(place.exists() for place in places), (title, path)


def test_recipes_name_tables_that_exist() -> None:
    rooms = ("deeplift_genomics", "tests")
    texts = "".join(path.read_text() for room in rooms for path in ROOT.glob(f"{room}/**/*.py"))
    for title, body in RECIPES.items():
        for name in set(re.findall(r"`([A-Z][A-Z_]+)`", body)) - {"NAME", "FILE"}:
            assert re.search(rf"^{name}\b", texts, re.MULTILINE), (title, name)


def test_messages_name_recipes_that_exist() -> None:
    texts = "".join(path.read_text() for path in ROOT.glob("deeplift_genomics/**/*.py"))
    named = re.findall(r"CONTRIBUTING\.md, '([^']+)'", texts)
    assert named
    assert set(named) <= set(RECIPES)


def test_a_target_is_complete() -> None:
    """Its kind is in every table that lists them: two of the code, and a row of each text."""
    assert set(TARGETS) == set(TARGET_KINDS) == set(WORDS)
    assert {kind for kind in TARGETS if TARGETS[kind].head == "profile"} == set(PROFILE_KINDS)
    for text, before in (
        (targets.__doc__, "^"),
        ((ROOT / "docs" / "methods.md").read_text(), r"^\| `"),
        ((ROOT / "config" / "README.md").read_text(), r"^\|[^|]*`"),
    ):
        rows = [rf"{before}{kind}(?![\w-])" for kind in TARGET_KINDS]
        assert [row for row in rows if not re.search(row, text, re.MULTILINE)] == []
