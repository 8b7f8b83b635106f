"""The page docs/coverage.md: it is rendered from the stored outcomes, and ours are right."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[1] / "benchmarks" / "coverage"


@pytest.fixture(scope="module")
def render() -> ModuleType:
    specification = importlib.util.spec_from_file_location("render", FOLDER / "render.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_page_is_rendered_from_the_outcomes(render: ModuleType) -> None:
    assert render.PAGE.read_text("utf-8") == render.page()


def test_ours_are_right_or_refused(render: ModuleType) -> None:
    outcomes = json.loads((FOLDER / "results" / "ours.json").read_text("utf-8"))["tools"]["ours"]
    assert {render.verdict(outcome) for outcome in outcomes.values()} == {"right", "refused"}


def test_bpreveal_is_silent_where_it_is_wrong(render: ModuleType) -> None:
    """It has no check of the sum: swish and log-sum-exp are wrong without a sign."""
    outcomes = json.loads((FOLDER / "results" / "bpreveal.json").read_text("utf-8"))["tools"]
    verdicts = {name: render.verdict(each) for name, each in outcomes["bpreveal"].items()}
    assert set(verdicts.values()) == {"right", "wrong, silent", "fails"}
    assert verdicts["swish (SiLU)"] == verdicts["logsumexp"] == "wrong, silent"
    assert verdicts["residual, dilated (BPNet's body)"] == "right"
    assert f"| BPReveal | {list(verdicts.values()).count('right')} |" in render.page()


@pytest.mark.parametrize(
    ("outcome", "verdict", "text"),
    [
        ({"error": 3.2e-7}, "right", "right: 3e-7"),
        ({"error": 0.0009}, "right", "right: 9e-4"),
        ({"error": 0.0011}, "wrong, silent", "**wrong, silent: 0.001**"),
        ({"error": "nan"}, "wrong, silent", "**wrong, silent: nan**"),
        ({"error": 1.6e-7, "warned": "…"}, "right", "right: 2e-7"),
        ({"error": 23.0, "warned": "…"}, "wrong, warns", "wrong, warns: 20"),
        ({"error": 0.5, "warned": "…", "raised": "…"}, "wrong, raises", "wrong, raises: 0.5"),
        ({"refused": "While (no rule for this operation)"}, "refused", "refused: `While`"),
        ({"failed": "KeyError: a b"}, "fails", "fails: KeyError, a b …"),
    ],
)
def test_cells(render: ModuleType, outcome: dict, verdict: str, text: str) -> None:
    assert render.verdict(outcome) == verdict
    assert render.cell(outcome) == text
